/**
 * The types that the parts of the local cloud share. Nothing here uses a socket: the simulation runs in memory, and
 * the HTTP front is a layer above it.
 */

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };
export type JsonObject = { readonly [key: string]: Json | undefined };

/** Stops a timer; harmless after it has fired. */
export type Cancel = () => void;

/** The simulated clock: epoch milliseconds, with a queue of entries; never behind real time. */
export interface Clock {
  now(): number;
  /** Runs `run` when the clock reaches `time` (at once if it is past). Ties run in the order they were scheduled.
   *  `periodic` marks work that does not count as "something is due" (schedules, health checks, metrics, steady-state events). */
  at(time: number, run: () => void, options?: { readonly periodic?: boolean }): Cancel;
  after(milliseconds: number, run: () => void, options?: { readonly periodic?: boolean }): Cancel;
}

/** Random but reproducible names. */
export interface Ids {
  hex(length: number): string;
  digits(length: number): string;
  urlSafe(length: number): string;
  uuid(): string;
  /** In [0, 1). */
  random(): number;
}

/** An error of an AWS service. `name` is the error code: "ClusterNotFoundException". */
export class AwsError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
    /** Further members of the body, such as ConflictException's `resourceIds`. */
    readonly members: JsonObject = {},
  ) {
    super(message);
    this.name = code;
  }
}

/** The caller, from the signature. */
export interface Call {
  /** The function's name, or `external`. */
  readonly caller: string;
  /** ARN of the caller: an assumed role for functions. */
  readonly callerArn: string;
  readonly account: string;
  readonly region: string;
}

/** One AWS service behind the front: operations by name, over parsed members. Times are epoch seconds, as on the wire. */
export interface ServiceApi {
  /** SigV4 and IAM prefix: "ecs", "ecr", "sns", "logs", "ssm", "secretsmanager", "lambda", "events". */
  readonly service: string;
  readonly operations: {
    readonly [operation: string]: (input: JsonObject, call: Call) => Json | Promise<Json>;
  };
}

/** An EventBridge event before its envelope's `version`, `id`, `account`, `region` and `time` are added. */
export interface EventDraft {
  readonly source: string;
  readonly 'detail-type': string;
  readonly resources: readonly string[];
  readonly detail: JsonObject;
}
/**
 * `known`: members of the detail that are available before it is built, all of them plain values; undefined where the
 * detail will have none. Where they show that no one wants the event, its detail is never asked for.
 */
export type Emit = (event: EventDraft, known?: JsonObject) => void;

/** How containers behave: `POST /_local/behaviours`. The newest matching rule wins, field by field it does not merge. */
export interface Behaviour {
  readonly image?: string;
  readonly family?: string;
  readonly container?: string;
  readonly for?: 'service' | 'task';
  readonly pull?: 'ok' | 'notFound' | 'denied' | 'wrongPlatform' | 'slow';
  /** Duration text such as "5s". */
  readonly startAfter?: string;
  readonly exit?: 'never' | { readonly after: string; readonly code: number; readonly reason?: string };
  /** No task of a service can be placed, for this reason: "RESOURCE:FARGATE". Tried again every minute. */
  readonly unplaced?: string;
  readonly failToStart?: { readonly stopCode: string; readonly reason: string };
  readonly interruptAfter?: string;
  /** "healthy", "unhealthy" or "healthyAfter 90s". */
  readonly health?: string;
  /** The same; also "unhealthy 404" (the code that the target answers) and "unhealthy timeout". */
  readonly targetHealth?: string;
  readonly logs?: readonly string[];
}

/** What ECS needs from the registry to pull an image. */
export interface ImageStore {
  /**
   * `reference`: an image as a task definition names it. 'foreign': of a private registry of another account or region.
   * Undefined: of a registry that is not ECR's, or a public one (then it is taken to exist).
   */
  resolve(reference: string): KnownImage | 'notFound' | 'foreign' | undefined;
}

/** An image of this account's registry. */
interface KnownImage {
  readonly digest: string;
  readonly repository: string;
  readonly tags: readonly string[];
  readonly platforms: readonly string[];
}

/** Writes a container's standard output (awslogs). */
export type WriteLog = (group: string, stream: string, message: string) => void;

/** Creates the stream of a container, which exists from its start, even if it never writes. */
export type OpenLog = (group: string, stream: string) => void;

/** A finished call: `GET /_local/calls`. */
export interface CallRecord {
  readonly at: string;
  readonly caller: string;
  readonly service: string;
  readonly operation: string;
  readonly status: number;
}
