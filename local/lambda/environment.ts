import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { JsonObject } from '../contract.ts';
import { isObject } from '../stack/json.ts';
import type { StackFunction } from '../stack/stack.ts';

/** The result of an invocation. Payloads are JSON; that of an error is `{errorType, errorMessage, trace}`. */
export type Outcome =
  | { readonly ok: true; readonly payload: string }
  | { readonly ok: false; readonly payload: string; readonly error: string };

export interface Invocation {
  readonly payload: string;
  readonly requestId: string;
  /** The invoked alias, or $LATEST; absent for the function itself. */
  readonly qualifier?: string;
  /** Members of the client's context, for `context.clientContext`. */
  readonly clientContext?: JsonObject;
}

/** One execution environment: a worker thread that runs one invocation at a time. */
export interface Environment {
  readonly functionName: string;
  readonly accessKeyId: string;
  readonly logStream: string;
  /** Resolves when its code is loaded, or failed to load. */
  readonly started: Promise<void>;
  /** False once it has ended: it accepts no more invocations. */
  alive(): boolean;
  invoke(invocation: Invocation): Promise<Outcome>;
  /** Ends it now; a running invocation fails as after a crash of the runtime. */
  kill(): Promise<void>;
}

interface EnvironmentOptions {
  readonly definition: StackFunction;
  /** Where the zip is unpacked. */
  readonly directory: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly accessKeyId: string;
  readonly logStream: string;
  /** Simulated time, epoch milliseconds. */
  readonly now: () => number;
  readonly writeLine: (line: string) => void;
}

/** Lambda's limit for the init phase, in milliseconds (Lambda developer guide, "Lambda execution environment lifecycle"). */
const INIT_LIMIT = 10_000;

/** Starts an execution environment, which loads the function's code immediately. */
export function startEnvironment(options: EnvironmentOptions): Environment {
  const { definition } = options;
  const worker = startWorker(options);
  const current = createCurrent(worker);
  let ended: Outcome | undefined;
  let ready = false;
  let markStarted = () => {};
  const started = new Promise<void>((resolve) => {
    markStarted = resolve;
  });
  listen(worker, options.writeLine, {
    ready() {
      ready = true;
      markStarted();
      dispatch();
    },
    finished: current.finish,
    ended: end,
    exited: (code) => end(exitError(current.invocation(), code)),
  });

  return {
    functionName: definition.name,
    accessKeyId: options.accessKeyId,
    logStream: options.logStream,
    started,
    alive: () => ended === undefined,
    invoke(next) {
      if (ended) return Promise.resolve(ended);
      const outcome = current.begin(next);
      if (ready) dispatch();
      else limit(INIT_LIMIT, `Init phase timed out after ${INIT_LIMIT / 1000}.00 seconds`);
      return outcome;
    },
    kill: () => stop(exitError(current.invocation(), 1)),
  };

  function dispatch(): void {
    const invocation = current.invocation();
    if (!invocation || ended) return;
    limit(definition.timeoutSeconds * 1000, timedOut(invocation, definition));
    worker.postMessage(taskOf(invocation, options));
  }

  function limit(milliseconds: number, errorMessage: string): void {
    const outcome = failure({ errorType: 'Sandbox.Timedout', errorMessage });
    current.limit(milliseconds, () => stop(outcome));
  }

  async function stop(outcome: Outcome): Promise<void> {
    end(outcome);
    await worker.terminate();
  }

  function end(outcome: Outcome): void {
    ended ??= outcome;
    markStarted();
    current.finish(ended);
  }
}

function timedOut({ requestId }: Invocation, { timeoutSeconds }: StackFunction): string {
  return `RequestId: ${requestId} Error: Task timed out after ${timeoutSeconds.toFixed(2)} seconds`;
}

