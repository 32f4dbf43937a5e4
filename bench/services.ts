import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createClock } from '../local/clock.ts';
import { startCloud } from '../local/cloud.ts';
import type { JsonObject } from '../local/contract.ts';
import { pushImage } from '../local/ecr/push.ts';
import { createRegistry } from '../local/ecr/registry.ts';
import { createEcs } from '../local/ecs/ecs.ts';
import { createBus } from '../local/events/bus.ts';
import { createRecorder } from '../local/iam/recorder.ts';
import { createIds } from '../local/ids.ts';
import { packageStack } from '../local/package.ts';
import { USUAL_PLACE } from '../local/place.ts';
import { loadStack } from '../local/stack/load.ts';
import { loadConfiguration } from '../shared/config/load.ts';

const { account: ACCOUNT, region: REGION } = USUAL_PLACE;

/**
 * How the local cloud grows: so many services with so many tasks each are created, and all are deployed again by
 * force. Once in memory, with the packaged rules listening, at several sizes; once over HTTP at the largest.
 */

const ROOT = resolve(import.meta.dirname, '..');
const CONFIG = join(ROOT, 'bench', 'fairway.yml');
const CLUSTER = 'big';
const CALL = {
  caller: 'external',
  callerArn: `arn:aws:iam::${ACCOUNT}:user/bench`,
  account: ACCOUNT,
  region: REGION,
};

const TASK_DEFINITION = {
  family: 'big',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '256',
  memory: '512',
  executionRoleArn: `arn:aws:iam::${ACCOUNT}:role/bench-execution`,
  containerDefinitions: [
    {
      name: 'web',
      image: `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/big:1.0.0`,
      essential: true,
    },
  ],
};

interface Measured {
  readonly services: number;
  readonly tasks: number;
  readonly seconds: number;
  readonly events: number;
  /** Of real time, for each task that was started. */
  readonly millisecondsPerTask: number;
  readonly simulatedMinutes: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      services: { type: 'string', default: '1000' },
      tasks: { type: 'string', default: '10' },
      json: { type: 'boolean', default: false },
    },
  });
  const most = Number(values.services);
  const tasks = Number(values.tasks);
  await packageStack(ROOT, new AbortController().signal, CONFIG);
  // Whatever comes first pays for the compiler's warming up.
  await inMemory(Math.ceil(most / 10), tasks);
  const sizes = [Math.ceil(most / 10), Math.ceil((most * 3) / 10), most];
  const measured: Measured[] = [];
  for (const services of sizes) measured.push(await inMemory(services, tasks));
  const overHttp = await throughTheFront(most, tasks);
  const all = { measured, overHttp };
  process.stdout.write(values.json ? `${JSON.stringify(all)}\n` : report(measured, overHttp));
}

async function inMemory(services: number, tasks: number): Promise<Measured> {
  const stack = await loadStack(join(ROOT, '.serverless'), { account: ACCOUNT, region: REGION });
  const clock = createClock(Date.now());
  const ids = createIds(1);
  let events = 0;
  const bus = createBus({
    clock,
    ids,
    account: ACCOUNT,
    region: REGION,
    rules: stack.rules,
    schedules: [],
    deliver: () => {},
    onDeadLetter: () => {},
    interfere: () => {
      events += 1;
      return undefined;
    },
    recorder: createRecorder(),
  });
  const registry = createRegistry({ clock, emit: () => {}, account: ACCOUNT, region: REGION });
  registry.create('big');
  pushImage(registry, ids, { repository: 'big', tag: '1.0.0', content: 'big' });
  const ecs = createEcs({
    clock,
    ids,
    account: ACCOUNT,
    region: REGION,
    emit: bus.emit,
    images: registry.images,
    behaviours: () => [],
    writeLog: () => {},
  });
  const call = (operation: string, input: JsonObject) => ecs.api.operations[operation]?.(input, CALL);
  call('CreateCluster', { clusterName: CLUSTER });
  call('RegisterTaskDefinition', TASK_DEFINITION);
  const names = namesOf(services);
  for (const serviceName of names) call('CreateService', serviceInput(serviceName, tasks));
  clock.runUntil(clock.now() + 30 * 60_000);

  const eventsBefore = events;
  const simulatedStart = clock.now();
  const started = performance.now();
  for (const service of names) call('UpdateService', { cluster: CLUSTER, service, forceNewDeployment: true });
  while (clock.nextWork() !== undefined) clock.runNext(Number.POSITIVE_INFINITY);
  const seconds = (performance.now() - started) / 1000;
  return {
    services,
    tasks: services * tasks,
    seconds,
    events: events - eventsBefore,
    millisecondsPerTask: (seconds * 1000) / (services * tasks),
    simulatedMinutes: (clock.now() - simulatedStart) / 60_000,
  };
}

