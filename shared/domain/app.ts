/**
 * The configuration as the functions see it: compiled when packaging, every default filled in.
 * Durations are milliseconds. `shared/config/` makes it from `fairway.yml`; nothing else does.
 */

import type { NamedRepository } from './registry.ts';

/** All apps and channels of one installation. */
export interface Configuration {
  /** What people call the place: "production", "staging". Shown in every message. */
  readonly environment: string;
  /** Distinguishes this installation from others of the same environment, account and region. */
  readonly installation?: string;
  /** The AWS region of the installation, where the configuration fixes one. */
  readonly region?: string;
  /** The AWS account that the stack belongs to, where the configuration fixes one. */
  readonly account?: string;
  readonly stack?: StackSettings;
  /** How people call Fairway's command, for messages; absent: "fairway". */
  readonly command?: string;
  /** What Fairway may read to explain failures, beyond what it needs for releases. */
  readonly diagnosis?: DiagnosisSettings;
  readonly audit?: AuditSettings;
  readonly channels: Readonly<Record<string, Channel>>;
  readonly apps: readonly App[];
}

/** The audit of what runs. */
export interface AuditSettings {
  /** Absent: it runs on demand only. */
  readonly daily?: DailyAudit;
  readonly accepted: readonly Acceptance[];
}

export interface DailyAudit {
  /** "06:00" */
  readonly at: string;
  /** IANA name. */
  readonly timeZone: string;
  /** Less severe findings are not announced. */
  readonly severity: 'high' | 'medium' | 'low' | 'hint';
}

/** Findings of a rule that do not count. */
export interface Acceptance {
  /** The id of the rule. */
  readonly rule: string;
  readonly app?: string;
  /** The resource of the finding, in which `*` stands for any characters. */
  readonly resource?: string;
  readonly reason: string;
  /** The last day, in UTC: "2027-03-31". */
  readonly until: string;
}

export interface DiagnosisSettings {
  /** Target groups and the health of their targets. */
  readonly loadBalancers: boolean;
}

