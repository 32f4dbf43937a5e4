import type {
  Behaviour,
  Cancel,
  Clock,
  Emit,
  Ids,
  ImageStore,
  JsonObject,
  OpenLog,
  WriteLog,
} from '../contract.ts';
import type { ContainerSpec, Tag, TaskDefinition } from './definition.ts';
import type { Disputed } from './disputed.ts';
import type { ListenerRule, ServiceTarget, TargetGroup } from './routing.ts';
import type { HookAnswer, HookCall, RollingPause, Shift } from './shifting/model.ts';

/** The state of the ECS simulation, in memory. Times are epoch milliseconds. */

export interface Cluster {
  readonly arn: string;
  readonly name: string;
  status: 'ACTIVE' | 'INACTIVE';
  settings: JsonObject;
  tags: readonly Tag[];
  readonly services: Map<string, Service>;
  readonly tasks: Map<string, Task>;
  /** Oldest first: ECS removes a stopped task after an hour. */
  readonly stopped: Task[];
  readonly tokens: Map<string, RunRecord>;
}

export interface CapacityProvider {
  readonly arn: string;
  readonly name: string;
  readonly type: 'EC2_AUTOSCALING' | 'MANAGED_INSTANCES' | 'FARGATE' | 'FARGATE_SPOT';
  /** The only cluster that can use it: for managed instances. */
  readonly cluster?: string;
  /** Its settings, as the API shows them. */
  readonly document: JsonObject;
  readonly tags: readonly Tag[];
}

/** The tasks that one `clientToken` of RunTask started. */
interface RunRecord {
  readonly parameters: string;
  readonly at: number;
  readonly tasks: readonly Task[];
}

export interface DeploymentConfiguration {
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  readonly breaker: Breaker;
  /** As the API shows it. */
  readonly document: JsonObject;
}

export interface Breaker {
  readonly enable: boolean;
  readonly rollback: boolean;
  readonly resetOnHealthyTask: boolean;
  readonly type: 'BOUNDED_PERCENT' | 'UNBOUNDED_PERCENT' | 'COUNT';
  readonly value: number;
}

export interface Service {
  readonly arn: string;
  readonly name: string;
  readonly cluster: Cluster;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly scheduling: 'REPLICA' | 'DAEMON';
  readonly controller: 'ECS' | 'CODE_DEPLOY' | 'EXTERNAL';
  status: 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  definition: TaskDefinition | undefined;
  desiredCount: number;
  configuration: DeploymentConfiguration;
  targets: readonly ServiceTarget[];
  /** Milliseconds. */
  grace: number;
  /** Members that are stored and shown, but have no effect here. */
  settings: JsonObject;
  tags: readonly Tag[];
  /** PRIMARY first, then newest first. */
  deployments: Deployment[];
  /** The target of a rollback: the most recent COMPLETED deployment. */
  completed: Deployment | undefined;
  serviceDeployments: ServiceDeployment[];
  revisions: ServiceRevision[];
  /** Newest first, at most 100. */
  events: ServiceEvent[];
  steady: boolean;
  tick: Cancel | undefined;
  steadyRepeat: Cancel | undefined;
  /** Of a service in Express Mode, whose resources ECS manages. */
  express?: Express;
}

/** What only services in Express Mode have. */
export interface Express {
  readonly infrastructureRole: string;
  /** As in the requests that set them. */
  readonly settings: JsonObject;
  readonly updatedAt: number;
}

interface ServiceEvent {
  readonly id: string;
  readonly createdAt: number;
  readonly message: string;
}

export interface Deployment {
  readonly id: string;
  readonly definition: TaskDefinition;
  readonly revision: ServiceRevision;
  readonly serviceDeployment: ServiceDeployment;
  readonly createdAt: number;
  readonly tasks: Set<Task>;
  status: 'PRIMARY' | 'ACTIVE';
  desired: number;
  updatedAt: number;
  rolloutState: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  rolloutStateReason: string;
  failures: number;
  failedResolutions: number;
  /** Whether every tag has been resolved to a digest: until then one task is started at a time. */
  resolved: boolean;
  /** How many rounds of tasks in a row failed to start, for the start throttle. */
  failedStarts: number;
  notBefore: number;
  wake: Cancel | undefined;
  /** How many unhealthy tasks are to be replaced. */
  replacing: number;
  reportedStuck: boolean;
}

export interface ServiceRevision {
  readonly arn: string;
  readonly createdAt: number;
  readonly definition: TaskDefinition;
  /** The settings of the service when the revision was created. */
  readonly settings?: JsonObject;
  /** The target groups that it serves from. Absent in what an earlier version saved: those of the service. */
  readonly targets?: readonly ServiceTarget[];
  /** Digest of each container's image, by container name, as far as known. */
  readonly digests: Map<string, string>;
}

