import type { Image, ImageName } from './image.ts';
import type { LogTail } from './logs.ts';

/** The step that an open release is in. */
export type Step = 'preparing' | 'migrating' | 'rolling' | 'verifying' | 'rollingBack';

/** How a release ended. `rollbackFailed`: it failed and so did its rollback, the loudest outcome. */
export type ReleaseOutcome = 'live' | 'failed' | 'rolledBack' | 'superseded' | 'rollbackFailed';

/** Who or what asked for a release. */
export type Trigger =
  | { readonly kind: 'push' }
  | ({ readonly kind: 'deploy'; readonly despiteHold?: DespiteHold } & Again & Person)
  | ({ readonly kind: 'rollback'; readonly to?: number } & Person);

/** The person who asked for something. */
export interface Person {
  /** As they claimed: Lambda does not pass the caller to a function. */
  readonly who: string;
  /** Of their invocation; absent: it was stored before request ids were. CloudTrail knows its caller. */
  readonly requestId?: string;
}

/** By family: the ARN of the revision that the new one is made from, instead of the one that runs. */
type Bases = Readonly<Record<string, string>>;

/** How a person orders the live image again. */
export interface Again {
  /** Whatever is live when the release starts. */
  readonly live?: true;
  /** Every service gets new tasks, although nothing of it changes. */
  readonly restart?: true;
  readonly bases?: Bases;
  /** By service. Left out once the release has started: its services have them. */
  readonly settings?: Readonly<Record<string, ServiceSettings>>;
}

/** Settings of a service whose change starts a deployment: members of UpdateService, as the text of a JSON object. */
export interface ServiceSettings {
  readonly to: string;
  /** What the service had before: a rollback restores it. */
  readonly from: string;
}

/** A person's explicit way past one hold. */
interface DespiteHold {
  readonly reason: string;
  /** When that hold last stopped the app, epoch milliseconds: a later stop is another decision. */
  readonly placedAt: number;
}

/**
 * One attempt to bring an app to an image. `id` is random and is what tokens and tags use,
 * so that a table restored from a backup cannot meet its own past; `number` is for people.
 */
export interface Release {
  readonly id: string;
  readonly number: number;
  readonly image: Image;
  readonly previous?: ImageName;
  readonly trigger: Trigger;
  /** Epoch milliseconds, like every time here. */
  readonly startedAt: number;
  readonly step: Step;
  readonly steps: readonly StepRecord[];
  readonly services: readonly ServiceRollout[];
  /** When the current step is given up; later where it had to wait for AWS's rate limit. */
  readonly deadline: number;
  /** Since when it waits for AWS's rate limit. */
  readonly rateLimitedSince?: number;
  /** When ECS was last asked how this release stands. */
  readonly lookedAt: number;
  /** When ECS was asked once more, since the time of the current step is over. */
  readonly lastLookAt?: number;
  /** When ECS was last asked how far the traffic has shifted. */
  readonly shiftsLookedAt?: number;
  /** Set when the release has failed and rolls back: what it will end as. */
  readonly failure?: Failure;
  /** Things people should know that do not stop the release. */
  readonly notes: readonly string[];
  readonly end?: { readonly outcome: ReleaseOutcome; readonly reason: string; readonly at: number };
}

/** A line of the message: "☐ migrate", "✓ roll web-app 3/3". */
export interface StepRecord {
  /** "db-migrate", "roll", "smoke-test", "roll back". */
  readonly name: string;
  readonly kind: 'prepare' | 'task' | 'roll' | 'rollBack';
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly state: 'pending' | 'running' | 'done' | 'failed' | 'skipped';
}

/** Why a release failed: the first cause, in words a person can act on. */
export interface Failure {
  /** Outcome the release will have once everything has rolled back. */
  readonly outcome: 'failed' | 'rolledBack' | 'superseded';
  readonly service?: string;
  readonly task?: string;
  readonly cause: Cause;
  readonly at: number;
  /** Of the invocation by the person who ended the release. */
  readonly requestId?: string;
  /** The end of what the containers wrote that it is about, secrets masked. */
  readonly tail?: LogTail;
}

/** A first cause with its evidence. */
export interface Cause {
  /** Machine-readable, for filters: "imageNotFound", "wrongPlatform", "crash", "outOfMemory", "timeout", … */
  readonly kind: string;
  /** One true sentence. */
  readonly sentence: string;
  /** What to do about it, where that is known. */
  readonly advice?: string;
  /** AWS's own words, with nothing changed but secrets. */
  readonly evidence: readonly string[];
  readonly exitCode?: number;
  readonly container?: string;
  /** Whether waiting could help: a cause that cannot heal ends the release at once. */
  readonly canHeal: boolean;
}

