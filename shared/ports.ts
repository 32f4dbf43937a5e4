import type { Answer } from './domain/answers.ts';
import type { App, Network, TaskCapacity } from './domain/app.ts';
import type { ObservedTargetGroup } from './domain/diagnosis/targetGroups.ts';
import type { EcsEffect } from './domain/effects.ts';
import type { Image } from './domain/image.ts';
import type { Launch, ServiceLaunch } from './domain/launch.ts';
import type { LogTail } from './domain/logs.ts';
import type { ObservedService, ObservedServiceDeployment, ObservedTask } from './domain/observations.ts';
import type { Overrides } from './domain/overrides.ts';
import type { NamedRepository } from './domain/registry.ts';
import type { Cause } from './domain/release.ts';
import type { RawDefinition, RevisionTag } from './domain/revision.ts';
import type { TrafficPath, Weights } from './domain/strategies/traffic.ts';

/** What the loop needs of the runtime, in domain words. `shared/aws/` and `test/fakes.ts` implement it. */

/**
 * What AWS answered instead of doing it. Adapters throw nothing else for an API's own errors.
 * `passing`: the same call may succeed later (throttling, 5xx, a lost answer, a race of revisions).
 */
export class AwsFault extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly passing: boolean,
    /** ConflictException's task ARNs. */
    readonly resourceIds: readonly string[] = [],
    options: ErrorOptions & { readonly throttling?: Throttling } = {},
  ) {
    super(message, options);
    this.name = 'AwsFault';
    this.throttling = options.throttling;
  }

  /** Set: the call was certainly not carried out, since it came too early for AWS's rates. */
  readonly throttling: Throttling | undefined;
}

/** `sent`: AWS refused the call. `held`: it was not sent, since AWS would have refused it. */
export type Throttling = 'sent' | 'held';

/** Operations of ECS that change something, each of which an invocation sends at ECS's rate. */
export type PacedOperation = 'RegisterTaskDefinition' | 'UpdateService' | 'RunTask' | 'StopTask';

/** At which pace this invocation sends calls that change something. */
export interface Pacing {
  pace(operation: PacedOperation): Pace;
}

/** Whether more calls of an operation can be sent by this invocation. */
export interface Pace {
  /** How many can be sent within a few seconds. */
  readonly room: number;
  /** Without room: after how many milliseconds there may be some. Absent: not in this invocation. */
  readonly wait?: number;
}

export interface Ecs {
  /** Any number of names, in batches of 10; missing services are `found: false`. */
  services(cluster: string, names: readonly string[]): Promise<readonly ObservedService[]>;
  /** What a service adds to its tasks, for tasks that run like it; from the last look if there was one. `launch` is absent where there is no such service. */
  networkAndCapacity(
    cluster: string,
    service: string,
  ): Promise<{
    readonly network?: Network;
    readonly capacity?: TaskCapacity;
    readonly launch?: ServiceLaunch;
  }>;
  /** "ARM64": the architecture of a service in Express Mode, where ECS has another one than the task definition. */
  platformOverride(cluster: string, service: string): Promise<string | undefined>;
  /** The load balancers of a service that shift its traffic; none: it has no own listener rule. */
  traffic(cluster: string, service: string): Promise<readonly TrafficPath[]>;
  /** Raw definition and tags. A full ARN is remembered for as long as this object lives: revisions never change. */
  taskDefinition(
    reference: string,
  ): Promise<{ readonly taskDefinition: RawDefinition; readonly tags: readonly RevisionTag[] }>;
  /** Registers raw JSON and answers the new revision's ARN. */
  register(input: RawDefinition): Promise<string>;
  /**
   * The newest revision of this family, newer than `base`, that carries this release's id and is the one wanted, if
   * a lost answer left one. A release may register several of one family: `isWanted` selects the right one.
   */
  findRegistered(
    base: string,
    releaseId: string,
    isWanted: (taskDefinition: RawDefinition) => boolean,
  ): Promise<string | undefined>;
  /** The newest revision of a family that Fairway made and that is the one wanted: among the family's last ten. */
  findMade(family: string, isWanted: (taskDefinition: RawDefinition) => boolean): Promise<string | undefined>;
  /** The family's newest ACTIVE revision that Fairway did not make. */
  newestOfOthers(family: string): Promise<string | undefined>;
  /**
   * Sends the task definition, and what a person's order changes besides (the text of a JSON object); answers the PRIMARY deployment. Sent once, like every call that changes
   * something: where the answer is lost, the fault passes, and a repeat looks first.
   */
  update(
    cluster: string,
    service: string,
    taskDefinition: string,
    settings?: string,
  ): Promise<StartedDeployment>;
  /** Of one service since then (epoch milliseconds), newest first, at most 20. */
  serviceDeployments(
    cluster: string,
    service: string,
    since: number,
  ): Promise<readonly ObservedServiceDeployment[]>;
  /** By ARN, any number of them, in batches of 20. Those that ECS does not know are absent; `taskDefinition` is "". */
  deploymentsNamed(arns: readonly string[]): Promise<ReadonlyMap<string, ObservedServiceDeployment>>;
  /** Returns the traffic to the revision before, and stops the new tasks. */
  stopDeployment(arn: string): Promise<void>;
  answerPause(arn: string, hook: string, action: 'CONTINUE' | 'ROLLBACK'): Promise<void>;
  /** ECS may start some of the tasks only: then `failure` says why not the others. */
  run(input: RunTaskInput): Promise<{ readonly taskArns: readonly string[]; readonly failure?: string }>;
  /** `found: false` when ECS answers MISSING. */
  task(cluster: string, taskArn: string): Promise<ObservedTask>;
  /** Any number of ids or ARNs, in batches of 100; those that ECS does not know are `found: false`. */
  tasks(cluster: string, tasks: readonly string[]): Promise<readonly ObservedTask[]>;
  /** Every task with this `startedBy` that ECS still shows, running and stopped. */
  tasksStartedBy(cluster: string, startedBy: string): Promise<readonly ObservedTask[]>;
  stop(cluster: string, taskArn: string, reason: string): Promise<void>;
  /** Tasks of one deployment that are running, and those that look healthy. */
  countHealthy(
    cluster: string,
    deploymentId: string,
  ): Promise<{ readonly running: number; readonly healthy: number }>;
  /**
   * Why a deployment fails: by its stopped tasks, of which the first are named, or else by the service's events.
   * Undefined: unknown.
   */
  firstCause(
    cluster: string,
    service: string,
    deploymentId: string,
  ): Promise<{ readonly cause: Cause; readonly taskArns: readonly string[] } | undefined>;
  /**
   * Where a task was stopped for the load balancer's health checks: how they failed, by the service's own events since
   * then (epoch milliseconds).
   */
  targetHealth(cluster: string, service: string, cause: Cause, since: number): Promise<Cause>;
  /** What the service's own events since then (epoch milliseconds) say is wrong. Undefined: nothing. */
  troubleOf(cluster: string, service: string, since: number): Promise<Cause | undefined>;
  /** Digests by container that ECS resolved for what a service runs now (DescribeServiceRevisions). */
  runningDigests(cluster: string, service: string): Promise<Readonly<Record<string, string>>>;
}

