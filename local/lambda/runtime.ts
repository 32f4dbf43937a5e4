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
import { findTarget, type Target } from './target.ts';
import { createWorkers, type Run } from './workers.ts';

export interface RuntimeOptions {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly account: string;
  readonly region: string;
  readonly functions: readonly StackFunction[];
  /** The AWS endpoint; asked when a worker starts, because the port is known late. */
  readonly endpoint: () => string;
  readonly slackUrl: () => string;
  readonly writeLog: WriteLog;
  /** Workers that load their code at once; absent: a few. */
  readonly mostStarting?: number;
  /** Takes what on-failure destinations and dead-letter queues get. */
  readonly deadLetter: (arn: string, body: string, attributes: Readonly<Record<string, string>>) => void;
  /** Told when the first of several invocations starts and the last one ends. */
  readonly onBusyChange?: (busy: boolean) => void;
  /** Hears which statements of the functions' roles Lambda itself used (logs, destinations). Owner: the role's name. */
  readonly recorder?: Recorder;
  /** Told what a role forbids Lambda itself to do; on AWS nobody would be told. */
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

/** Whose credentials a call was signed with. */
export interface FunctionCaller {
  readonly caller: string;
  readonly callerArn: string;
  readonly roleName: string;
  readonly policies: readonly Policy[];
  /** False when the worker has ended: what it still had on the wire came too late. */
  readonly alive: boolean;
}

export interface Runtime {
  /** Puts an event (JSON text) into the function's asynchronous queue. Throws ResourceNotFoundException. */
  invokeAsync(functionName: string, payload: string, trigger: string): void;
  /** Runs a function and waits. Throws ResourceNotFoundException, TooManyRequestsException. */
  invokeSync(
    functionName: string,
    payload: string,
  ): Promise<{ readonly payload: string; readonly functionError?: string }>;
  readonly api: ServiceApi;
  busy(): boolean;
  invocations(): readonly InvocationRecord[];
  callerOf(accessKeyId: string): FunctionCaller | undefined;
  /** Ends running workers now, as a crash: that of an access key, or all of a function's name. */
  kill(accessKeyIdOrFunction: string): void;
  /** Ends all workers, but those that are idle and should stay warm, and forgets events and records. */
  reset(keepWarm?: boolean): Promise<void>;
  /** Like reset, and removes the unpacked code. */
  close(): Promise<void>;
}

/** Runs packaged functions in worker threads, one per concurrent execution, as Lambda would. */
export function createRuntime(options: RuntimeOptions): Runtime {
  const { clock, ids, account, region } = options;
  const functions = new Map(options.functions.map((definition) => [definition.name, definition]));
  const workers = createWorkers({ ...options, now, permitted });
  const running = new Map<string, number>();
  let records: InvocationRecord[] = [];
  let inFlight = 0;
  let generation = 0;
  let busySince = { simulated: 0, real: 0 };

  const queue = createQueue({
    clock,
    start: (event, settle) => start(event.definition, event, event.trigger, settle),
    abandon(event, why) {
      for (const message of failureMessages(event, why, clock.now())) {
        if (permitted(event.definition, [message.requirement])) {
          options.deadLetter(message.arn, message.body, message.attributes);
        }
      }
    },
  });

  const find = (name: string, qualifier?: string) =>
    findTarget(functions, name, qualifier, { account, region });

  /** False when the function has no concurrency left. */
  function start(
    definition: StackFunction,
    invocation: Invocation,
    trigger: string,
    settle: (outcome: Outcome) => void,
  ): boolean {
    const { name, reservedConcurrency } = definition;
    if (reservedConcurrency !== undefined && (running.get(name) ?? 0) >= reservedConcurrency) return false;
    count(name, 1);
    void execute(definition, invocation, trigger, settle);
    return true;
  }

  async function execute(
    definition: StackFunction,
    invocation: Invocation,
    trigger: string,
    settle: (outcome: Outcome) => void,
  ): Promise<void> {
    const current = generation;
    const at = new Date(now()).toISOString();
    const began = performance.now();
    const { outcome, coldStart, waited } = await workers.run(definition, invocation).catch(notStarted);
    if (current === generation) {
      records.push({
        at,
        function: definition.name,
        trigger,
        durationMs: Math.round((performance.now() - began - waited) * 10) / 10,
        coldStart,
        ...(outcome.ok ? {} : { error: outcome.error }),
      });
    }
    // What a failure leads to must be in the clock's queue before the runtime counts as idle: else time might jump.
    settle(outcome);
    if (current === generation) count(definition.name, -1);
  }

  function count(name: string, change: 1 | -1): void {
    running.set(name, (running.get(name) ?? 0) + change);
    inFlight += change;
    if (inFlight === (change === 1 ? 1 : 0)) options.onBusyChange?.(change === 1);
    if (change === 1 && inFlight === 1) busySince = { simulated: clock.now(), real: performance.now() };
  }

  /** The clock may be read some time after it was last set; inside functions time must not step back for that. */
  function now(): number {
    if (inFlight === 0) return clock.now();
    return Math.max(clock.now(), busySince.simulated + performance.now() - busySince.real);
  }

  function permitted(definition: StackFunction, needs: readonly Request[]): boolean {
    const decision = authorize(definition.policies, needs, callerArn(definition));
    if (decision.allowed) options.recorder?.record(definition.roleName, decision.statements);
    else options.warn?.(decision.message);
    return decision.allowed;
  }

  function callerArn(definition: StackFunction): string {
    return `arn:aws:sts::${account}:assumed-role/${definition.roleName}/${definition.name}`;
  }

  function run(
    { definition, ...which }: Target,
    payload: string,
    clientContext?: JsonObject,
  ): Promise<Outcome> {
    const context = clientContext === undefined ? {} : { clientContext };
    const invocation = { payload, requestId: ids.uuid(), ...which, ...context };
    return new Promise((resolve, reject) => {
      if (start(definition, invocation, 'Invoke', resolve)) return;
      reject(new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429));
    });
  }

  async function reset(keepWarm = false): Promise<void> {
    generation += 1;
    queue.reset();
    records = [];
    running.clear();
    const wasBusy = inFlight > 0;
    inFlight = 0;
    await workers.endAll(keepWarm);
    if (wasBusy) options.onBusyChange?.(false);
  }

  return {
    invokeAsync: (functionName, payload, trigger) =>
      queue.submit({ ...find(functionName), payload, trigger, requestId: ids.uuid() }),
    async invokeSync(functionName, payload) {
      const outcome = await run(find(functionName), payload);
      return { payload: outcome.payload, ...(outcome.ok ? {} : { functionError: 'Unhandled' }) };
    },
    api: lambdaApi({
      find,
      accept: (target, payload) =>
        queue.submit({ ...target, payload, trigger: 'Invoke', requestId: ids.uuid() }),
      run,
    }),
    busy: () => inFlight > 0,
    invocations: () => records,
    callerOf(accessKeyId) {
      const owner = workers.owner(accessKeyId);
      if (!owner) return undefined;
      const { name, roleName, policies } = owner.definition;
      return { caller: name, callerArn: callerArn(owner.definition), roleName, policies, alive: owner.alive };
    },
    kill: workers.kill,
    reset,
    async close() {
      await reset();
      await workers.removeFiles();
    },
  };
}

function notStarted(error: unknown): Run {
  const errorMessage = error instanceof Error ? error.message : String(error);
  const payload = JSON.stringify({ errorType: 'Runtime.StartError', errorMessage });
  return { outcome: { ok: false, payload, error: errorMessage }, coldStart: true, waited: 0 };
}
