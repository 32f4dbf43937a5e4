import type { Network, TaskCapacity } from './app.ts';
import type { ImageName } from './image.ts';
import type { Launch } from './launch.ts';
import type { LogTail } from './logs.ts';
import type { Cause, Person } from './release.ts';

/** One execution of a task of `fairway.yml` to its end. Times are epoch milliseconds. */
export interface Run {
  readonly id: string;
  readonly task: string;
  /** What or who it runs for. */
  readonly owner: RunOwner;
  readonly askedAt: number;
  readonly state: 'queued' | 'preparing' | 'starting' | 'running' | 'stopping' | 'ended';
  /** The container whose exit code counts, as configured when the run began, or was asked for if it has not. */
  readonly container: string;
  /** Tasks that it starts, as configured then. */
  readonly count: number;
  /** Instead of the configured command. Dropped when the run has ended. */
  readonly command?: readonly string[];
  readonly image?: ImageName;
  /** Revision ARN. */
  readonly revision?: string;
  readonly network?: Network;
  readonly capacity?: TaskCapacity;
  /** Dropped when the run has ended. */
  readonly launch?: Launch;
  /** What its service has and it does not get, in words. */
  readonly notTaken?: readonly string[];
  /** Number of the attempt that is in progress or was the last one, from 1; asking again for capacity counts, too. */
  readonly attempt: number;
  /** Since when ECS is asked for that attempt: asking again for capacity does not change it. */
  readonly triedSince?: number;
  /** Times in a row that ECS has had no room for what is to be started; absent: none. */
  readonly refusals?: number;
  /** Attempts that came before it and why each ended, oldest first. */
  readonly earlier: readonly EarlierAttempt[];
  /** Tasks of the attempt that is in progress or was the last one, after those of earlier ones that have succeeded. */
  readonly tasks: readonly RunningTask[];
  /** When ECS took the first attempt. */
  readonly startedAt?: number;
  /** When ECS took the attempt that is in progress or was the last one. */
  readonly attemptedAt?: number;
  readonly endedAt?: number;
  /** The current state lasts until then at most. */
  readonly deadline: number;
  /** When it last did anything, or was checked. */
  readonly lookedAt: number;
  readonly exitCode?: number;
  readonly cause?: Cause;
  /** The end of what its containers wrote, secrets masked: read where it went wrong. */
  readonly tail?: LogTail;
  /** Number of the earlier attempt whose end `tail` is, from 1; absent: it is the last one's. */
  readonly tailOf?: number;
  readonly outcome?: RunOutcome;
  /** How it ended, in one sentence; while it is stopped: how it will have ended. */
  readonly reason?: string;
  /** Later runs that it kept from running; absent: none. */
  readonly skips?: number;
  /** What it ends as once ECS says that its tasks have stopped. */
  readonly endsAs?: RunOutcome;
  /** Set when a person stops it. */
  readonly stoppedBy?: Person;
}

interface EarlierAttempt {
  readonly endedAt: number;
  readonly why: string;
  /** Its tasks that did not succeed: those of the run are of its last attempt. */
  readonly taskArns: readonly string[];
  readonly exitCode?: number;
  /** Whether its container had begun in any of its tasks. */
  readonly ran: boolean;
  /** Whether the one after it is one of the configured retries; the move from Spot to on demand is not. */
  readonly retried: boolean;
}

export type RunOwner =
  /** A release task, before the services change or after that. `release`: the id, `number`: for people. */
  | {
      readonly kind: 'release';
      readonly release: string;
      readonly number: number;
      readonly phase: 'before' | 'after';
    }
  /** `at`: the time that the schedule named, not that of its delivery. */
  | { readonly kind: 'schedule'; readonly at: number }
  | ({ readonly kind: 'person' } & Person);

/** What began a run that no release owns. */
export type RunTrigger = Exclude<RunOwner, { kind: 'release' }>;

/** A run that no release owns. */
export type IndependentRun = Run & { readonly owner: RunTrigger };

export function isIndependent(run: Run): run is IndependentRun {
  return run.owner.kind !== 'release';
}

/** Id of what a run starts its tasks for, the release or the run itself: their client token and `startedBy` are made from it. */
export function starterOf({ id, owner }: Pick<Run, 'id' | 'owner'>): string {
  return owner.kind === 'release' ? owner.release : id;
}

/** What ECS shows as `startedBy` of the tasks of a release or a run. */
export function startedBy(starter: string): string {
  return `fairway/${starter}`.slice(0, 128);
}

export interface RunningTask {
  readonly taskArn: string;
  readonly stopped: boolean;
  /** Of the container that counts. */
  readonly exitCode?: number;
  /** Dropped when the run has ended: the one that it ended by is the run's. */
  readonly cause?: Cause;
}

/**
 * succeeded: every task of it exited with code 0. failed: one ended otherwise. neverStarted: its container never
 * ran. timedOut: stopped by Fairway. stopped: by a person. replaced: by the next run. skipped: another one was in
 * progress. missed: its schedule never called.
 */
export type RunOutcome =
  | 'succeeded'
  | 'failed'
  | 'neverStarted'
  | 'timedOut'
  | 'stopped'
  | 'replaced'
  | 'skipped'
  | 'missed';

/** What is remembered of a task's schedule. */
export interface ScheduleMemory {
  /** Expression, time zone and start that this is about. */
  readonly schedule: string;
  /** Nothing before this is missed. */
  readonly since: number;
  /** Times that the schedule has called for, or that were reported as missed, newest first, at most 20. */
  readonly seen: readonly number[];
  /** Since it was reported as not calling: reported again after a day, or once it has called. */
  readonly reportedMissingAt?: number;
}
