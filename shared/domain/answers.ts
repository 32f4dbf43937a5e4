import type { ObservedStop } from './alert.ts';
import type { Network, TaskCapacity } from './app.ts';
import type { Image, ImageName } from './image.ts';
import type { Launch } from './launch.ts';
import type { LogTail } from './logs.ts';
import type {
  ObservedBase,
  ObservedService,
  ObservedServiceDeployment,
  ObservedTask,
} from './observations.ts';
import type { Cause } from './release.ts';

/** What performing an effect found out. */
export type Answer =
  | { readonly kind: 'done' }
  /**
   * Try again after `wait` milliseconds. `memory`: what a channel needs to remember of what it did send. `throttling`: it
   * was certainly not carried out, since AWS's rates did not allow it: `sent` and refused, or `held` and not sent.
   */
  | {
      readonly kind: 'retry';
      readonly wait: number;
      readonly why: string;
      readonly memory?: string;
      readonly throttling?: 'sent' | 'held';
    }
  /** It cannot be done, however often it is tried. */
  | { readonly kind: 'refused'; readonly cause: Cause }
  | { readonly kind: 'adopted'; readonly services: readonly AdoptedService[] }
  | {
      readonly kind: 'imageInspected';
      readonly image: Image;
      readonly storage: 'ACTIVE' | 'ARCHIVED' | 'ACTIVATING';
    }
  /** `digest`: of what is there instead and cannot run. */
  | { readonly kind: 'imageMissing'; readonly reason: string; readonly digest?: string }
  | { readonly kind: 'servicesSeen'; readonly services: readonly ObservedService[] }
  | { readonly kind: 'stoppedSeen'; readonly tasks: readonly ObservedStop[] }
  | { readonly kind: 'troubleSeen'; readonly observed: ObservedService; readonly cause?: Cause }
  | {
      readonly kind: 'basesRead';
      readonly bases: readonly ObservedBase[];
      /** Sentences about the weights of listener rules, and about those that could not be checked. */
      readonly traffic?: { readonly findings: readonly string[]; readonly unchecked: readonly string[] };
    }
  | {
      readonly kind: 'registered';
      readonly revision: string;
      /** Keys of the base's own tags that had to give way to the release's id. */
      readonly droppedTags: readonly string[];
    }
  | { readonly kind: 'taskNotStarted'; readonly cause: Cause; readonly capacity: boolean }
  | { readonly kind: 'taskSeen'; readonly task: ObservedTask }
  | { readonly kind: 'serviceUpdated'; readonly deploymentId: string; readonly createdAt?: number }
  /** By service; each newest first. A missing one could not be found. */
  | {
      readonly kind: 'shiftsSeen';
      readonly shifts: Readonly<Record<string, readonly ObservedServiceDeployment[]>>;
    }
  /** ECS returns the traffic, and stops the new tasks: how that ends is to be seen. */
  | { readonly kind: 'stopping'; readonly deployment: string }
  /** Newest first. */
  | { readonly kind: 'serviceDeploymentsRead'; readonly deployments: readonly ObservedServiceDeployment[] }
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
      readonly launch?: Launch;
      /** What the service has and the task does not get, in words. */
      readonly notTaken?: readonly string[];
    }
  /** `missing`: why ECS started fewer tasks than were asked for. */
  | { readonly kind: 'runStarted'; readonly taskArns: readonly string[]; readonly missing?: Cause }
  | { readonly kind: 'linesRead'; readonly tail: LogTail }
  | {
      readonly kind: 'rollingBack';
      readonly revision: string;
      readonly deploymentId: string;
      /** Of the deployment that our order began; absent where ECS itself rolls back. */
      readonly createdAt?: number;
      readonly completed: boolean;
    }
  /** The service seems never to have left what it ran before: one look cannot prove that. */
  | { readonly kind: 'unproven' }
  | { readonly kind: 'announced'; readonly memory?: string };

export interface AdoptedService {
  readonly service: string;
  readonly deploymentId: string;
  readonly taskDefinition: string;
  /** Of the app's image, where a container runs it. */
  readonly digest?: string;
  readonly tag?: string;
  readonly pushedAt?: number;
  /** When ECS last changed the deployment, epoch milliseconds. */
  readonly changedAt?: number;
  /** It has not ended yet. */
  readonly underWay?: boolean;
}
