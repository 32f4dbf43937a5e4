import type { LogLine } from './logs.ts';
import type { Person } from './release.ts';

/** Times are epoch milliseconds. */
export interface AppStatus {
  readonly app: string;
  readonly cluster: string;
  readonly live?: {
    readonly tag: string;
    readonly digest: string;
    readonly release?: number;
    readonly since: number;
    /** Absent: a release brought it. */
    readonly origin?: LiveOrigin;
  };
  readonly open?: ReleaseSummary & { readonly steps?: readonly StepSummary[] };
  /** What starts next. */
  readonly waiting?: WaitingImage;
  /** A push that has its turn after the order by a person that waits. */
  readonly alsoWaiting?: WaitingImage;
  readonly hold?: {
    readonly by: string;
    readonly reason: string;
    readonly at: number;
    readonly requestId?: string;
    /** What Fairway would have held the app for since. */
    readonly later?: { readonly reason: string; readonly at: number };
  };
  /** What waits for ECS's rate limits; absent: nothing. */
  readonly rateLimit?: RateLimitSummary;
  /** What failed and is retried; absent: nothing. */
  readonly retrying?: readonly RetrySummary[];
  readonly services: readonly string[];
  /** What ECS said of the services when it was asked; absent where it did not answer. */
  readonly running?: readonly ServiceStatus[];
  /** When ECS was asked. */
  readonly asOf?: number;
  /** Why ECS did not answer. */
  readonly unread?: string;
  /** The newest release that failed, among the last 20. */
  readonly lastFailure?: ReleaseFailure;
  /** Services that fail on their own right now; absent: none. */
  readonly alerts?: readonly AlertSummary[];
}

/** Where a live image is from that no release brought: it ran already, started new services, or was found later. */
export type LiveOrigin = 'beforeFairway' | 'firstImage' | 'foundRunning';

/** Effects that wait for ECS's rate limits. */
export interface RateLimitSummary {
  /** Epoch milliseconds. */
  readonly since: number;
  readonly calls: number;
  /** How long they take at least, if nothing else in the account uses the rate. */
  readonly seconds: number;
}

/** What Fairway retries, as it is announced once it takes long. */
export interface RetrySummary {
  /** "look up the image 1.2.3". */
  readonly what: string;
  /** Epoch milliseconds. */
  readonly since: number;
  /** Why it failed when it was last tried; absent: it was not tried yet. */
  readonly why?: string;
}

export interface WaitingImage {
  readonly tag: string;
  readonly digest: string;
  /** "push", or who asked for it. */
  readonly by?: string;
  /** "v3: web-app waits for a person at …"; absent: nothing. */
  readonly waitsFor?: string;
}

/** A service as ECS describes it. */
export interface ServiceStatus {
  readonly service: string;
  /** "ACTIVE", "DRAINING", "MISSING". */
  readonly status: string;
  readonly desired: number;
  /** Tasks of all its deployments. */
  readonly running: number;
  /** `family:revision` of the PRIMARY deployment. */
  readonly revision?: string;
  /** "IN_PROGRESS", "COMPLETED", "FAILED"; absent where ECS does not report it. */
  readonly rollout?: string;
  readonly reason?: string;
  /** PRIMARY first. */
  readonly deployments: readonly DeploymentStatus[];
  /** The image it runs, where that is not the live one. */
  readonly otherImage?: { readonly tag?: string; readonly digest: string };
}

interface DeploymentStatus {
  readonly revision: string;
  readonly status: string;
  readonly running: number;
  readonly desired: number;
  readonly failedTasks: number;
}

/** A release that failed, with its first cause. */
export interface ReleaseFailure {
  readonly release: number;
  readonly tag: string;
  readonly digest: string;
  /** A published name of an outcome: see `publishedOutcome`. */
  readonly state: string;
  readonly at: number;
  /** "web-app: Container web exited with code 1." */
  readonly cause: string;
  readonly advice?: string;
}

