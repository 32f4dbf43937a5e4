import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ids, WriteLog } from '../contract.ts';
import type { Request } from '../iam/evaluate.ts';
import { requirements } from '../iam/requirements.ts';
import type { StackFunction } from '../stack/stack.ts';
import { type Environment, type Invocation, type Outcome, startEnvironment } from './environment.ts';
import { createStarts } from './starts.ts';
import { environmentVariables } from './variables.ts';
import { unpackZip } from './zip.ts';

interface WorkersOptions {
  /** Simulated time, epoch milliseconds. */
  readonly now: () => number;
  readonly ids: Ids;
  readonly account: string;
  readonly region: string;
  readonly endpoint: () => string;
  readonly slackUrl: () => string;
  readonly writeLog: WriteLog;
  /** How many environments load their code at the same time. */
  readonly mostStarting?: number;
  /** Whether the function's role allows what Lambda does on its behalf. */
  readonly permitted: (definition: StackFunction, needs: readonly Request[]) => boolean;
}

export interface Run {
  readonly outcome: Outcome;
  readonly coldStart: boolean;
  /** How long it waited for its turn to start, in real milliseconds. */
  readonly waited: number;
}

/** As many as there are processors, but at least a few. */
const MOST_STARTING = Math.min(4, Math.max(2, availableParallelism()));

/** All execution environments. Warm ones are reused, the most recently used first. */
interface Workers {
  run(definition: StackFunction, invocation: Invocation): Promise<Run>;
  owner(accessKeyId: string): { readonly definition: StackFunction; readonly alive: boolean } | undefined;
  /** Ends the running environment of an access key, or all of a function. */
  kill(accessKeyIdOrFunction: string): void;
  /** Ends every environment, except idle ones that stay warm. Access keys of ended ones stay known. */
  endAll(keepWarm: boolean): Promise<void>;
  removeFiles(): Promise<void>;
}

/** Creates an empty set of workers. Code is unpacked to a temporary directory when a function first runs. */
export function createWorkers(options: WorkersOptions): Workers {
  const workers: WorkersState = {
    ...options,
    started: new Map(),
    idle: new Map(),
    working: new Set(),
    unpacked: new Map(),
    starts: createStarts(options.mostStarting ?? MOST_STARTING),
    generation: 0,
  };
  return {
    run: (definition, invocation) => run(workers, definition, invocation),
    owner(accessKeyId) {
      const found = workers.started.get(accessKeyId);
      return found && { definition: found.definition, alive: found.environment.alive() };
    },
    kill(target) {
      for (const environment of workers.working) {
        if (environment.accessKeyId === target || environment.functionName === target)
          void environment.kill();
      }
    },
    async endAll(keepWarm) {
      workers.generation += 1;
      workers.starts.reset();
      workers.working.clear();
      if (!keepWarm) workers.idle.clear();
      const kept = new Set([...workers.idle.values()].flat());
      const ended = [...workers.started.values()].filter(({ environment }) => !kept.has(environment));
      await Promise.all(ended.map(({ environment }) => environment.kill()));
    },
    async removeFiles() {
      // Waits for unpacking in progress, which would create the directory again.
      await Promise.allSettled(workers.unpacked.values());
      if (workers.temporary) await rm(await workers.temporary, { recursive: true, force: true });
      workers.temporary = undefined;
      workers.unpacked.clear();
    },
  };
}

interface WorkersState extends WorkersOptions {
  /** Every environment so far, by its access key. */
  readonly started: Map<string, { readonly environment: Environment; readonly definition: StackFunction }>;
  /** Warm environments by function. */
  readonly idle: Map<string, Environment[]>;
  readonly working: Set<Environment>;
  /** Directories by archive. */
  readonly unpacked: Map<string, Promise<string>>;
  readonly starts: ReturnType<typeof createStarts>;
  temporary?: Promise<string> | undefined;
  /** Raised by every reset. */
  generation: number;
}

