import type { Cause } from './release.ts';

/** Services that fail on their own, outside of our releases. All times are epoch milliseconds. */

export type AlertKind = 'crashLoop' | 'outOfMemory' | 'placement' | 'startImpaired' | 'deploymentFailed';

/** One trouble of one service: announced once, updated while it lasts, closed when the service is steady again. */
export interface Alert {
  /** Unique within the app: "web-app:crashLoop:1772359200000". */
  readonly id: string;
  readonly service: string;
  readonly kind: AlertKind;
  /** The first one that is more than a symptom. */
  readonly cause: Cause;
  /** Tasks that stopped on their own, or times that ECS reported it, where no task stops. */
  readonly count: number;
  /** Stopped tasks by kind of cause; empty where no task stops. */
  readonly tasks: Readonly<Record<string, number>>;
  readonly firstAt: number;
  readonly lastAt: number;
  /** When it was last asked whether the service has recovered. */
  readonly lookedAt: number;
  /** When people were last told. */
  readonly toldAt?: number;
  /** How long nothing of the kind must happen before it is over, milliseconds; absent: ten minutes. */
  readonly quiet?: number;
  readonly end?: AlertEnd;
}

export interface AlertEnd {
  readonly at: number;
  /** `over`: there is nothing to recover any more, the service is gone. */
  readonly how: 'recovered' | 'over';
  /** "web-app:11 at 3/3 tasks", "v4 is live", "the service is gone". */
  readonly reason: string;
}

/** What an app remembers of troubles outside its releases. */
export interface AlertBook {
  /** At most 20, oldest first; closed ones until everybody has been told. */
  readonly alerts: readonly Alert[];
  /** By service: stopped tasks that are no alert yet. */
  readonly watched: Readonly<Record<string, Watch>>;
  /** "web-app:crashLoop": when an alert was closed, for an hour, at most 50: what comes back has to be quiet for longer. */
  readonly closed?: Readonly<Record<string, number>>;
  /** Beginnings of the ids of tasks that were looked at, newest last, at most 500: an event may come twice. */
  readonly seen: readonly string[];
}

/** Kept small: an app has up to 50 services. */
export interface Watch {
  readonly lookedAt: number;
  /** Of the first stop that is remembered, or of the first one that is more than a symptom; without AWS's own words. */
  readonly cause?: Cause;
  /** At most 5, within an hour. */
  readonly stops: readonly WatchedStop[];
}

export interface WatchedStop {
  readonly at: number;
  /** Kind of its cause. */
  readonly kind: string;
}

export interface Stop {
  readonly at: number;
  readonly cause: Cause;
}

/** A task that an event called stopped, as ECS says it is. */
export interface StoppedSight {
  /** Id, not ARN. */
  readonly task: string;
  readonly deploymentId?: string;
  /** Absent where it has not stopped, or ECS knows it no longer. */
  readonly at?: number;
  readonly cause?: Cause;
}

/** What ECS is asked about troubles; part of every app's pending effects. */
export type AlertLook =
  /** `tasks`: ids, at most 300. */
  | { readonly kind: 'lookAtStopped'; readonly service: string; readonly tasks: readonly string[] }
  | {
      readonly kind: 'lookAtTrouble';
      readonly service: string;
      readonly about: Exclude<AlertKind, 'crashLoop' | 'outOfMemory'>;
      /** When ECS reported it. */
      readonly at: number;
      readonly deploymentId?: string;
      /** The event's own words: "RESOURCE:FARGATE". */
      readonly words?: string;
    }
  | { readonly kind: 'lookForRecovery'; readonly services: readonly string[] };

/** The trouble in a few words: "web-app keeps stopping: 12 tasks". */
export function describeAlert({ kind, service, count }: Pick<Alert, 'kind' | 'service' | 'count'>): string {
  const tasks = `${count} ${count === 1 ? 'task' : 'tasks'}`;
  switch (kind) {
    case 'crashLoop':
      return `${service} keeps stopping: ${tasks}`;
    case 'outOfMemory':
      return `${service} runs out of memory: ${tasks} killed`;
    case 'placement':
      return `tasks of ${service} cannot be placed`;
    case 'startImpaired':
      return `tasks of ${service} fail to start again and again${count === 0 ? '' : `: ${tasks}`}`;
    case 'deploymentFailed':
      return `a deployment of ${service} that is not Fairway's failed`;
  }
}

/** Whether `count` is a number of stopped tasks. */
export function countsTasks({ kind }: Pick<Alert, 'kind'>): boolean {
  return kind === 'crashLoop' || kind === 'outOfMemory' || kind === 'startImpaired';
}
