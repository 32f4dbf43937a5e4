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
  const worker = new Worker(join(import.meta.dirname, 'worker.mjs'), {
    env: { ...options.variables },
    // Without the parent's flags, which may include a TypeScript loader.
    execArgv: [],
    stdout: true,
    stderr: true,
    workerData: { directory: options.directory, handler: definition.handler, offset: offset() },
  });
  const output = lineWriter(options.writeLine);
  let ended: Outcome | undefined;
  let settle: ((outcome: Outcome) => void) | undefined;
  let invocation: Invocation | undefined;
  let ready = false;
  let markStarted = () => {};
  const started = new Promise<void>((resolve) => {
    markStarted = resolve;
  });
  let timer: NodeJS.Timeout | undefined;

  worker.on('message', (message: unknown) => {
    if (!isObject(message)) return;
    if (message.type === 'output') output(String(message.text));
    if (message.type === 'ready') {
      ready = true;
      markStarted();
      dispatch();
    }
    if (message.type === 'done') finish({ ok: true, payload: String(message.payload) });
    if (message.type === 'failed' && isObject(message.error)) finish(failure(message.error));
    if (message.type === 'initFailed' && isObject(message.error)) end(failure(message.error));
  });
  worker.on('error', (error: unknown) => {
    const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
    end(failure({ errorType: name, errorMessage: message, trace: [] }));
  });
  worker.on('exit', (code) => end(exitError(invocation, code)));
  for (const stream of [worker.stdout, worker.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => output(text));
  }

  return {
    functionName: definition.name,
    accessKeyId: options.accessKeyId,
    logStream: options.logStream,
    started,
    alive: () => ended === undefined,
    invoke(next) {
      if (ended) return Promise.resolve(ended);
      worker.ref();
      invocation = next;
      return new Promise((resolve) => {
        settle = resolve;
        if (ready) dispatch();
        else
          limit(
            INIT_LIMIT,
            'Sandbox.Timedout',
            () => `Init phase timed out after ${INIT_LIMIT / 1000}.00 seconds`,
          );
      });
    },
    async kill() {
      end(exitError(invocation, 1));
      await worker.terminate();
    },
  };

  function offset(): number {
    return Math.round(options.now() - Date.now());
  }

  function dispatch(): void {
    if (!invocation || ended) return;
    const { requestId } = invocation;
    const milliseconds = definition.timeoutSeconds * 1000;
    limit(
      milliseconds,
      'Sandbox.Timedout',
      () =>
        `RequestId: ${requestId} Error: Task timed out after ${definition.timeoutSeconds.toFixed(2)} seconds`,
    );
    worker.postMessage({
      payload: invocation.payload,
      offset: offset(),
      deadline: Math.floor(options.now()) + milliseconds,
      limit: milliseconds,
      context: contextOf(invocation, options),
    });
  }

  function limit(milliseconds: number, errorType: string, message: () => string): void {
    clearTimeout(timer);
    timer = setTimeout(() => {
      end(failure({ errorType, errorMessage: message() }));
      worker.terminate();
    }, milliseconds);
  }

  function end(outcome: Outcome): void {
    ended ??= outcome;
    markStarted();
    finish(ended);
  }

  function finish(outcome: Outcome): void {
    clearTimeout(timer);
    const resolve = settle;
    settle = undefined;
    invocation = undefined;
    // Idle environments must not keep the process alive.
    worker.unref();
    resolve?.(outcome);
  }
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
