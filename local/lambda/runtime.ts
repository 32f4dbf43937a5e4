import {
  AwsError,
  type Clock,
  type Ids,
  type JsonObject,
  type ServiceApi,
  type WriteLog,
} from '../contract.ts';
import { authorize } from '../iam/authorize.ts';
import type { Request } from '../iam/evaluate.ts';
import type { Policy } from '../iam/policy.ts';
import type { Recorder } from '../iam/recorder.ts';
import type { StackFunction } from '../stack/stack.ts';
import { lambdaApi } from './api.ts';
import type { Invocation, Outcome } from './environment.ts';
import { failureMessages } from './failures.ts';
import { createQueue } from './queue.ts';
import { findTarget, nameOf, type Target } from './target.ts';
import { createWorkers, type Run } from './workers.ts';

export interface RuntimeOptions {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly account: string;
  readonly region: string;
  readonly functions: readonly StackFunction[];
  /** The AWS endpoint; a function, since the port is not known at first. */
  readonly endpoint: () => string;
  readonly slackUrl: () => string;
  readonly writeLog: WriteLog;
  /** How many workers load their code at the same time; default: a few. */
  readonly mostStarting?: number;
  /** Receives the messages for on-failure destinations and dead-letter queues. */
  readonly deadLetter: (arn: string, body: string, attributes: Readonly<Record<string, string>>) => void;
  /** Called when the first of several invocations starts and when the last one ends. */
  readonly onBusyChange?: (busy: boolean) => void;
  /** Records which statements of the functions' roles Lambda itself used (logs, destinations). Owner: the role's name. */
  readonly recorder?: Recorder;
  /** Called with what a role does not allow Lambda itself to do; AWS does not report it. */
  readonly warn?: (message: string) => void;
}

/** One finished invocation: `GET /_local/invocations`. */
export interface InvocationRecord {
  readonly at: string;
  readonly function: string;
  readonly trigger: string;
  readonly durationMs: number;
  readonly coldStart: boolean;
  readonly error?: string;
}

/** The owner of the credentials that signed a call. */
export interface FunctionCaller {
  readonly caller: string;
  readonly callerArn: string;
  readonly roleName: string;
  readonly policies: readonly Policy[];
  /** False if the worker has ended: its last requests arrived too late. */
  readonly alive: boolean;
}

export interface Runtime {
  /** Puts an event (JSON) into the function's asynchronous queue. Throws ResourceNotFoundException. */
  invokeAsync(functionName: string, payload: string, trigger: string): void;
  /** Runs a function and waits. Throws ResourceNotFoundException, TooManyRequestsException. */
  invokeSync(
    functionName: string,
    payload: string,
  ): Promise<{ readonly payload: string; readonly functionError?: string }>;
  /** Whether there is such a function, by name or ARN. */
  has(functionName: string): boolean;
  readonly api: ServiceApi;
  /** Invocations from now on run this code, with its role and environment. Throws for a function that does not exist. */
  update(definition: StackFunction): void;
  busy(): boolean;
  invocations(): readonly InvocationRecord[];
  callerOf(accessKeyId: string): FunctionCaller | undefined;
  /** Ends running workers, as a crash would: the one of an access key, or all of a function. */
  kill(accessKeyIdOrFunction: string): void;
  /** Ends all workers, except idle ones that stay warm, and drops events and records. */
  reset(keepWarm?: boolean): Promise<void>;
  /** Like reset, and removes the unpacked code. */
  close(): Promise<void>;
}

/** Runs packaged functions in worker threads, one per concurrent execution, as Lambda would. */
export function createRuntime(options: RuntimeOptions): Runtime {
  const { clock, ids, account, region } = options;
  const functions = new Map(options.functions.map((definition) => [definition.name, definition]));
  const runtime: RuntimeState = {
    ...options,
    workers: createWorkers({
      ...options,
      now: () => now(runtime),
      permitted: (definition, needs) => permitted(runtime, definition, needs),
    }),
    queue: createQueue({
      clock,
      start: (event, settle) => {
        const definition = functions.get(event.definition.name) ?? event.definition;
        return start(runtime, definition, event, event.trigger, settle);
      },
      abandon: (event, why) => sendToDeadLetters(runtime, event, why),
    }),
    running: new Map(),
    records: [],
    inFlight: 0,
    generation: 0,
    busySince: { simulated: 0, real: 0 },
  };
  const { queue, workers } = runtime;
  const find = (name: string, qualifier?: string) =>
    findTarget(functions, name, qualifier, { account, region });
  return {
    invokeAsync: (functionName, payload, trigger) =>
      queue.submit({ ...find(functionName), payload, trigger, requestId: ids.uuid() }),
    async invokeSync(functionName, payload) {
      const outcome = await run(runtime, find(functionName), payload);
      return { payload: outcome.payload, ...(outcome.ok ? {} : { functionError: 'Unhandled' }) };
    },
    has: (functionName) => functions.has(nameOf(functionName)),
    api: lambdaApi({
      find,
      accept: (target, payload) =>
        queue.submit({ ...target, payload, trigger: 'Invoke', requestId: ids.uuid() }),
      run: (target, payload, clientContext) => run(runtime, target, payload, clientContext),
    }),
    update(definition) {
      find(definition.name);
      functions.set(definition.name, definition);
    },
    busy: () => runtime.inFlight > 0,
    invocations: () => runtime.records,
    callerOf: (accessKeyId) => callerOf(runtime, accessKeyId),
    kill: workers.kill,
    reset: (keepWarm) => reset(runtime, keepWarm),
    async close() {
      await reset(runtime);
      await workers.removeFiles();
    },
  };
}

