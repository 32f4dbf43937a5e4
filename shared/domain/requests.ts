import type { AlertKind } from './alert.ts';
import type { Network, TaskCapacity } from './app.ts';
import type { Image, ImageName } from './image.ts';
import type { Launch } from './launch.ts';
import type { Finding } from './listing.ts';
import type { Cause, Trigger } from './release.ts';
import type { LedgerEntry } from './summaries.ts';

/**
 * What each kind of effect asks for, as references: small enough for the app's item. Times are epoch milliseconds.
 * `effects.ts` says the rest of each kind.
 */
export interface Requests {
  readonly adopt: {
    readonly services: readonly string[];
    /** When it was first asked for, where it is asked for again until what runs is known. */
    readonly since?: number;
  };
  readonly inspectImage: {
    /** Why it does not start, whichever image the answer shows: a person has discarded the push meanwhile. */
    readonly discarded?: string;
    /** A tag, a digest, or nothing: then the newest image that counts. */
    readonly tag?: string;
    readonly digest?: string;
    readonly trigger: Trigger;
    readonly source: 'event' | 'sweep' | 'operator';
    /** When the push was, as its event says: the image itself may have been in ECR for long. */
    readonly at?: number;
    /** What a listing shows of a push whose event did not come. */
    readonly found?: Finding;
  };
  readonly lookAtServices: {
    readonly services: readonly string[];
  };
  readonly readBases: {
    readonly bases: readonly BaseRequest[];
  };
  readonly register: {
    readonly base: string;
    /** What the revision is for: "service:web-app", "task:db-migrate". */
    readonly for: readonly string[];
    readonly containers: readonly string[];
    /** The base was chosen for being the newest of its family: the new revision says so in a tag. */
    readonly latest: boolean;
    /** Tags of the new revision are made from these. */
    readonly image: Image;
    readonly releaseId: string;
    readonly release: number;
  };
  readonly lookAtTask: {
    readonly taskArn: string;
  };
  readonly stopTask: {
    readonly taskArn: string;
    readonly reason: string;
  };
  readonly updateService: {
    readonly service: string;
    readonly revision: string;
    /** PRIMARY when the release began: a repeat sends only while it is still that one. */
    readonly expected: string;
    /** When ECS had last changed it: changed since, it may be what ECS has rolled ours back to. */
    readonly expectedAt?: number;
    /** Of a service whose deployments shift traffic: no service deployment of ours is older. */
    readonly since?: number;
    /** Further members of UpdateService, as the text of a JSON object. */
    readonly settings?: string;
  };
  /** How far deployments that shift traffic, or that wait for a person, have come. */
  readonly lookAtShifts: {
    readonly shifts: readonly ShiftRequest[];
  };
  /** A person has decided about a pause. */
  readonly answerPause: {
    readonly service: string;
    readonly deployment: string;
    readonly hook: string;
    readonly action: 'CONTINUE' | 'ROLLBACK';
    readonly who: string;
  };
  /** Who or what ended our deployment, where its reasons do not say, or no look shows it. */
  readonly readServiceDeployments: {
    readonly service: string;
    /** No service deployment that matters is older. */
    readonly since: number;
    /** Why DescribeServices takes it for ended; absent: that is the question. */
    readonly words?: readonly string[];
    /** What they mean, where that is known. */
    readonly means?: Cause;
  };
  /** Why tasks of a deployment stop or are being stopped, where ECS's verdict came before any task's. */
  readonly findCause: {
    readonly service: string;
    readonly deploymentId: string;
  };
  readonly countHealthy: {
    readonly service: string;
    readonly deploymentId: string;
  };
  /** Finds, or registers, the revision that a run starts, and where it runs. */
  readonly prepareRun: {
    readonly run: string;
    readonly task: string;
    /** Number of the live release, 0 before the first: for the tags of a new revision. */
    readonly release: number;
    /** What is live; absent where the task stays on a tag. */
    readonly image?: ImageName;
  };
  /** What is not said here is as configured. */
  readonly startRun: {
    readonly run: string;
    /** Id of the release that owns the run: its client token and `startedBy` are then made from this id. */
    readonly release?: string;
    readonly task: string;
    readonly attempt: number;
    readonly container: string;
    /** Tasks to start: all of the run's but those that have succeeded. */
    readonly count: number;
    readonly revision: string;
    readonly command?: readonly string[];
    readonly network?: Network;
    readonly capacity?: TaskCapacity;
    /** Absent for a release task whose place an earlier version left open: then it is looked up. */
    readonly launch?: Launch;
    /** When this attempt was first decided: one unanswered for over 45 minutes is never repeated. */
    readonly firstAt: number;
    /** The run is to be stopped: its tasks are looked for, and RunTask is not sent (again). */
    readonly find?: FindStart;
  };
  /** The last lines of what went wrong: of tasks of a run, of a release, or of a service in trouble. */
  readonly readLines: {
    readonly of: 'run' | 'release' | 'alert';
    /** Of the run, release or alert. */
    readonly id: string;
    readonly revision: string;
    readonly taskArns: readonly string[];
    /** The container that the failure is about: its lines come first. */
    readonly container?: string;
    /** Kind of the cause that they are to explain: that of an alert may be another one by then. */
    readonly cause?: string;
  };
  readonly rollBack: {
    readonly service: string;
    /** Revision and digest that ran before. */
    readonly revision: string;
    readonly digest?: string;
    /** The revision that this release brought: a PRIMARY at it is ours, even where the answer was lost. */
    readonly target: string;
    /** PRIMARY when the release began. */
    readonly expected: string;
    readonly ours: readonly string[];
    /** When ECS created the newest of ours. */
    readonly orderedAt?: number;
    /** When a look first showed nothing but the earlier deployment: one look may be older than our order. */
    readonly doubtedAt?: number;
    readonly releaseId: string;
    readonly release: number;
    /** Of a service whose deployments shift traffic: an open one is stopped, so that the traffic returns at once. */
    readonly shift?: { readonly since: number };
    /** Further members of UpdateService that the service had before, as the text of a JSON object. */
    readonly settings?: string;
  };
  readonly lookAtStopped: {
    readonly service: string;
    /** Ids, at most 300. */
    readonly tasks: readonly string[];
    /** Those of them that ECS did not call stopped when it was first asked. */
    readonly again?: readonly string[];
    /** More stopped than there is room for. */
    readonly more?: boolean;
  };
  readonly lookAtTrouble: {
    readonly service: string;
    readonly about: Exclude<AlertKind, 'crashLoop' | 'outOfMemory'>;
    /** When ECS reported it. */
    readonly at: number;
    readonly deploymentId?: string;
    /** The event's own words: "RESOURCE:FARGATE". */
    readonly words?: string;
  };
  readonly lookForRecovery: {
    readonly services: readonly string[];
  };
  readonly recordPush: {
    readonly entry: LedgerEntry;
    readonly overwrite: boolean;
  };
  readonly recordRelease: {
    readonly releaseId: string;
  };
  readonly recordRun: {
    readonly run: string;
  };
  readonly announceRelease: {
    readonly channel: string;
    readonly releaseId: string;
    readonly release: number;
  };
  readonly announceRun: {
    readonly channel: string;
    readonly run: string;
  };
  readonly announceAlert: {
    readonly channel: string;
    readonly alert: string;
  };
  readonly announceApp: {
    readonly channel: string;
    readonly topic: string;
    readonly severity: 'info' | 'warning' | 'failure';
    readonly sentence: string;
    readonly at: number;
  };
}

export interface ShiftRequest {
  readonly service: string;
  /** No service deployment that matters is older. */
  readonly since: number;
  /** ARN of the one that matters, where it is known. */
  readonly deployment?: string;
}

export interface FindStart {
  readonly since: number;
  /** Tasks of earlier attempts. */
  readonly known: readonly string[];
  /** RunTask may be in progress, or may have been before; otherwise there is nothing to look for. */
  readonly maybeSent: boolean;
  /** RunTask may have been sent before the call that is in progress, if one is. */
  readonly sentBefore: boolean;
}

export interface BaseRequest {
  /** Revision ARN, or a family: its newest ACTIVE revision. */
  readonly reference: string;
  /** Rather than `reference`: this family's newest ACTIVE revision that Fairway did not make, if there is one. */
  readonly latestOf?: string;
  /** Rather than `reference`: the ARN of a revision that a person's order names. */
  readonly from?: string;
  /** What the base is for: "service:web-app", "task:db-migrate". */
  readonly for: readonly string[];
  readonly containers: readonly string[];
}