export interface AlertSummary {
  readonly service: string;
  /** An `AlertKind`; a newer function may know more of them than an older command line. */
  readonly kind: string;
  /** "web-app keeps stopping: 12 tasks". */
  readonly sentence: string;
  readonly why: string;
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

export interface ReleaseSummary {
  readonly app: string;
  readonly number: number;
  readonly id: string;
  readonly tag: string;
  readonly digest: string;
  /** A step while it is open ("migrating"), an outcome after ("live"). */
  readonly state: string;
  readonly reason: string;
  readonly by: string;
  /** Of the invocation by the person who asked for it, as CloudTrail records it. */
  readonly requestId?: string;
  readonly startedAt: number;
  readonly endedAt?: number;
  /** "live after 6 min 10 s: web-app 18 s until its tasks were placed, …"; absent where nothing of it is known. */
  readonly times?: string;
  /** When its image was live; absent: it never was. */
  readonly live?: LiveSpan;
}

/** When an image was live, and what ended that. */
export interface LiveSpan {
  /** "was live as v3 from … to …; replaced by v6 (rollback)". */
  readonly sentence: string;
  /** The release that brought it; absent: it ran before Fairway, or was deployed outside it. */
  readonly release?: number;
  readonly from: number;
  /** Absent: it is live. */
  readonly until?: number;
  readonly replacedBy?: {
    /** Absent: it was deployed outside Fairway. */
    readonly release?: number;
    readonly tag: string;
    /** "push", "deploy", "rollback". */
    readonly trigger?: string;
  };
}

/** Everything about one release that people are notified of. */
export interface ReleaseDetail extends ReleaseSummary {
  readonly headline: string;
  readonly previous?: { readonly tag: string; readonly digest: string };
  /** "image push", "deployed by ann". */
  readonly trigger: string;
  readonly steps: readonly StepSummary[];
  /** How each service stands, a sentence each. */
  readonly services: readonly string[];
  readonly failure?: {
    readonly cause: string;
    /** A `Cause`'s kind. */
    readonly kind: string;
    readonly advice?: string;
    /** AWS's own words. */
    readonly evidence: readonly string[];
    /** Of the invocation by the person who ended it. */
    readonly requestId?: string;
  };
  /** The last lines of the containers that it failed for. */
  readonly lines?: readonly string[];
  /** Where the rest is logged, in sentences. */
  readonly elsewhere?: readonly string[];
  /** What the failure left behind. */
  readonly now?: string;
  readonly toDo?: string;
  readonly hold?: string;
  readonly notes: readonly string[];
  readonly about?: string;
  readonly author?: string;
  readonly commit?: { readonly short: string; readonly url?: string };
  readonly platforms: readonly string[];
  readonly links: readonly { readonly name: string; readonly url: string }[];
}

export interface StepSummary {
  readonly name: string;
  /** "pending", "running", "done", "failed", "skipped". */
  readonly state: string;
  /** "✓ roll web-app 3/3 · 1 min 12 s". */
  readonly line: string;
}

export interface RunSummary {
  readonly app: string;
  readonly task: string;
  readonly id: string;
  /** A state while it is open ("running"), an outcome after ("succeeded"). */
  readonly state: string;
  readonly ended: boolean;
  readonly reason: string;
  /** "schedule" or who asked for it. */
  readonly by: string;
  /** Of the invocation by the person who asked for it, as CloudTrail records it. */
  readonly requestId?: string;
  /** Who stopped it, as they claimed. */
  readonly stoppedBy?: Person;
  readonly askedAt: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly exitCode?: number;
  readonly tag?: string;
  readonly digest?: string;
  /** `family:revision`. */
  readonly revision?: string;
  readonly taskArns: readonly string[];
  readonly attempts: number;
  /** Why each attempt before the last one ended, oldest first; absent: there was none. */
  readonly earlier?: readonly string[];
  /** Where its containers log. */
  readonly logs: readonly string[];
  /** What the service that it is like has and it does not get; absent: nothing. */
  readonly notTaken?: readonly string[];
}

/** A run, and what it has logged since it was last asked. */
export interface FollowedRun {
  readonly run: RunSummary;
  readonly lines: readonly LogLine[];
  /** Where the rest is logged, in sentences. */
  readonly elsewhere: readonly string[];
  /** To be sent with the next request. */
  readonly cursor?: string;
  /** There are more lines already: no need to wait before the next request. */
  readonly more?: boolean;
  /** Nothing more will come. */
  readonly complete: boolean;
}

/** One push seen, with its outcome. */
export interface LedgerEntry {
  readonly app: string;
  readonly tag: string;
  readonly digest: string;
  readonly at: number;
  /** "releasing", "waiting", "live", "failed", "rolledBack", "superseded", "rejected", "expired", "ignored". */
  readonly outcome: string;
  readonly reason: string;
  readonly release?: number;
  /** When the image was pushed, as far as that is known. */
  readonly pushedAt?: number;
}

/** A push as it is answered: the ledger has how it ended, and `live` what happened to it since. */
export interface PushSummary extends LedgerEntry {
  readonly live?: LiveSpan;
}