interface RuntimeState extends RuntimeOptions {
  readonly workers: ReturnType<typeof createWorkers>;
  readonly queue: ReturnType<typeof createQueue>;
  /** Running invocations by function. */
  readonly running: Map<string, number>;
  records: InvocationRecord[];
  inFlight: number;
  /** Raised by every reset. */
  generation: number;
  busySince: { readonly simulated: number; readonly real: number };
}

function sendToDeadLetters(
  runtime: RuntimeState,
  ...[event, why]: Parameters<Parameters<typeof createQueue>[0]['abandon']>
): void {
  for (const message of failureMessages(event, why, runtime.clock.now())) {
    if (permitted(runtime, event.definition, [message.requirement])) {
      runtime.deadLetter(message.arn, message.body, message.attributes);
    }
  }
}

function callerOf(runtime: RuntimeState, accessKeyId: string): FunctionCaller | undefined {
  const owner = runtime.workers.owner(accessKeyId);
  if (!owner) return undefined;
  const { name, roleName, policies } = owner.definition;
  const arn = callerArn(runtime, owner.definition);
  return { caller: name, callerArn: arn, roleName, policies, alive: owner.alive };
}

/** False if the function has no concurrency left. */
function start(
  runtime: RuntimeState,
  definition: StackFunction,
  invocation: Invocation,
  trigger: string,
  settle: (outcome: Outcome) => void,
): boolean {
  const { name, reservedConcurrency } = definition;
  if (reservedConcurrency !== undefined && (runtime.running.get(name) ?? 0) >= reservedConcurrency)
    return false;
  count(runtime, name, 1);
  void execute(runtime, definition, invocation, trigger, settle);
  return true;
}

async function execute(
  runtime: RuntimeState,
  definition: StackFunction,
  invocation: Invocation,
  trigger: string,
  settle: (outcome: Outcome) => void,
): Promise<void> {
  const current = runtime.generation;
  const at = new Date(now(runtime)).toISOString();
  const began = performance.now();
  const { outcome, coldStart, waited } = await runtime.workers.run(definition, invocation).catch(notStarted);
  if (current === runtime.generation) {
    runtime.records.push({
      at,
      function: definition.name,
      trigger,
      durationMs: Math.round((performance.now() - began - waited) * 10) / 10,
      coldStart,
      ...(outcome.ok ? {} : { error: outcome.error }),
    });
  }
  // Retries must be in the clock before the runtime counts as idle; otherwise time could jump.
  settle(outcome);
  if (current === runtime.generation) count(runtime, definition.name, -1);
}

function count(runtime: RuntimeState, name: string, change: 1 | -1): void {
  runtime.running.set(name, (runtime.running.get(name) ?? 0) + change);
  runtime.inFlight += change;
  if (runtime.inFlight === (change === 1 ? 1 : 0)) runtime.onBusyChange?.(change === 1);
  if (change === 1 && runtime.inFlight === 1)
    runtime.busySince = { simulated: runtime.clock.now(), real: performance.now() };
}

/** Simulated time. It passes during an invocation, so that it never moves back inside a function. */
function now(runtime: RuntimeState): number {
  if (runtime.inFlight === 0) return runtime.clock.now();
  return Math.max(
    runtime.clock.now(),
    runtime.busySince.simulated + performance.now() - runtime.busySince.real,
  );
}

function permitted(runtime: RuntimeState, definition: StackFunction, needs: readonly Request[]): boolean {
  const decision = authorize(definition.policies, needs, callerArn(runtime, definition));
  if (decision.allowed) runtime.recorder?.record(definition.roleName, decision.statements);
  else runtime.warn?.(decision.message);
  return decision.allowed;
}

function callerArn(runtime: RuntimeState, definition: StackFunction): string {
  return `arn:aws:sts::${runtime.account}:assumed-role/${definition.roleName}/${definition.name}`;
}

function run(
  runtime: RuntimeState,
  { definition, ...which }: Target,
  payload: string,
  clientContext?: JsonObject,
): Promise<Outcome> {
  const context = clientContext === undefined ? {} : { clientContext };
  const invocation = { payload, requestId: runtime.ids.uuid(), ...which, ...context };
  return new Promise((resolve, reject) => {
    if (start(runtime, definition, invocation, 'Invoke', resolve)) return;
    reject(new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429));
  });
}

async function reset(runtime: RuntimeState, keepWarm = false): Promise<void> {
  runtime.generation += 1;
  runtime.queue.reset();
  runtime.records = [];
  runtime.running.clear();
  const wasBusy = runtime.inFlight > 0;
  runtime.inFlight = 0;
  await runtime.workers.endAll(keepWarm);
  if (wasBusy) runtime.onBusyChange?.(false);
}

function notStarted(error: unknown): Run {
  const errorMessage = error instanceof Error ? error.message : String(error);
  const payload = JSON.stringify({ errorType: 'Runtime.StartError', errorMessage });
  return { outcome: { ok: false, payload, error: errorMessage }, coldStart: true, waited: 0 };
}