async function run(workers: WorkersState, definition: StackFunction, invocation: Invocation): Promise<Run> {
  const current = workers.generation;
  const warm = takeIdle(workers, definition);
  if (warm) return { outcome: await runIn(workers, warm, invocation), coldStart: false, waited: 0 };
  const directory = await directoryOf(workers, definition);
  const began = performance.now();
  const place = current === workers.generation ? await workers.starts.turn(definition.name) : undefined;
  const waited = performance.now() - began;
  if (place === undefined) return { outcome: interrupted(), coldStart: true, waited };
  if ('invoke' in place)
    return { outcome: await runIn(workers, place, invocation), coldStart: false, waited };
  const environment = startCold(workers, definition, directory);
  void environment.started.then(place.end);
  return { outcome: await runIn(workers, environment, invocation), coldStart: true, waited };
}

async function runIn(
  workers: WorkersState,
  environment: Environment,
  invocation: Invocation,
): Promise<Outcome> {
  workers.working.add(environment);
  const outcome = await environment.invoke(invocation);
  workers.working.delete(environment);
  if (!environment.alive() || workers.starts.offer(environment)) return outcome;
  idleOf(workers, environment.functionName).push(environment);
  return outcome;
}

function idleOf(workers: WorkersState, name: string): Environment[] {
  const known = workers.idle.get(name) ?? [];
  workers.idle.set(name, known);
  return known;
}

/** Environments of earlier code are ended, as Lambda does after an update. */
function takeIdle(workers: WorkersState, definition: StackFunction): Environment | undefined {
  const environment = idleOf(workers, definition.name).pop();
  if (!environment) return undefined;
  const isCurrent = workers.started.get(environment.accessKeyId)?.definition === definition;
  if (isCurrent && environment.alive()) return environment;
  void environment.kill();
  return takeIdle(workers, definition);
}

function startCold(workers: WorkersState, definition: StackFunction, directory: string): Environment {
  const day = new Date(workers.now()).toISOString().slice(0, 10).replaceAll('-', '/');
  const logStream = `${day}/[$LATEST]${workers.ids.hex(32)}`;
  const accessKeyId = `ASIA${workers.ids.hex(16).toUpperCase()}`;
  const logs = mayLog(workers, definition, logStream);
  const variables = environmentVariables(definition, {
    endpoint: workers.endpoint(),
    slackUrl: workers.slackUrl(),
    region: workers.region,
    accessKeyId,
    logStream,
    directory,
  });
  const environment = startEnvironment({
    definition,
    directory,
    accessKeyId,
    logStream,
    variables,
    now: workers.now,
    writeLine: (line) => {
      if (logs) workers.writeLog(`/aws/lambda/${definition.name}`, logStream, line);
    },
  });
  workers.started.set(accessKeyId, { environment, definition });
  return environment;
}

/** Lambda writes a function's log with the function's own role. */
function mayLog(workers: WorkersState, definition: StackFunction, logStream: string): boolean {
  const call = {
    caller: definition.name,
    callerArn: definition.roleArn,
    account: workers.account,
    region: workers.region,
  };
  const input = { logGroupName: `/aws/lambda/${definition.name}`, logStreamName: logStream };
  const lookups = {
    taskDefinition: nothing,
    partitionKey: nothing,
    secretArn: nothing,
    hasLinkedRole: () => true,
  };
  return workers.permitted(definition, [
    ...requirements('logs', 'CreateLogStream', input, call, lookups),
    ...requirements('logs', 'PutLogEvents', input, call, lookups),
  ]);
}

function directoryOf(workers: WorkersState, definition: StackFunction): Promise<string> {
  const known = workers.unpacked.get(definition.zipPath) ?? unpack(workers, definition);
  workers.unpacked.set(definition.zipPath, known);
  return known;
}

async function unpack(workers: WorkersState, definition: StackFunction): Promise<string> {
  workers.temporary ??= mkdtemp(join(tmpdir(), 'fairway-local-')).then((made) => realpath(made));
  const directory = join(await workers.temporary, `${definition.name}-${workers.ids.hex(8)}`);
  await unpackZip(definition.zipPath, directory);
  return directory;
}

function nothing(): undefined {
  return undefined;
}

function interrupted(): Outcome {
  const errorMessage = 'the local cloud was reset';
  const errorType = 'Runtime.ExitError';
  return {
    ok: false,
    payload: JSON.stringify({ errorType, errorMessage }),
    error: `${errorType}: ${errorMessage}`,
  };
}
