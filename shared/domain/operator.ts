import type { LogLine } from './logs.ts';

/** What a person may ask of Fairway, through `npx fairway` or by invoking the function `operate`. */
export type OperatorRequest =
  | { readonly command: 'status'; readonly app?: string }
  | { readonly command: 'releases'; readonly app: string; readonly limit?: number }
  | { readonly command: 'why'; readonly app: string; readonly tag: string }
  | {
      readonly command: 'deploy';
      readonly app: string;
      readonly tag?: string;
      /** Starts although the app is held; needs a reason. */
      readonly despiteHold?: boolean;
      readonly reason?: string;
      readonly who: string;
    }
  | { readonly command: 'rollback'; readonly app: string; readonly to?: number; readonly who: string }
  | { readonly command: 'hold'; readonly app: string; readonly reason: string; readonly who: string }
  /** `discardWaiting`: what waits is rejected instead of started. */
  | {
      readonly command: 'resume';
      readonly app: string;
      readonly discardWaiting?: boolean;
      readonly who: string;
    }
  | { readonly command: 'cancel'; readonly app: string; readonly who: string }
  /** `id`: chosen by who asks, so that asking again for the same run starts no second one. */
  | {
      readonly command: 'run';
      readonly app: string;
      readonly task: string;
      readonly words?: readonly string[];
      readonly id: string;
      readonly who: string;
    }
  | { readonly command: 'stop'; readonly app: string; readonly run: string; readonly who: string }
  /** `task`: a task, or a run by its id or the beginning of it. Without: of all tasks; without an app: of all apps. */
  | { readonly command: 'runs'; readonly app?: string; readonly task?: string; readonly limit?: number }
  /** How a run goes, with the lines it has logged since `cursor`. `run`: its id, the beginning of it, or its task. */
  | { readonly command: 'follow'; readonly app: string; readonly run: string; readonly cursor?: string }
  /** Takes up the events that were parked, of all apps. */
  | { readonly command: 'redrive'; readonly who: string };

/** What `operate` answers. `refused`: understood, and not done, with the reason and what to do. */
export type OperatorAnswer =
  | {
      readonly ok: true;
      readonly sentence: string;
      readonly apps?: readonly AppStatus[];
      readonly releases?: readonly ReleaseSummary[];
      readonly pushes?: readonly LedgerEntry[];
      readonly runs?: readonly RunSummary[];
      readonly followed?: FollowedRun;
    }
  | { readonly ok: false; readonly error: 'refused' | 'invalid' | 'notFound'; readonly message: string };

/** Times are epoch milliseconds. */
export interface AppStatus {
  readonly app: string;
  readonly cluster: string;
  readonly live?: {
    readonly tag: string;
    readonly digest: string;
    readonly release?: number;
    readonly since: number;
  };
  readonly open?: ReleaseSummary;
  /** What starts next. */
  readonly waiting?: WaitingImage;
  /** A push that has its turn after the order by a person that waits. */
  readonly alsoWaiting?: WaitingImage;
  readonly hold?: { readonly by: string; readonly reason: string; readonly at: number };
  readonly services: readonly string[];
  /** Services that fail on their own right now; absent: none. */
  readonly alerts?: readonly AlertSummary[];
}

export interface WaitingImage {
  readonly tag: string;
  readonly digest: string;
  /** "push", or who asked for it. */
  readonly by?: string;
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
  readonly startedAt: number;
  readonly endedAt?: number;
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
}
