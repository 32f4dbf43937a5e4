import type { AlertEnd, AlertKind, AlertRelease, AlertRuns } from './alert.ts';
import type { Image, ImageName } from './image.ts';
import type { LogTail } from './logs.ts';
import type { PublishedOutcome, PublishedRollout, PublishedStepKind } from './publishedNames.ts';
import type { Cause, Step, StepRecord, Trigger } from './release.ts';
import type { RunOutcome, RunTrigger } from './run.ts';

/** What people are notified of, as facts. `announce/` composes the message. All times are epoch milliseconds. */
export type Announcement = ReleaseAnnouncement | RunAnnouncement | AlertAnnouncement | AppAnnouncement;

/** What every message names. */
interface Place {
  readonly app: string;
  readonly environment: string;
  readonly account: string;
  readonly region: string;
  readonly cluster: string;
}

/** The story of one release so far. Announced again whenever it changes. */
export interface ReleaseAnnouncement extends Place {
  readonly kind: 'release';
  readonly releaseId: string;
  readonly release: number;
  readonly image: Image;
  readonly previous?: ImageName;
  readonly trigger: Trigger;
  readonly startedAt: number;
  /** When these facts were true: elapsed time is `at - startedAt`. */
  readonly at: number;
  readonly step: Step;
  readonly steps: readonly StepFact[];
  readonly services: readonly ServiceFact[];
  readonly notes: readonly string[];
  readonly failure?: {
    readonly service?: string;
    readonly task?: string;
    readonly cause: Cause;
    readonly tail?: LogTail;
    readonly requestId?: string;
  };
  readonly outcome?: { readonly kind: PublishedOutcome; readonly reason: string };
  /** Set when the app is held, by this release or by a person. */
  readonly hold?: HoldFact;
}

/** A step of a release, by the name of its kind in messages. */
export type StepFact = Omit<StepRecord, 'kind'> & { readonly kind: PublishedStepKind };

export interface ServiceFact {
  readonly service: string;
  readonly state: PublishedRollout;
  readonly running: number;
  readonly desired: number;
  /** Revision as `family:number`. */
  readonly from?: string;
  readonly to?: string;
  /** What runs now, when a failure was looked up: "web-app:11 at 3/3 tasks". */
  readonly runs?: string;
  /** "100% of the traffic, baking until 12:40 UTC". */
  readonly progress?: string;
}

/** Something about an app outside a release: a hold, a resume, a foreign deployment, a push without an outcome. */
export interface AppAnnouncement extends Place {
  readonly kind: 'app';
  readonly at: number;
  /** "held", "resumed", "adopted", "foreignDeployment". */
  readonly topic: string;
  readonly severity: 'info' | 'warning' | 'failure';
  readonly sentence: string;
  readonly hold?: HoldFact;
  readonly lists?: readonly { readonly title: string; readonly items: readonly string[] }[];
}

/** How a run of a task ended. */
export interface RunAnnouncement extends Place {
  readonly kind: 'run';
  readonly at: number;
  readonly task: string;
  readonly runId: string;
  readonly trigger: RunTrigger;
  readonly outcome: RunOutcome;
  /** A sentence without its first word: "it exited with code 0". */
  readonly reason: string;
  readonly cause?: Cause;
  readonly exitCode?: number;
  readonly image?: ImageName;
  /** `family:revision`. */
  readonly revision?: string;
  /** First the tasks that explain the outcome. */
  readonly taskArns: readonly string[];
  readonly askedAt: number;
  readonly startedAt?: number;
  readonly endedAt: number;
  /** Why the attempts before the last one ended, oldest first. */
  readonly earlier: readonly string[];
  readonly tail?: LogTail;
  /** Number of the earlier attempt whose lines these are, from 1; absent: they are those of the last one. */
  readonly tailOf?: number;
}

/** A service that fails outside of a release. Announced again while it lasts. */
export interface AlertAnnouncement extends Place {
  readonly kind: 'alert';
  readonly alertId: string;
  readonly service: string;
  readonly trouble: AlertKind;
  readonly cause: Cause;
  /** Why the newest task stopped, where the cause is another one. */
  readonly lately?: Cause;
  /** Stopped tasks, or reports of ECS where no task stops. */
  readonly count: number;
  /** `count` is not all of them. */
  readonly more?: boolean;
  /** Stopped tasks by kind of cause. */
  readonly tasks: Readonly<Record<string, number>>;
  /** What the service ran when ECS was last asked. */
  readonly runs?: AlertRuns;
  /** The release that was open when it began, or else the last one. */
  readonly release?: AlertReleaseFact;
  readonly firstAt: number;
  readonly lastAt: number;
  /** When these facts were true. */
  readonly at: number;
  /** Set when it is over. */
  readonly end?: AlertEnd;
}

export type AlertReleaseFact = Omit<AlertRelease, 'state'> & { readonly state: 'open' | PublishedOutcome };

export interface HoldFact {
  readonly by: string;
  readonly reason: string;
  readonly at: number;
  readonly requestId?: string;
}
