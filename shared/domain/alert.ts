import { counted } from './counted.ts';
import type { Cause, ReleaseOutcome } from './release.ts';

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
  /** Kind of the cause of which a stopped task's last lines were asked for: once for each. */
  readonly read?: string;
  /** Why the newest task stopped, where that is another cause and more than a symptom; without AWS's own words. */
  readonly lately?: Cause;
  /** Tasks that stopped on their own, or times that ECS reported it, where no task stops. */
  readonly count: number;
  /** More tasks stopped than could be checked: `count` is not all of them. */
  readonly more?: boolean;
  /** Stopped tasks by kind of cause; empty where no task stops. */
  readonly tasks: Readonly<Record<string, number>>;
  readonly firstAt: number;
  readonly lastAt: number;
  /** The release that was open when it began, or else the last one: readers ask that first. */
  readonly release?: AlertRelease;
  /** What the service ran when ECS was last asked. */
  readonly runs?: AlertRuns;
  /** When it was last asked whether the service has recovered. */
  readonly lookedAt: number;
  /** When it was last announced. */
  readonly announcedAt?: number;
  /** How long nothing of the kind must happen before it is over, milliseconds; absent: ten minutes. */
  readonly quiet?: number;
  readonly end?: AlertEnd;
}

export interface AlertRuns {
  /** "web-app:11 at 1/3 tasks". */
  readonly what: string;
  readonly at: number;
}

export interface AlertRelease {
  readonly number: number;
  readonly tag: string;
  readonly state: 'open' | ReleaseOutcome;
  /** When it ended; while it is open, when it began. */
  readonly at: number;
  /** Tag of what a rollback would bring back, where this release is live. */
  readonly back?: string;
}

export interface AlertEnd {
  readonly at: number;
  /** `over`: there is nothing to recover any more: the service is gone, or runs no tasks. */
  readonly how: 'recovered' | 'over';
  /** "web-app:11 at 3/3 tasks", "v4 is live", "the service is gone", "scaled to 0 tasks". */
  readonly reason: string;
}

/** What an app remembers of troubles outside its releases. */
export interface AlertBook {
  /** At most 20, oldest first; closed ones until every channel was notified. */
  readonly alerts: readonly Alert[];
  /** By service: stopped tasks that are no alert yet. */
  readonly watched: Readonly<Record<string, Watch>>;
  /** "web-app:crashLoop": when an alert was closed, for an hour, at most 50: what comes back has to be quiet for longer. */
  readonly closed?: Readonly<Record<string, number>>;
  /** Beginnings of the ids of tasks that were checked, newest last, at most 500: an event may arrive twice. */
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
  /** Id of the task, not its ARN. */
  readonly task: string;
  /** Revision ARN. */
  readonly revision?: string;
}

/** A task that an event called stopped, as ECS says it is. */
export interface ObservedStop {
  /** Id, not ARN. */
  readonly task: string;
  readonly deploymentId?: string;
  /** Revision ARN. */
  readonly revision?: string;
  /** Absent where it has not stopped, or ECS knows it no longer. */
  readonly at?: number;
  readonly cause?: Cause;
  /** ECS does not call it stopped, although its event did: what it answers may be a moment old. */
  readonly early?: boolean;
}

/** The trouble in a few words: "web-app keeps stopping: 12 tasks". */
export function describeAlert(alert: Pick<Alert, 'kind' | 'service' | 'count' | 'more' | 'tasks'>): string {
  const trouble = describeTrouble(alert);
  switch (alert.kind) {
    case 'crashLoop':
      return `${trouble}: ${countOf(alert)}`;
    case 'outOfMemory':
      return `${trouble}: ${countOf(alert)} killed`;
    case 'placement':
      return trouble;
    case 'startImpaired':
      return countsTasks(alert) ? `${trouble}: ${countOf(alert)}` : trouble;
    case 'deploymentFailed':
      return countsTasks(alert) ? `${trouble}: ${countOf(alert)} stopped` : trouble;
  }
}

/** The same without numbers, which grow while it lasts: "web-app keeps stopping". */
export function describeTrouble({ kind, service }: Pick<Alert, 'kind' | 'service'>): string {
  switch (kind) {
    case 'crashLoop':
      return `${service} keeps stopping`;
    case 'outOfMemory':
      return `${service} runs out of memory`;
    case 'placement':
      return `tasks of ${service} cannot be placed`;
    case 'startImpaired':
      return `tasks of ${service} repeatedly fail to start`;
    case 'deploymentFailed':
      return `a deployment of ${service} made outside Fairway failed`;
  }
}

/** "1 task", "12 tasks", "more than 300 tasks". */
export function countOf({ count, more }: Pick<Alert, 'count' | 'more'>): string {
  return `${more ? 'more than ' : ''}${counted(count, 'task')}`;
}

/** Whether `count` is a number of stopped tasks. */
export function countsTasks({ tasks }: Pick<Alert, 'tasks'>): boolean {
  return Object.keys(tasks).length > 0;
}