export interface ServiceDeployment {
  readonly arn: string;
  readonly createdAt: number;
  readonly target: ServiceRevision;
  readonly sources: readonly ServiceRevision[];
  readonly configuration: DeploymentConfiguration;
  startedAt?: number;
  updatedAt: number;
  finishedAt?: number;
  stoppedAt?: number;
  status: string;
  statusReason?: string;
  failureCount: number;
  rollback?: { readonly reason: string; readonly startedAt: number; readonly revision: ServiceRevision };
  /** Of a deployment that shifts traffic. */
  readonly shift?: Shift;
  /** Of a rolling deployment: the stage at which it pauses, or has paused last. */
  pause?: RollingPause;
  /** Of a rolling deployment whose new tasks are healthy. */
  bakesUntil?: number;
  alarms?: DeploymentAlarms;
}

/** The alarms of a deployment. */
interface DeploymentAlarms {
  /** Those that were in ALARM when it started make ECS ignore all of them. */
  readonly ignored: boolean;
  readonly triggered: string[];
}

export type TaskStatus =
  | 'PROVISIONING'
  | 'PENDING'
  | 'ACTIVATING'
  | 'RUNNING'
  | 'DEACTIVATING'
  | 'STOPPING'
  | 'DEPROVISIONING'
  | 'STOPPED';

export type Health = 'UNKNOWN' | 'HEALTHY' | 'UNHEALTHY';

export interface Container {
  readonly arn: string;
  readonly spec: ContainerSpec;
  lastStatus: 'PENDING' | 'RUNNING' | 'STOPPED';
  imageDigest?: string;
  runtimeId?: string;
  exitCode?: number;
  reason?: string;
  health: Health;
  behaviour?: Behaviour;
}

export interface TaskNetwork {
  readonly attachment: string;
  readonly subnet: string;
  /** The Availability Zone. */
  readonly zone?: string;
  readonly eni: string;
  readonly mac: string;
  readonly address: string;
  status: 'PRECREATED' | 'ATTACHED' | 'DELETED';
}

/** An EBS volume that was configured at launch. */
export interface TaskVolume {
  readonly attachment: string;
  readonly id: string;
  readonly name: string;
  readonly roleArn: string;
}

export interface Task {
  readonly arn: string;
  readonly id: string;
  readonly cluster: Cluster;
  readonly definition: TaskDefinition;
  readonly createdAt: number;
  readonly group: string;
  readonly startedBy?: string;
  readonly launchType: string;
  readonly capacityProvider?: string;
  readonly network?: TaskNetwork;
  readonly volumes?: readonly TaskVolume[];
  readonly overrides: JsonObject;
  readonly enableExecuteCommand: boolean;
  owner?: TaskOwner;
  readonly targets: readonly ServiceTarget[];
  readonly containers: readonly Container[];
  readonly timers: Set<Cancel>;
  tags: readonly Tag[];
  lastStatus: TaskStatus;
  desiredStatus: 'RUNNING' | 'STOPPED';
  version: number;
  updatedAt: number;
  connectivityAt?: number;
  pullStartedAt?: number;
  pullStoppedAt?: number;
  startedAt?: number;
  stoppingAt?: number;
  executionStoppedAt?: number;
  stoppedAt?: number;
  stopCode?: string;
  stoppedReason?: string;
  /** By target group; absent while the target group has no result. */
  readonly targetHealth: Map<string, Health>;
  /** A task without a health check is healthy after it has run for a while. */
  seasoned: boolean;
  healthy: boolean;
  /** Set if the task failed: it did not start, its image could not be resolved, or it exited. */
  fault?: 'start' | 'resolution' | 'exit';
}

/** The scheduler, from the view of a task of a service. */
export interface TaskOwner {
  /** The digest that the deployment has resolved for a container, if any. */
  digestOf(container: string): string | undefined;
  report(task: Task, news: 'resolved' | 'running' | 'healthy' | 'unhealthy' | 'drained' | 'stopped'): void;
}

/** What all parts of the simulation need. */
export interface Context {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly account: string;
  readonly region: string;
  readonly emit: Emit;
  readonly images: ImageStore;
  /** Oldest first. */
  readonly behaviours: () => readonly Behaviour[];
  readonly writeLog: WriteLog;
  readonly openLog?: OpenLog;
  readonly clusters: Map<string, Cluster>;
  readonly capacityProviders: Map<string, CapacityProvider>;
  /** Revisions of each family, oldest first: revision N is at N - 1. */
  readonly families: Map<string, TaskDefinition[]>;
  readonly targetGroups: Map<string, TargetGroup>;
  /** Listener rules, and listeners that services name, by ARN. */
  readonly rules: Map<string, ListenerRule>;
  /** CloudWatch alarms that are in ALARM. */
  readonly alarms: Set<string>;
  /** What the sources do not settle, as it is simulated now. */
  readonly disputed: () => Disputed;
  /** How a Lambda hook answers. */
  readonly hookAnswer: (call: HookCall) => HookAnswer;
  /** Like the clock's, but canceled when the simulation is reset. */
  after(milliseconds: number, run: () => void, options?: { readonly periodic?: boolean }): Cancel;
}