interface OverHttp {
  readonly createSeconds: number;
  readonly deploySeconds: number;
  /** Largest resident set of this process, MB. */
  readonly peakMemory: number;
  readonly completed: number;
}

async function throughTheFront(services: number, tasks: number): Promise<OverHttp> {
  const cloud = await startCloud({
    port: 0,
    speed: 'max',
    configuration: loadConfiguration(CONFIG),
    packageDirectory: join(ROOT, '.serverless'),
    empty: true,
  });
  const control = async (path: string, body?: object): Promise<{ readonly idle: boolean }> => {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const response = await fetch(`${cloud.url}/_local/${path}`, init);
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${text}`);
    return JSON.parse(text);
  };
  const post = async (
    operation: string,
    input: object,
    api = 'AmazonEC2ContainerServiceV20141113',
  ): Promise<Record<string, unknown>> => {
    const target = `${api}.${operation}`;
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target };
    const response = await fetch(cloud.url, { method: 'POST', headers, body: JSON.stringify(input) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${operation}: ${text}`);
    return JSON.parse(text);
  };
  const idle = async () => {
    while (!(await control('clock')).idle) await new Promise((done) => setTimeout(done, 20));
  };
  try {
    await post('CreateRepository', { repositoryName: 'big' }, 'AmazonEC2ContainerRegistry_V20150921');
    await control('push', { repository: 'big', tag: '1.0.0', content: 'big' });
    await post('CreateCluster', { clusterName: CLUSTER });
    await post('RegisterTaskDefinition', TASK_DEFINITION);
    const names = namesOf(services);
    const created = performance.now();
    for (const name of names) await post('CreateService', serviceInput(name, tasks));
    await idle();
    const deploying = performance.now();
    for (const service of names)
      await post('UpdateService', { cluster: CLUSTER, service, forceNewDeployment: true });
    await idle();
    const ended = performance.now();
    let completed = 0;
    for (let from = 0; from < services; from += 10) {
      const some = names.slice(from, from + 10);
      const { services: seen } = await post('DescribeServices', { cluster: CLUSTER, services: some });
      completed += JSON.stringify(seen).split('"rolloutState":"COMPLETED"').length - 1;
    }
    return {
      createSeconds: (deploying - created) / 1000,
      deploySeconds: (ended - deploying) / 1000,
      peakMemory: process.resourceUsage().maxRSS / 1024,
      completed,
    };
  } finally {
    await cloud.stop();
  }
}

function namesOf(services: number): string[] {
  return Array.from({ length: services }, (_, index) => `service-${index}`);
}

function serviceInput(serviceName: string, desiredCount: number) {
  return {
    cluster: CLUSTER,
    serviceName,
    taskDefinition: TASK_DEFINITION.family,
    desiredCount,
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-12345678'] } },
  };
}

function report(measured: readonly Measured[], overHttp: OverHttp): string {
  const [smallest] = measured;
  const rows = measured.map(
    (one) =>
      `| ${one.services} | ${one.tasks} | ${one.seconds.toFixed(1)} | ${one.events} | ${Math.round(one.events / one.seconds)} | ${one.millisecondsPerTask.toFixed(2)} | ${(one.millisecondsPerTask / (smallest?.millisecondsPerTask ?? 1)).toFixed(2)} |`,
  );
  return [
    `Node ${process.versions.node}, ${cpus().length} cores`,
    '',
    '| services | tasks | s | events | events per second | ms per task | times the smallest |',
    '|---:|---:|---:|---:|---:|---:|---:|',
    ...rows,
    '',
    `Over HTTP: ${overHttp.createSeconds.toFixed(1)} s to create the services and let them become steady, ${overHttp.deploySeconds.toFixed(1)} s to deploy all again (${overHttp.completed} completed), peak memory of the process with all that was measured before ${Math.round(overHttp.peakMemory)} MB.`,
    '',
  ].join('\n');
}

await main();
