import type { StoppedSight } from './alert.ts';
import type { Network, TaskCapacity } from './app.ts';
import type { Image, ImageName, Platform } from './image.ts';
import type { LogTail } from './logs.ts';
import type { Cause } from './release.ts';

/** What performing an effect found out. */
export type Answer =
  | { readonly kind: 'done' }
  /** Try again after `wait` milliseconds. `memory`: what a channel needs to remember of what it did send. */
  | { readonly kind: 'retry'; readonly wait: number; readonly why: string; readonly memory?: string }
  /** It cannot be done, however often it is tried. */
  | { readonly kind: 'refused'; readonly cause: Cause }
  | { readonly kind: 'adopted'; readonly services: readonly AdoptedService[] }
  | {
      readonly kind: 'imageInspected';
      readonly image: Image;
      readonly storage: 'ACTIVE' | 'ARCHIVED' | 'ACTIVATING';
    }
  | { readonly kind: 'imageMissing'; readonly reason: string }
  | { readonly kind: 'servicesSeen'; readonly services: readonly ServiceSight[] }
  | { readonly kind: 'stoppedSeen'; readonly tasks: readonly StoppedSight[] }
  | { readonly kind: 'troubleSeen'; readonly sight: ServiceSight; readonly cause?: Cause }
  | { readonly kind: 'basesRead'; readonly bases: readonly BaseSight[] }
  | {
      readonly kind: 'registered';
      readonly revision: string;
      /** Keys of the base's own tags that had to give way to the release's id. */
      readonly droppedTags: readonly string[];
    }
  | { readonly kind: 'taskStarted'; readonly taskArn: string }
  | { readonly kind: 'taskNotStarted'; readonly cause: Cause; readonly capacity: boolean }
  | { readonly kind: 'taskSeen'; readonly task: TaskSight }
  | { readonly kind: 'serviceUpdated'; readonly deploymentId: string }
  | { readonly kind: 'foreign'; readonly taskDefinition: string; readonly deploymentId: string }
  /** `taskArns`: those that stopped first. */
  | { readonly kind: 'causeFound'; readonly cause?: Cause; readonly taskArns: readonly string[] }
  | { readonly kind: 'healthyCounted'; readonly healthy: number; readonly running: number }
  | {
      readonly kind: 'runPrepared';
      readonly image: ImageName;
      readonly revision: string;
      readonly network?: Network;
      readonly capacity?: TaskCapacity;
    }
  /** `missing`: why ECS started fewer tasks than were asked for. */
  | { readonly kind: 'runStarted'; readonly taskArns: readonly string[]; readonly missing?: Cause }
  | { readonly kind: 'linesRead'; readonly tail: LogTail }
  | {
      readonly kind: 'goingBack';
      readonly revision: string;
      readonly deploymentId: string;
      readonly completed: boolean;
    }
  | { readonly kind: 'announced'; readonly memory?: string };

export interface AdoptedService {
  readonly service: string;
  readonly deploymentId: string;
  readonly taskDefinition: string;
  /** Of the app's image, where a container runs it. */
  readonly digest?: string;
  readonly tag?: string;
  readonly pushedAt?: number;
}

/** A service as DescribeServices says it is. */
export interface ServiceSight {
  readonly service: string;
  readonly found: boolean;
  readonly status: string;
  readonly controller: string;
  readonly strategy: string;
  readonly scheduling: string;
  readonly desired: number;
  /** max(3, the circuit breaker's threshold for this desired count). */
  readonly threshold: number;
  readonly breaker: boolean;
  readonly deployments: readonly DeploymentSight[];
}

export interface DeploymentSight {
  readonly id: string;
  readonly status: string;
  readonly taskDefinition: string;
  /** Absent for services whose rollout ECS does not report. */
  readonly rolloutState?: string;
  readonly rolloutStateReason?: string;
  readonly running: number;
  readonly desired: number;
  readonly failedTasks: number;
}

export interface BaseSight {
  readonly for: readonly string[];
  readonly revision: string;
  readonly family: string;
  /** What the definition runs on. */
  readonly platform: Platform;
  /** Digest that each container that would change runs in the revision that was named; absent where it is not pinned. */
  readonly runs?: string;
  /** Whether the revision that was named is this base, or was made from it. */
  readonly current: boolean;
  /** Why no new revision can be made from it: "no container uses the repository web-app". */
  readonly refusal?: string;
  /** Whether any container takes the image: a release task may use another. */
  readonly takesImage: boolean;
}

export interface TaskSight {
  readonly taskArn: string;
  readonly found: boolean;
  readonly lastStatus: string;
  readonly startedBy?: string;
  /** ARN of its task definition's revision. */
  readonly revision?: string;
  readonly scaledIn: boolean;
  readonly cause?: Cause;
  /** When it began to stop, epoch milliseconds; absent where it has not. */
  readonly stoppedAt?: number;
  /** By container; absent where the container never ran. */
  readonly exitCodes: Readonly<Record<string, number>>;
}