/** What an account's rules require of Fairway's own stack. */
export interface StackSettings {
  /** Name or ARN of a managed policy. */
  readonly permissionsBoundary?: string | undefined;
  /** "/fairway/". */
  readonly rolePath?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/** One entry of `fairway.yml`: an image repository, the services that run it and what belongs to a release. */
export interface App {
  readonly name: string;
  /** ECS cluster name (not an ARN). */
  readonly cluster: string;
  readonly image: ImageSource;
  /** Release tasks before the services change, in order: migrations. */
  readonly before: readonly ReleaseTask[];
  /** At most 50, sorted by wave. */
  readonly services: readonly Service[];
  /** Release tasks after the rollout, in order: smoke tests. */
  readonly after: readonly ReleaseTask[];
  /** One-off tasks that run on a schedule or on demand, on the image that is live. */
  readonly tasks: readonly Task[];
  readonly timeouts: Timeouts;
  /** Which revision a new one is made from: the one the service runs, or the family's newest ACTIVE one that is not ours. */
  readonly baseRevision: 'live' | 'latest';
  /** Whether a failed release rolls back, or leaves the services as they are and holds the app. */
  readonly onFailure: 'rollBack' | 'leave';
  /** A release fails before it begins where listener rules point elsewhere than at what runs; otherwise it warns. */
  readonly refusesResetWeights?: true;
  /** Names of channels. */
  readonly channels: readonly string[];
  /** Those of them that report of a release only its end. */
  readonly endsOnly?: readonly string[];
}

export interface ImageSource extends NamedRepository {
  readonly tags: TagPolicy;
  /** Tags that never count, as globs. */
  readonly ignore: readonly string[];
}

/** Which tag wins. */
export type TagPolicy =
  | { readonly kind: 'semver'; readonly range: string }
  | { readonly kind: 'newest'; readonly match: TagMatch }
  | { readonly kind: 'digest'; readonly tag: string };

export interface TagMatch {
  readonly glob: string;
}

export interface Service {
  readonly name: string;
  /** Services of a lower wave are live before those of a higher one change. */
  readonly wave: number;
  /** Task-definition family. */
  readonly family: string;
  /** Containers that take the new image; empty: every container whose image is of the app's repository. */
  readonly containers: readonly string[];
  /** Role names or ARNs that the task definition passes: what PassRole is granted for. */
  readonly taskRole?: string;
  readonly executionRole?: string;
  /** Role that ECS creates EBS volumes with: for the tasks that are like it. */
  readonly volumeRole?: string;
  readonly logGroup?: string;
}

/** How an ECS task is run to its end, for a release or independently of releases. */
export interface TaskSettings {
  readonly name: string;
  /** Task-definition family. */
  readonly family: string;
  /** The container that takes the overrides, and whose exit code counts. */
  readonly container: string;
  readonly command?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** CPU units of the whole task. */
  readonly cpu?: number;
  /** MiB of the whole task. */
  readonly memory?: number;
  /** GiB. */
  readonly ephemeralStorage?: number;
  /** Absent: that of the service that the task is like, or of the app's first service. */
  readonly network?: Network;
  readonly capacity?: TaskCapacity;
  readonly taskRole?: string;
  readonly executionRole?: string;
  /** Role name or ARN that ECS creates EBS volumes with, where the definition configures them at launch. */
  readonly volumeRole?: string;
  /** Whether people may open a shell in it by ECS Exec. */
  readonly exec?: true;
  readonly logGroup?: string;
  /** From RunTask to STOPPED. */
  readonly timeout: number;
  readonly retries: Retries;
}

export interface ReleaseTask extends TaskSettings {
  /** False: after this task has run, a person decides about a failure; nothing rolls back automatically. */
  readonly reversible: boolean;
}

/** One entry of `tasks`: runs independently of releases. */
export interface Task extends TaskSettings {
  /** The service whose revision, network, capacity and roles it takes; its family is that of the service. */
  readonly like?: string;
  /** A tag that it stays on; absent: it runs the digest that is live. */
  readonly pinned?: string;
  /** Tasks that one run starts, 1 to 10. */
  readonly count: number;
  /** What happens to a run that is due while another one is in progress. */
  readonly overlap: 'skip' | 'queue' | 'replace';
  readonly schedule?: Schedule;
  /** Names of channels, by what they are notified of. */
  readonly notify: Readonly<Record<'success' | 'failure' | 'missed', readonly string[]>>;
}

export interface Retries {
  /** Attempts after the first one. */
  readonly times: number;
  /** Before the first repeat; doubled for each further one. */
  readonly backoff: number;
  /** Exit codes that are worth another attempt; without them a task that has run is never repeated. */
  readonly exitCodes: readonly number[] | 'any';
}

/** A schedule of EventBridge Scheduler. */
export interface Schedule {
  /** `cron(...)` or `rate(...)`. */
  readonly expression: string;
  /** IANA name. */
  readonly timeZone: string;
  /** Epoch milliseconds. */
  readonly start?: number;
  readonly end?: number;
  /** It begins within this span after its time, at random; whole minutes, 0: at once. */
  readonly jitter: number;
}

export interface Network {
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly assignPublicIp: boolean;
}

/** Absent on a task: that of the app's first service. */
export type TaskCapacity =
  | { readonly launchType: 'FARGATE' | 'EC2' | 'EXTERNAL' }
  | {
      readonly providers: readonly {
        readonly provider: string;
        readonly weight: number;
        readonly base: number;
      }[];
    };

export interface Timeouts {
  /** From UpdateService to COMPLETED, per wave. Default 30 min. */
  readonly rollout: number;
  /** From the start of a rollback to COMPLETED. Default 30 min. */
  readonly rollBack: number;
  /** How long a task may fail to find capacity before that is a failure. Default 10 min. */
  readonly capacity: number;
}

/** The options of a channel depend on its kind: `announce/channels.ts` has the kinds. */
export interface Channel {
  readonly kind: string;
  readonly [option: string]: unknown;
}

export type SecretReference = { readonly ssm: string } | { readonly secretsManager: string };
