import type { Platform } from './image.ts';
import type { TaskPlace } from './launch.ts';
import type { Cause, PauseHook } from './release.ts';

/** What ECS says of services, their deployments and tasks, read. */

/** A service as DescribeServices says it is. */
export interface ObservedService {
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
  readonly deployments: readonly ObservedDeployment[];
  /** The service's own; absent where ECS manages its resources (Express Mode). */
  readonly taskDefinition?: string;
  /** ARN of the service deployment that is open. */
  readonly serviceDeployment?: string;
  /** What ECS said of the service, oldest first. */
  readonly events?: readonly ServiceEvent[];
  /** It has lifecycle hooks: a deployment may wait for a person. */
  readonly mayPause?: boolean;
  /** Milliseconds that a rolling deployment bakes once its tasks are healthy. */
  readonly bake?: number;
  /** A rolling deployment succeeds before all its tasks are healthy. */
  readonly earlySuccess?: boolean;
  /** Milliseconds that the steps and bakes of a deployment take, and its last bake; absent where no traffic shifts. */
  readonly shiftTime?: { readonly takes: number; readonly bake: number };
}

export interface ServiceEvent {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly message: string;
}

export interface ObservedDeployment {
  readonly id: string;
  readonly status: string;
  readonly taskDefinition: string;
  /** Absent for services whose rollout ECS does not report. */
  readonly rolloutState?: string;
  readonly rolloutStateReason?: string;
  /** What its reason means; absent where the tables of causes do not know it. */
  readonly means?: Cause;
  readonly running: number;
  readonly desired: number;
  readonly failedTasks: number;
  /** Epoch milliseconds. */
  readonly createdAt?: number;
  /** When ECS last changed its state: a deployment that a rollback brings back keeps its id, and not this time. */
  readonly updatedAt?: number;
}

/** Why ECS ended a deployment. */
export interface Reasons {
  /** ECS's own. */
  readonly words: readonly string[];
  /** What they mean; absent where the tables of causes do not know it. */
  readonly means?: Cause;
}

/** A service deployment: ECS's own record of a deployment, its rollback included. */
export interface ObservedServiceDeployment extends Reasons {
  /** Revision ARN of its target. */
  readonly taskDefinition: string;
  /** PENDING, IN_PROGRESS, SUCCESSFUL, STOPPED, ROLLBACK_REQUESTED, ROLLBACK_IN_PROGRESS, …: others may come. */
  readonly status: string;
  /** Revision ARN that ECS returned to; absent where it did not roll back, or had nothing to return to. */
  readonly returnedTo?: string;
  /** Its circuit breaker has ended it. */
  readonly breaker: boolean;
  /** Names of the CloudWatch alarms that have ended it. */
  readonly alarms: readonly string[];
  readonly arn: string;
  /** Whether its circuit breaker or its alarms can still end it. */
  readonly watched: boolean;
  /** A stage of a deployment that shifts traffic: others may come. */
  readonly stage?: string;
  /** Shares of the target revision in percent, as requested. */
  readonly share?: number;
  readonly testShare?: number;
  /** Tasks of the target revision. */
  readonly running?: number;
  /** Lifecycle hooks that are open. */
  readonly hooks?: readonly ObservedHook[];
}

export interface ObservedHook extends PauseHook {
  readonly type: string;
  readonly status: string;
}

export interface ObservedBase {
  readonly for: readonly string[];
  readonly revision: string;
  readonly family: string;
  /** What the definition runs on; a part is absent where the instance decides it. */
  readonly platform: Partial<Platform>;
  /** Digest that each container that would change runs in the revision that was named; absent where it is not pinned. */
  readonly runs?: string;
  /** Whether the revision that was named is this base, or was made from it. */
  readonly current: boolean;
  /** Why no new revision can be made from it: "no container uses the repository web-app". */
  readonly refusal?: string;
  /** Of the release tasks that the base is for, by name: where and how they start. */
  readonly places?: Readonly<Record<string, TaskPlace>>;
  /** What the service has and a release task does not get, in words. */
  readonly notTaken?: readonly string[];
  /** Why RunTask would refuse one of them, a sentence. */
  readonly launchRefusal?: string;
  /** Whether any container takes the image: a release task may use another. */
  readonly takesImage: boolean;
}

export interface ObservedTask {
  readonly taskArn: string;
  readonly found: boolean;
  readonly lastStatus: string;
  readonly startedBy?: string;
  /** ARN of its task definition's revision. */
  readonly revision?: string;
  readonly scaledIn: boolean;
  readonly cause?: Cause;
  /** Why it stopped, in ECS's code: `UserInitiated` where StopTask was called. */
  readonly stopCode?: string;
  /** When it began to stop, epoch milliseconds; absent where it has not. */
  readonly stoppedAt?: number;
  /** By container; absent where the container never ran. */
  readonly exitCodes: Readonly<Record<string, number>>;
}

/** A look that proves nothing is followed by another one, this long after it (milliseconds). */
export const SECOND_LOOK = 30_000;