/** The invocation that runs, if any, and its time limit. */
function createCurrent(worker: Worker) {
  let invocation: Invocation | undefined;
  let settle: ((outcome: Outcome) => void) | undefined;
  let timer: NodeJS.Timeout | undefined;
  return {
    invocation: () => invocation,
    begin(next: Invocation): Promise<Outcome> {
      worker.ref();
      invocation = next;
      return new Promise((resolve) => {
        settle = resolve;
      });
    },
    limit(milliseconds: number, onLimit: () => void): void {
      clearTimeout(timer);
      timer = setTimeout(onLimit, milliseconds);
    },
    finish(outcome: Outcome): void {
      clearTimeout(timer);
      // Idle environments must not keep the process alive.
      worker.unref();
      const resolve = settle;
      settle = undefined;
      invocation = undefined;
      resolve?.(outcome);
    },
  };
}

/** The thread with the function's code. */
function startWorker(options: EnvironmentOptions): Worker {
  const { directory, definition } = options;
  return new Worker(join(import.meta.dirname, 'worker.mjs'), {
    env: { ...options.variables },
    // Without the parent's flags, which may include a TypeScript loader.
    execArgv: [],
    stdout: true,
    stderr: true,
    workerData: { directory, handler: definition.handler, offset: offset(options) },
  });
}

/** What the thread reports. */
interface Reports {
  /** The code is loaded. */
  ready(): void;
  /** The invocation has an outcome; the environment accepts the next one. */
  finished(outcome: Outcome): void;
  /** The environment cannot be used any more. */
  ended(outcome: Outcome): void;
  exited(code: number): void;
}

/** Passes on what the thread reports, and its output line by line. */
function listen(worker: Worker, writeLine: (line: string) => void, reports: Reports): void {
  const output = lineWriter(writeLine);
  worker.on('message', (message: unknown) => {
    if (!isObject(message)) return;
    if (message.type === 'output') output(String(message.text));
    if (message.type === 'ready') reports.ready();
    if (message.type === 'done') reports.finished({ ok: true, payload: String(message.payload) });
    if (message.type === 'failed' && isObject(message.error)) reports.finished(failure(message.error));
    if (message.type === 'initFailed' && isObject(message.error)) reports.ended(failure(message.error));
  });
  worker.on('error', (error: unknown) => {
    const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
    reports.ended(failure({ errorType: name, errorMessage: message, trace: [] }));
  });
  worker.on('exit', reports.exited);
  for (const stream of [worker.stdout, worker.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => output(text));
  }
}

/** Simulated time minus real time. */
function offset({ now }: EnvironmentOptions): number {
  return Math.round(now() - Date.now());
}

/** An invocation as the thread receives it. */
function taskOf(invocation: Invocation, options: EnvironmentOptions) {
  const milliseconds = options.definition.timeoutSeconds * 1000;
  return {
    payload: invocation.payload,
    offset: offset(options),
    deadline: Math.floor(options.now()) + milliseconds,
    limit: milliseconds,
    context: contextOf(invocation, options),
  };
}

function contextOf(
  { requestId, qualifier, clientContext }: Invocation,
  options: EnvironmentOptions,
): JsonObject {
  const { definition, logStream } = options;
  return {
    functionName: definition.name,
    functionVersion: '$LATEST',
    invokedFunctionArn: qualifier === undefined ? definition.arn : `${definition.arn}:${qualifier}`,
    memoryLimitInMB: String(definition.memory),
    awsRequestId: requestId,
    logGroupName: `/aws/lambda/${definition.name}`,
    logStreamName: logStream,
    ...(clientContext === undefined ? {} : { clientContext }),
  };
}

function exitError(invocation: Invocation | undefined, code: number): Outcome {
  const message = `Error: Runtime exited with error: exit status ${code}`;
  return failure({
    errorType: 'Runtime.ExitError',
    errorMessage: invocation ? `RequestId: ${invocation.requestId} ${message}` : message,
  });
}

function failure(error: JsonObject): Outcome {
  const type = String(error.errorType);
  return { ok: false, payload: JSON.stringify(error), error: `${type}: ${String(error.errorMessage)}` };
}

/** Splits output into lines; an incomplete last line is kept until it ends. */
function lineWriter(write: (line: string) => void): (text: string) => void {
  let rest = '';
  return (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) write(line);
  };
}
