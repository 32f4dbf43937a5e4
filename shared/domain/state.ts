import type { AlertBook, AlertLook, StoppedSight } from './alert.ts';
import type { App, Network, TaskCapacity } from './app.ts';
import type { Image, ImageName, Platform } from './image.ts';
import type { LogTail } from './logs.ts';
import type { LedgerEntry, OperatorRequest } from './operator.ts';
import type { Cause, Release, Trigger } from './release.ts';
import type { Run, ScheduleMemory } from './run.ts';

/** Everything Fairway knows of one app: one item of the table, the source of truth. Times are epoch milliseconds. */
export interface AppState {
  readonly app: string;
  /** First sight. Images that ECR had by then are "before Fairway" and never deploy by themselves. */
  readonly adoptedAt?: number;
  readonly live?: LiveImage;
  /** The one open release. */
  readonly release?: Release;
  /** The release that ended last, and those before it that are not in the history yet. Newest first. */
  readonly ended: readonly Release[];
  /** The newest accepted image that has to wait: for the open release to end, or for a hold to be lifted. */
  readonly waiting?: Candidate;
  readonly hold?: Hold;
  /** Number of the last release: numbers only go up. */
  readonly lastNumber: number;
  /** Images that are not tried again by themselves, newest first, at most 50. */
  readonly spent: readonly SpentImage[];
  /** Images that were live, newest first, at most 20: what a person can go back to. */
  readonly proven: readonly LiveImage[];
  /** Deployments that Fairway knows of, per service, newest first, at most 6: the others are foreign. */
  readonly known: Readonly<Record<string, readonly string[]>>;
  /** The digest each service runs, as last proven: what a tag in an old revision meant. */
  readonly digests: Readonly<Record<string, string>>;
  /** What was decided and is not yet known to be done. */
  readonly outbox: readonly PendingEffect[];
  /** What channels remember of the message about a release or an alert: by its id and channel. */
  readonly memories: Readonly<Record<string, string>>;
  /** Runs of the app's tasks that are open, and those that ended and are not in the history yet. Oldest first. */
  readonly runs: readonly Run[];
  /** By name of the task. */
  readonly schedules: Readonly<Record<string, ScheduleMemory>>;
  /** Ids of runs that people asked for lately, newest first, at most 20: asked for twice they run once. */
  readonly askedRuns: readonly string[];
  /** What goes wrong with the services outside of releases; absent until something did. */
  readonly alerts?: AlertBook;
}

export interface LiveImage extends ImageName {
  readonly pushedAt: number;
  /** The newest tag that the same image was pushed under later. */
  readonly newestTag?: string;
  /** Absent when it was running before Fairway. */
  readonly release?: number;
  readonly since: number;
}

export interface Candidate {
  readonly image: Image;
  readonly trigger: Trigger;
}

export interface Hold {
  readonly by: string;
  readonly reason: string;
  readonly at: number;
}

export interface SpentImage {
  readonly digest: string;
  readonly release: number;
  /** "failed", "was rolled back by …". */
  readonly how: string;
}

// ── Effects: what is to be done, as references, small enough for the item ──

export interface PendingEffect {
  /** Unique among pending effects; answers name it. */
  readonly key: string;
  readonly effect: Effect;
  /** How often it may have been performed already: 0 is certainly new. */
  readonly attempt: number;
  readonly since: number;
  /** Not to be tried before: set by a retry. */
  readonly notBefore?: number;
  /** Why it was not done when it was last tried. */
  readonly why?: string;
  /** People were told that it does not get done. */
  readonly told?: boolean;
  /** Asked for again while it may already be under way: to be done once more after its answer. */
  readonly again?: boolean;
}

export type Effect = EcsEffect | RecordEffect | AnnounceEffect;

