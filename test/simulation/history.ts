import type { EventDraft, JsonObject } from '../../local/contract.ts';
import type { Announcement } from '../../shared/domain/announcement.ts';
import type { EcsEffect } from '../../shared/domain/effects.ts';
import type { OperatorAnswer, OperatorRequest } from '../../shared/domain/operator.ts';
import type { AppState } from '../../shared/domain/state.ts';
import type { Coverage } from './coverage.ts';
import type { Push } from './script.ts';
import type { OpenShift, Truth } from './seen.ts';

/** What happened in a run, in its order: what the judge reads. Times are epoch milliseconds. */
export interface History {
  readonly pushes: (Push & { readonly at: number; readonly digest: string })[];
  /** Calls that changed something, as they were applied. */
  readonly changes: Change[];
  /** Calls for an effect that AWS denied. */
  readonly denials: { readonly at: number; readonly by: By }[];
  /** What ECS and ECR emitted, whether it arrived or not. */
  readonly emitted: (EventDraft & { readonly at: number })[];
  /** Those of them that never arrived. */
  readonly lost: (EventDraft & { readonly at: number })[];
  /** When Fairway saved that it has listed an app's repository, and when that listing began. */
  readonly listings: { readonly at: number; readonly app: string; readonly listedAt: number }[];
  /** Every state that was saved. */
  readonly saves: { readonly at: number; readonly by: string; readonly state: AppState }[];
  readonly told: { readonly at: number; readonly channel: string; readonly announcement: Announcement }[];
  readonly operators: {
    /** The invocation that was asked. */
    readonly by: string;
    readonly askedAt: number;
    /** When the answer came. */
    readonly at: number;
    readonly request: OperatorRequest;
    readonly answer?: OperatorAnswer;
  }[];
  /** What ECS ran when each release was saved as ended, by the release's id. */
  readonly ends: Map<string, { readonly at: number; readonly truth: Truth }>;
  /** Where people or the adversary did something else, and what functions logged. */
  readonly lines: { readonly at: number; readonly text: string }[];
  /** Where two functions performed effects of one app at once. */
  readonly overlaps: string[];
  /** Calls by operation. */
  readonly calls: Map<string, number>;
  readonly coverage: Coverage;
  /** What came while traffic shifted: "CANARY × BAKE_TIME × lost an answer", and how often. */
  readonly shifted: Map<string, number>;
  /** The deployment of the service that a release failed for, when that was saved, by the release's id. */
  readonly failedShifts: Map<string, OpenShift>;
  /** When functions read the weights of a rule. */
  readonly weightLooks: WeightLook[];
}

/** What Fairway could see of a service's traffic while nothing shifted it. */
export interface WeightLook {
  readonly at: number;
  /** ID of the release that was open. */
  readonly release: string;
  readonly service: string;
  /** Whether production pointed at what ran. */
  readonly isRight: boolean;
}

export interface Change {
  readonly at: number;
  /** Absent: a person's. */
  readonly by?: By;
  readonly operation: string;
  readonly input: JsonObject;
  readonly output: JsonObject;
  /** Of a person's change: the service that it was about. */
  readonly service?: string;
  /** Of UpdateService: the service's PRIMARY before the call. */
  readonly primary?: string;
  /** Of UpdateService: the deployment whose traffic was shifting then. */
  readonly shift?: OpenShift;
}

/** On whose behalf a function called. */
export interface By {
  readonly invocation: string;
  readonly app: string;
  readonly effect: EcsEffect;
  /** 0: certainly the first time. */
  readonly attempt: number;
}

export function emptyHistory(): History {
  return {
    pushes: [],
    changes: [],
    denials: [],
    emitted: [],
    lost: [],
    listings: [],
    saves: [],
    told: [],
    operators: [],
    ends: new Map(),
    lines: [],
    overlaps: [],
    calls: new Map(),
    coverage: new Set(),
    shifted: new Map(),
    failedShifts: new Map(),
    weightLooks: [],
  };
}
