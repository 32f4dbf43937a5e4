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

export interface WorkersOptions {
  /** Simulated time, epoch milliseconds. */
  readonly now: () => number;
  readonly ids: Ids;
  readonly account: string;
  readonly region: string;
  readonly endpoint: () => string;
  readonly slackUrl: () => string;
  readonly writeLog: WriteLog;
  /** Environments that load their code at once. */
  readonly mostStarting?: number;
  /** Whether the function's role lets Lambda do something in its name. */
  readonly permitted: (definition: StackFunction, needs: readonly Request[]) => boolean;
}

export interface Run {
  readonly outcome: Outcome;
  readonly coldStart: boolean;
  /** For its turn to start, in real milliseconds. */
  readonly waited: number;
}

/** As many as there are processors, but a few in any case. */
const MOST_STARTING = Math.min(4, Math.max(2, availableParallelism()));

/** All execution environments: warm ones are used again, the last used first. */
export interface Workers {
  run(definition: StackFunction, invocation: Invocation): Promise<Run>;
  owner(accessKeyId: string): { readonly definition: StackFunction; readonly alive: boolean } | undefined;
  /** Ends what is running now for an access key, or for all of a function. */
  kill(accessKeyIdOrFunction: string): void;
  /** Ends every environment, but idle ones that should stay warm. Access keys of ended ones stay known. */
  endAll(keepWarm: boolean): Promise<void>;
  removeFiles(): Promise<void>;
}

/** Makes an empty set of workers; code is unpacked to a temporary directory when a function first runs. */
export function createWorkers(options: WorkersOptions): Workers {
  const { now, ids, account, region } = options;
  const started = new Map<
    string,
    { readonly environment: Environment; readonly definition: StackFunction }
  >();
  const idle = new Map<string, Environment[]>();
  const working = new Set<Environment>();
  const unpacked = new Map<string, Promise<string>>();
  const starts = createStarts(options.mostStarting ?? MOST_STARTING);
  let temporary: Promise<string> | undefined;
  let generation = 0;

  async function run(definition: StackFunction, invocation: Invocation): Promise<Run> {
    const current = generation;
    const warm = takeIdle(definition.name);
    if (warm) return { outcome: await runIn(warm, invocation), coldStart: false, waited: 0 };
    const directory = await directoryOf(definition);
    const began = performance.now();
    const place = current === generation ? await starts.turn(definition.name) : undefined;
    const waited = performance.now() - began;
    if (place === undefined) return { outcome: interrupted(), coldStart: true, waited };
    if ('invoke' in place) return { outcome: await runIn(place, invocation), coldStart: false, waited };
    const environment = startCold(definition, directory);
    void environment.started.then(place.end);
    return { outcome: await runIn(environment, invocation), coldStart: true, waited };
  }

  async function runIn(environment: Environment, invocation: Invocation): Promise<Outcome> {
    working.add(environment);
    const outcome = await environment.invoke(invocation);
    working.delete(environment);
    if (!environment.alive() || starts.offer(environment)) return outcome;
    idleOf(environment.functionName).push(environment);
    return outcome;
  }

  function idleOf(name: string): Environment[] {
    const known = idle.get(name) ?? [];
    idle.set(name, known);
    return known;
  }

  function takeIdle(name: string): Environment | undefined {
    const environment = idleOf(name).pop();
    return !environment || environment.alive() ? environment : takeIdle(name);
  }

  function startCold(definition: StackFunction, directory: string): Environment {
    const day = new Date(now()).toISOString().slice(0, 10).replaceAll('-', '/');
    const logStream = `${day}/[$LATEST]${ids.hex(32)}`;
    const accessKeyId = `ASIA${ids.hex(16).toUpperCase()}`;
    const logs = mayLog(definition, logStream);
    const variables = environmentVariables(definition, {
      endpoint: options.endpoint(),
      slackUrl: options.slackUrl(),
      region,
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
      now,
      writeLine: (line) => {
        if (logs) options.writeLog(`/aws/lambda/${definition.name}`, logStream, line);
      },
    });
    started.set(accessKeyId, { environment, definition });
    return environment;
  }

  /** Lambda writes a function's log with the function's own role. */
  function mayLog(definition: StackFunction, logStream: string): boolean {
    const call = { caller: definition.name, callerArn: definition.roleArn, account, region };
    const input = { logGroupName: `/aws/lambda/${definition.name}`, logStreamName: logStream };
    const lookups = { taskDefinition: nothing, partitionKey: nothing, secretArn: nothing };
    return options.permitted(definition, [
      ...requirements('logs', 'CreateLogStream', input, call, lookups),
      ...requirements('logs', 'PutLogEvents', input, call, lookups),
    ]);
  }

  function directoryOf(definition: StackFunction): Promise<string> {
    const known = unpacked.get(definition.name) ?? unpack(definition);
    unpacked.set(definition.name, known);
    return known;
  }

  async function unpack(definition: StackFunction): Promise<string> {
    temporary ??= mkdtemp(join(tmpdir(), 'fairway-local-')).then((made) => realpath(made));
    const directory = join(await temporary, definition.name);
    await unpackZip(definition.zipPath, directory);
    return directory;
  }

  return {
    run,
    owner(accessKeyId) {
      const found = started.get(accessKeyId);
      return found && { definition: found.definition, alive: found.environment.alive() };
    },
    kill(target) {
      for (const environment of working) {
        if (environment.accessKeyId === target || environment.functionName === target)
          void environment.kill();
      }
    },
    async endAll(keepWarm) {
      generation += 1;
      starts.reset();
      working.clear();
      if (!keepWarm) idle.clear();
      const kept = new Set([...idle.values()].flat());
      const ended = [...started.values()].filter(({ environment }) => !kept.has(environment));
      await Promise.all(ended.map(({ environment }) => environment.kill()));
    },
    async removeFiles() {
      // Unpacking that is still under way would bring the directory back.
      await Promise.allSettled(unpacked.values());
      if (temporary) await rm(await temporary, { recursive: true, force: true });
      temporary = undefined;
      unpacked.clear();
    },
  };
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