/** One service within one release. */
export interface ServiceRollout {
  readonly service: string;
  readonly wave: number;
  readonly state:
    | 'pending'
    | 'updating'
    | 'rolling'
    | 'live'
    | 'unchanged'
    | 'failed'
    | 'rollingBack'
    | 'rolledBack'
    | 'rollbackFailed';
  /** What ran before: never touched by `decide` after it was first seen. */
  readonly before?: ServiceBefore;
  /** Settings that the release brings beside the revision; absent once it has ended. */
  readonly settings?: ServiceSettings;
  /** Revision ARN that this release brings. */
  readonly target?: string;
  /** The deployment id that UpdateService answered: the only one we judge by. */
  readonly deploymentId?: string;
  /** When ECS created it, as UpdateService answered: it distinguishes an older answer from a rollback. */
  readonly deployedAt?: number;
  /** A look has shown it. */
  readonly seen?: boolean;
  /** When a look first proved nothing: another one follows. */
  readonly doubtedAt?: number;
  /** The deployment that rolls the service back. */
  readonly rollbackDeploymentId?: string;
  /** When ECS created it; absent where ECS itself rolls the service back. */
  readonly rollbackDeployedAt?: number;
  /** Revision that the service rolls back to: `before`'s, or its pinned copy. */
  readonly rollbackRevision?: string;
  /** Tasks of our deployment that stopped on their own, each checked once. */
  readonly stoppedTasks: readonly string[];
  readonly firstCause?: Cause;
  /** The stopped task that `firstCause` is of. */
  readonly causeTask?: string;
  /** Progress for people: healthy-looking tasks of our deployment, and wanted ones. */
  readonly running: number;
  readonly desired: number;
  /** Stopped tasks that make a failure with none healthy: max(3, the breaker's threshold). */
  readonly threshold: number;
  /** What the last look said of it, for people: "web-app:11 at 3/3 tasks". */
  readonly runs?: string;
  /** The parts of its rolling deployment, once that is live. */
  readonly times?: RolloutTimes;
  /** The service has lifecycle hooks: its deployment may wait for a person. */
  readonly mayPause?: boolean;
  /** Milliseconds that a rolling deployment bakes once its tasks are healthy. */
  readonly bake?: number;
  /** Of a service whose deployments shift traffic. */
  readonly shift?: TrafficShift;
  /** Where its deployment waits for a person. */
  readonly pauses?: readonly Pause[];
}

/** Where the time of a rolling deployment went, milliseconds; what is not known is absent. */
export interface RolloutTimes {
  /** Until its first tasks were placed. */
  readonly placed?: number;
  /** From there until the last one was registered with its load balancer: pull and start. */
  readonly started?: number;
  /** From there until old tasks could stop. */
  readonly healthy?: number;
  /** From there until the last old task was gone. */
  readonly drained?: number;
  /** Whether ECS said that targets were deregistered meanwhile. */
  readonly drains?: boolean;
}

/** How far a deployment that shifts traffic has come. */
export interface TrafficShift {
  /** BLUE_GREEN, LINEAR or CANARY. */
  readonly strategy: string;
  /** Milliseconds that steps and bakes take by the service's configuration. */
  readonly takes: number;
  /** Milliseconds of the bake after the last step. */
  readonly bake?: number;
  /** When UpdateService was ordered: no service deployment of ours is older. */
  readonly orderedAt?: number;
  /** ARN of our service deployment, once its target was seen to be our revision. */
  readonly deployment?: string;
  readonly stage?: string;
  /** When a look first showed this stage. */
  readonly stageSince?: number;
  /** Share of the traffic that the new revision gets, in percent. */
  readonly share?: number;
  readonly testShare?: number;
  /** Whether the circuit breaker or alarms of ECS can still end it. */
  readonly watched?: boolean;
  /** When a look first showed that its tasks run. */
  readonly scaledUpAt?: number;
  /** When a look first showed that it has succeeded. */
  readonly endedAt?: number;
  /** It was announced that it takes longer than expected. */
  readonly late?: boolean;
  /** ECS was asked to stop it, or rolls it back: how that ends decides what is ordered. */
  readonly stopping?: boolean;
  /** ARN of the service deployment that brings the earlier revision back, once its target was seen to be that. */
  readonly returning?: string;
}

/** A pause of a deployment that only a person or its timeout ends. */
export interface PauseHook {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly expiresAt?: number;
  /** What ECS does then. */
  readonly timeoutAction?: 'CONTINUE' | 'ROLLBACK';
}

export interface Pause extends PauseHook {
  readonly stage: string;
  readonly since: number;
  /** ARN of the service deployment that waits. */
  readonly deployment: string;
  /** Reminders that were sent. */
  readonly reminders: number;
  /** Who continued it. */
  readonly continuedBy?: string;
}

interface ServiceBefore {
  readonly taskDefinition: string;
  readonly deploymentId: string;
  /** When ECS had last changed that deployment. */
  readonly changedAt?: number;
  /** Digest that each container of the app's image ran, as ECS resolved it. */
  readonly digest?: string;
  readonly tag?: string;
}
