import * as z from 'zod';
import { didYouMean, nearestOf } from '../../shared/domain/nearest.ts';
import { isDuration } from '../duration.ts';
import { DISPUTED } from '../ecs/disputed.ts';
import { STAGES } from '../ecs/shifting/plan.ts';
import { namesFunction } from '../front/faults.ts';
import { FASTEST } from '../pace.ts';

/** Schemas of the control requests. Every unknown field and value is reported. */

const duration = z
  .string()
  .refine(isDuration, 'expected a duration such as "5s", "10m" or "1h30m", at most 366 days');
const times = z.int().positive();

const SPEED = `expected "max" or a number from 1 to ${FASTEST}`;
const speedRequest = z.strictObject({
  speed: z.union([z.literal('max'), z.number().min(1).max(FASTEST)], { error: SPEED }),
});
const advanceRequest = z.strictObject({ advance: duration });

export const pushRequest = z.strictObject({
  repository: z.string().min(1),
  tag: z
    .string()
    .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/, 'expected a tag as OCI allows it')
    .optional(),
  platforms: z
    .array(z.string().regex(/^[a-z0-9]+\/[a-z0-9]+(\/[a-z0-9]+)?$/, 'expected "linux/amd64"'))
    .optional(),
  labels: z.record(z.string(), z.string()).optional(),
  content: z.string().optional(),
});

const callFault = z
  .strictObject({
    operation: z.string().min(1),
    caller: z.string().optional(),
    skip: z.int().min(0).optional(),
    times,
    error: z.string().optional(),
    status: z.int().min(200).max(599).optional(),
    failure: z.string().optional(),
    latency: duration.optional(),
    crash: z.enum(['before', 'after']).optional(),
  })
  .refine(
    (fault) =>
      [fault.error, fault.status, fault.failure, fault.latency, fault.crash].some((one) => one !== undefined),
    'expected one of error, status, failure, latency, crash',
  );

const eventFault = z.strictObject({
  event: z.string().min(1),
  do: z.enum(['drop', 'duplicate', 'delay']),
  by: duration.optional(),
  times,
});

export const resetRequest = z.strictObject({
  /** Keeps the environments of idle functions, with their memory. */
  keepWarm: z.boolean().optional(),
});

export const updateRequest = z.strictObject({
  /** The folder of a package of the same stack. */
  package: z.string().min(1),
  /** Absent: all of the package. */
  functions: z.array(z.string()).min(1).optional(),
});

export const quotasRequest = z.strictObject({ ecs: z.enum(['aws', 'none']) });

export const metricsRequest = z
  .strictObject({
    cluster: z.string().min(1),
    service: z.string().min(1),
    cpu: z.number().min(0).optional(),
    memory: z.number().min(0).optional(),
    requestsPerTarget: z.number().min(0).optional(),
  })
  .refine(
    ({ cpu, memory, requestsPerTarget }) => [cpu, memory, requestsPerTarget].some((one) => one !== undefined),
    'expected one of cpu, memory, requestsPerTarget',
  );

export const findingsRequest = z
  .strictObject({
    repository: z.string().min(1),
    tag: z.string().min(1).optional(),
    digest: z.string().min(1).optional(),
    critical: z.int().min(0).optional(),
    high: z.int().min(0).optional(),
  })
  .refine(
    ({ tag, digest }) => (tag === undefined) !== (digest === undefined),
    'expected either tag or digest',
  );

export const alarmRequest = z.strictObject({
  name: z.string().min(1),
  state: z.enum(['ALARM', 'OK']),
  /** ARNs of the step scaling policies that are its actions. */
  policies: z.array(z.string().min(1)).optional(),
  /** The metric less the threshold of the alarm. */
  breach: z.number().optional(),
});

export const hookRule = z.strictObject({
  function: z.string().min(1).optional(),
  stage: z.enum(STAGES).optional(),
  answer: z.enum(['SUCCEEDED', 'FAILED', 'IN_PROGRESS']),
});

/** Every disputed behavior with one of its values. */
export const disputedRequest = z
  .strictObject({
    deployments: z.enum(DISPUTED.deployments),
    taskDefinition: z.enum(DISPUTED.taskDefinition),
    deploymentEvents: z.enum(DISPUTED.deploymentEvents),
    stillWeights: z.enum(DISPUTED.stillWeights),
    resetWeights: z.enum(DISPUTED.resetWeights),
    linearBreaker: z.enum(DISPUTED.linearBreaker),
    withoutCandidate: z.enum(DISPUTED.withoutCandidate),
    currentDeployment: z.enum(DISPUTED.currentDeployment),
    stopInCleanUp: z.enum(DISPUTED.stopInCleanUp),
    stopOfExpress: z.enum(DISPUTED.stopOfExpress),
    rollingPauses: z.enum(DISPUTED.rollingPauses),
  })
  .partial();

/** `{speed}` or `{advance}`, distinguished by their members, so that errors are about the intended one. */
export function parseClock(body: unknown) {
  return has(body, 'advance') ? parseRequest(advanceRequest, body) : parseRequest(speedRequest, body);
}

/** The names that faults accept: any other would never occur. */
export interface KnownNames {
  readonly operations: ReadonlySet<string>;
  /** Functions, and "external". */
  readonly callers: ReadonlySet<string>;
  /** Detail types. */
  readonly events: ReadonlySet<string>;
}

/** A fault of an event or of a call, distinguished by `event`. Throws for an unknown name. */
export function parseFault(body: unknown, known: KnownNames) {
  if (has(body, 'event')) {
    const fault = parseRequest(eventFault, body);
    checkName('event', fault.event, known.events);
    return fault;
  }
  const fault = parseRequest(callFault, body);
  checkName('operation', fault.operation, known.operations);
  const { caller } = fault;
  if (caller !== undefined && ![...known.callers].some((name) => namesFunction(name, caller)))
    throw unknownName('caller', caller, known.callers);
  return fault;
}

function checkName(field: string, name: string, known: ReadonlySet<string>): void {
  if (!known.has(name)) throw unknownName(field, name, known);
}

function unknownName(field: string, name: string, known: ReadonlySet<string>): Error {
  return new Error(
    `${field}: the local cloud has no ${field} "${name}"${didYouMean(nearestOf(name, candidates(known)))}`,
  );
}

/** Functions can be given by the last part of their name. */
function candidates(known: ReadonlySet<string>): readonly string[] {
  return [...known].flatMap((name) => {
    const words = name.split('-');
    return words.map((_, index) => words.slice(index).join('-'));
  });
}

function has(body: unknown, member: string): boolean {
  return typeof body === 'object' && body !== null && member in body;
}

/** Parses a request body. Throws an Error that lists every fault. */
export function parseRequest<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw new Error(z.prettifyError(result.error).replaceAll('\n', ' '));
}