export type EcsEffect =
  | AlertLook
  | { readonly kind: 'adopt'; readonly services: readonly string[] }
  | {
      readonly kind: 'inspectImage';
      /** A tag, a digest, or nothing: then the newest image that counts. */
      readonly tag?: string;
      readonly digest?: string;
      readonly trigger: Trigger;
      readonly source: 'event' | 'sweep' | 'operator';
      /** When the push was, as its event says: the image itself may have been in ECR for long. */
      readonly at?: number;
    }
  | { readonly kind: 'lookAtServices'; readonly services: readonly string[] }
  | { readonly kind: 'readBases'; readonly bases: readonly BaseRequest[] }
  | {
      readonly kind: 'register';
      readonly base: string;
      /** What the revision is for: "service:web-app", "task:db-migrate". */
      readonly for: readonly string[];
      readonly containers: readonly string[];
      /** The base was chosen for being the newest of its family: the new revision says so in a tag. */
      readonly latest: boolean;
      /** Tags of the new revision are made from these. */
      readonly image: Image;
      readonly releaseId: string;
      readonly release: number;
    }
  | {
      readonly kind: 'runTask';
      readonly task: string;
      readonly revision: string;
      readonly releaseId: string;
      readonly attempt: number;
      /** When this attempt was first decided: one unanswered for over 45 minutes is never repeated. */
      readonly firstAt: number;
    }
  | { readonly kind: 'lookAtTask'; readonly taskArn: string }
  | { readonly kind: 'stopTask'; readonly taskArn: string; readonly reason: string }
  | {
      readonly kind: 'updateService';
      readonly service: string;
      readonly revision: string;
      /** PRIMARY when the release began: a repeat sends only while it is still that one. */
      readonly expected: string;
    }
  /** Why tasks of a deployment stop or are being stopped, where ECS's verdict came before any task's. */
  | { readonly kind: 'findCause'; readonly service: string; readonly deploymentId: string }
  | { readonly kind: 'countHealthy'; readonly service: string; readonly deploymentId: string }
  /** Finds, or registers, the revision that a run starts, and where it runs. */
  | {
      readonly kind: 'prepareRun';
      readonly run: string;
      readonly task: string;
      /** Number of the live release, 0 before the first: for the tags of a new revision. */
      readonly release: number;
      /** What is live; absent where the task stays on a tag. */
      readonly image?: ImageName;
    }
  /** What is not said here is as configured. */
  | {
      readonly kind: 'startRun';
      readonly run: string;
      readonly task: string;
      readonly attempt: number;
      readonly container: string;
      /** Tasks to start: all of the run's but those that have succeeded. */
      readonly count: number;
      readonly revision: string;
      readonly command?: readonly string[];
      readonly network?: Network;
      readonly capacity?: TaskCapacity;
      readonly firstAt: number;
    }
  /** The last lines of what went wrong: of tasks of a run, of a release, or of a service in trouble. */
  | {
      readonly kind: 'readLines';
      readonly of: 'run' | 'release' | 'alert';
      /** Of the run, release or alert. */
      readonly id: string;
      readonly revision: string;
      readonly taskArns: readonly string[];
      /** Kind of the cause that they are to explain: that of an alert may be another one by then. */
      readonly cause?: string;
    }
  | {
      readonly kind: 'putBack';
      readonly service: string;
      /** Revision and digest that ran before. */
      readonly revision: string;
      readonly digest?: string;
      /** The revision that this release brought: a PRIMARY at it is ours, even where the answer was lost. */
      readonly target: string;
      /** PRIMARY when the release began. */
      readonly expected: string;
      readonly ours: readonly string[];
      readonly releaseId: string;
      readonly release: number;
    };

export interface BaseRequest {
  /** Revision ARN, or a family: its newest ACTIVE revision. */
  readonly reference: string;
  /** Rather than `reference`: this family's newest ACTIVE revision that Fairway did not make, if there is one. */
  readonly latestOf?: string;
  /** What the base is for: "service:web-app", "task:db-migrate". */
  readonly for: readonly string[];
  readonly containers: readonly string[];
}

export type RecordEffect =
  | { readonly kind: 'recordPush'; readonly entry: LedgerEntry; readonly overwrite: boolean }
  | { readonly kind: 'recordRelease'; readonly releaseId: string }
  | { readonly kind: 'recordRun'; readonly run: string };

export type AnnounceEffect =
  | {
      readonly kind: 'announceRelease';
      readonly channel: string;
      readonly releaseId: string;
      readonly release: number;
    }
  | { readonly kind: 'announceRun'; readonly channel: string; readonly run: string }
  | { readonly kind: 'announceAlert'; readonly channel: string; readonly alert: string }
  | {
      readonly kind: 'announceApp';
      readonly channel: string;
      readonly topic: string;
      readonly severity: 'info' | 'warning' | 'failure';
      readonly sentence: string;
      readonly at: number;
    };

// ── Answers: what performing an effect found out ──

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

// ── Events: everything that can make a decision ──

export type DomainEvent =
  | {
      readonly type: 'imagePushed';
      readonly tag: string;
      readonly digest: string;
      readonly at: number;
      readonly source: 'event' | 'sweep';
    }
  | {
      readonly type: 'taskStopped';
      readonly taskArn: string;
      readonly service?: string;
      readonly deploymentId?: string;
      readonly scaledIn: boolean;
    }
  | {
      readonly type: 'deploymentEnded';
      readonly service: string;
      readonly deploymentId: string;
      readonly failed?: boolean;
    }
  /** ECS says something about a service as a whole. `words`: its reason, such as "RESOURCE:FARGATE". */
  | {
      readonly type: 'serviceAction';
      readonly service: string;
      readonly action: 'steady' | 'placement' | 'startImpaired';
      readonly words?: string;
    }
  | { readonly type: 'tick' }
  | {
      readonly type: 'operator';
      readonly request: Exclude<
        OperatorRequest,
        { command: 'status' | 'releases' | 'why' | 'redrive' | 'runs' | 'follow' }
      >;
    }
  /** A schedule called. `at`: the time it named. */
  | { readonly type: 'scheduled'; readonly task: string; readonly at: number }
  /** The sweep has held a schedule against what has called: these times have passed without a call. */
  | { readonly type: 'scheduleChecked'; readonly task: string; readonly missed: readonly number[] }
  | { readonly type: 'answered'; readonly key: string; readonly answer: Answer };

/** What `decide` is told besides state and event. */
export interface Circumstances {
  readonly app: App;
  /** Epoch milliseconds. */
  readonly now: number;
  /** A fresh random id, used if a release starts. */
  readonly freshId: string;
  /** Somebody else may be performing effects right now: what is pending may be under way. */
  readonly contended: boolean;
}

export interface Decision {
  readonly state: AppState;
  /** Why, in one sentence: for the log, and for the operator who asked. */
  readonly reason: string;
  /** False: nothing is to be written. */
  readonly changed: boolean;
  /** An operator's request that was not carried out. */
  readonly refused?: boolean;
}