export interface StartedDeployment {
  readonly deploymentId: string;
  /** Epoch milliseconds, by ECS's clock. */
  readonly createdAt?: number;
}

export interface RunTaskInput extends Overrides {
  readonly cluster: string;
  readonly taskDefinition: string;
  /** 33–126 characters, at most 64: the same token never starts a second task. */
  readonly clientToken: string;
  readonly startedBy: string;
  /** 1 to 10. */
  readonly count?: number;
  readonly network?: Network;
  readonly capacity?: TaskCapacity;
  readonly launch?: Launch;
}

export interface Images {
  /** Resolves a tag or digest; platforms and labels included. Undefined: there is nothing. */
  inspect(
    repository: NamedRepository,
    reference: { readonly tag: string } | { readonly digest: string },
  ): Promise<Inspected | undefined>;
  /** Tagged images, archived ones included, from `next` on. */
  tagged(repository: NamedRepository, next?: string): Promise<TaggedPage>;
}

export type Inspected =
  | { readonly image: Image; readonly storage: 'ACTIVE' | 'ARCHIVED' | 'ACTIVATING' }
  /** What is there is no image, and why. */
  | { readonly notAnImage: string; readonly digest: string };

interface TaggedPage {
  readonly images: readonly TaggedImage[];
  /** Where the listing continues; absent: that was all. */
  readonly next?: string;
}

export interface TaggedImage {
  readonly tag: string;
  readonly digest: string;
  /** When ECR first had the digest: the tag may be younger. */
  readonly pushedAt: number;
  /** Why it cannot run. */
  readonly notAnImage?: string;
}

/** What load balancers know of the services' tasks. */
export interface LoadBalancers {
  /** A target group and its targets, from the last look if there was one: two calls. Undefined: there is none. */
  targetGroup(arn: string): Promise<ObservedTargetGroup | undefined>;
  /** The weights of a listener rule, or of a listener's default action. Undefined: there is none. */
  weights(arn: string): Promise<Weights | undefined>;
}

/** Keeps two people from applying infrastructure at the same time. */
export interface ApplyLock {
  /** Takes it, unless someone else has it by then: answers who. The same id takes it again; 0 gives it back. */
  take(wanted: LockHolder, now: number): Promise<LockHolder | undefined>;
}

export interface LockHolder {
  readonly id: string;
  readonly who: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** What containers write. */
export interface Logs {
  /**
   * What the containers of a task wrote: the lines around the one that says why, merged by time, of the first of these
   * tasks of one revision that wrote any. Secrets are masked, long lines are cut.
   * @param blamed the container that the failure is about; its lines come first
   */
  tail(revision: string, taskArns: readonly string[], blamed?: string): Promise<LogTail>;
  /** Lines since `cursor`, each with its task, and the cursor for the next time. */
  since(revision: string, taskArns: readonly string[], cursor: string | undefined): Promise<LogPage>;
}

/** A part of a log, small enough to be answered by a function. */
export interface LogPage extends LogTail {
  readonly cursor: string;
  /** There are more lines already. */
  readonly more: boolean;
  /** Every stream was read to its end: nothing came since the last time. */
  readonly dry: boolean;
  /** Containers that have written nothing so far, a sentence each. */
  readonly silent: readonly string[];
}

/** Events that could not be delivered, or that functions gave up. */
export interface ParkedEvents {
  /** Some of them; no other caller gets them for a while. None: there are no more. */
  take(): Promise<readonly ParkedEvent[]>;
}
interface ParkedEvent {
  readonly body: string;
  /** It was dealt with, and is parked no longer. */
  done(): Promise<void>;
}

/** Performs one effect on ECS or ECR. `attempt` 0 is certainly the first; otherwise it may have been done already. */
export type PerformEcs = (app: App, effect: EcsEffect, attempt: number) => Promise<Answer>;
