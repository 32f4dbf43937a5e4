import { resolve } from 'node:path';
import type { Configuration } from '../shared/domain/app.ts';
import { assemble, type Parts } from './assembly.ts';
import type { ServiceApi } from './contract.ts';
import { createControl } from './control/control.ts';
import { knownNames } from './control/known.ts';
import { createKeeper } from './data/keeper.ts';
import { snapshotsIn } from './data/snapshot.ts';
import { blobOf } from './ecr/blobs.ts';
import { pushImage } from './ecr/push.ts';
import { setFindings } from './ecr/scans.ts';
import { seedExample } from './example.ts';
import { refusedCaller } from './front/callers.ts';
import type { HttpRequest, HttpResponse } from './front/http.ts';
import { serve } from './front/server.ts';
import type { Recorder } from './iam/recorder.ts';
import type { Speed } from './pace.ts';
import { answerPeer, type Peer } from './peers.ts';
import { type Place, USUAL_PLACE } from './place.ts';
import type { Enforced } from './quotas/quotas.ts';
import { startDynamodb } from './services/dynamodb.ts';
import { slackFront } from './services/slackFront.ts';
import { loadStack } from './stack/load.ts';
import { replacementsIn } from './stack/replacements.ts';
import type { StackFunction } from './stack/stack.ts';
import { together } from './stack/together.ts';

export interface CloudOptions {
  /** 0 picks a free one. */
  readonly port: number;
  readonly configuration: Configuration;
  /** The folder that `serverless package` wrote. */
  readonly packageDirectory: string;
  readonly speed?: Speed;
  /** Whether to start without the example's resources. */
  readonly empty?: boolean;
  /** Directory for the state between runs; absent: in memory only. */
  readonly data?: string;
  /** Start of its clock, epoch milliseconds, not before now. Default: now. */
  readonly startAt?: number;
  /** Seed of the random names. */
  readonly seed?: number;
  /** Which rates of AWS are enforced from the start. Default: none. */
  readonly quotas?: Enforced;
  /** Further stacks, of other environments in the same account and region. */
  readonly more?: readonly Pick<CloudOptions, 'configuration' | 'packageDirectory'>[];
  /** Its account and region. Default: 123456789012 in us-east-1. */
  readonly place?: Place;
  /** Local clouds of other accounts and regions. */
  readonly peers?: readonly Peer[];
}

export interface Cloud {
  readonly url: string;
  /** Records which statements of the functions' roles were used. */
  readonly recorder: Recorder;
  /** The deployed functions, with their roles. */
  readonly functions: readonly StackFunction[];
  /** The simulated services, without DynamoDB, whose requests are forwarded. */
  readonly apis: readonly ServiceApi[];
  /** Answers a request to the endpoint, without a socket. Undefined: the connection is closed without an answer. */
  answer(request: HttpRequest): Promise<HttpResponse | undefined>;
  stop(): Promise<void>;
}

/** Starts the local cloud: deploys the package, runs the example application, listens on loopback. */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const snapshots = options.data === undefined ? undefined : snapshotsIn(options.data);
  const { place = USUAL_PLACE, peers = [] } = options;
  const load = (directory: string) => loadStack(directory, { ...place });
  const first = await load(options.packageDirectory);
  const others = await Promise.all(
    (options.more ?? []).map(({ packageDirectory }) => load(packageDirectory)),
  );
  const stack = together(first, others);
  const { speed, startAt, seed, quotas } = options;
  const dynamodb = await startDynamodb();
  let url = '';
  const parts = assemble({
    ...{ stack, stacks: [first, ...others], dynamodb, place, others: peers },
    ...{ url: () => url, speed, startAt, seed, quotas },
  });
  const { bus, pace, runtime } = parts;
  const keeper = snapshots && createKeeper(snapshots, parts.clock, keptParts(parts));
  const cloud: State = { ...options, ...parts, keeper, ready: false };
  const answer = answering(cloud);

  async function close(): Promise<void> {
    pace.stop();
    keeper?.stop();
    await runtime.close();
  }

  async function open() {
    await seedResources(cloud);
    // Nothing is delivered for the pushes of the seed.
    bus.reset();
    return serve(options.port, answer);
  }

  const server = await open().catch(async (error: unknown) => {
    await close();
    await dynamodb.stop();
    throw error;
  });
  url = server.url;
  cloud.ready = true;
  return {
    url,
    recorder: parts.recorder,
    functions: stack.functions,
    apis: parts.apis,
    answer,
    async stop() {
      await close();
      await keeper?.save();
      await server.stop();
      await dynamodb.stop();
    },
  };
}

/** What a snapshot contains. */
function keptParts(parts: Parts) {
  const { registry, replication, logs, iam, secrets, queues, dynamodb, ecs } = parts;
  const { autoscaling, rules, scheduler, busPolicy } = parts;
  return {
    ...{ registry, replication, logs, iam, secrets, queues, dynamodb, ecs },
    ...{ autoscaling, rules, scheduler, busPolicy },
  };
}

interface State extends Parts, Pick<CloudOptions, 'configuration' | 'empty' | 'more'> {
  readonly keeper: ReturnType<typeof createKeeper> | undefined;
  ready: boolean;
}

/** Creates the resources of a cloud that has just started. */
async function seedResources(cloud: State): Promise<void> {
  const { stack, dynamodb, logs, secrets, ecs, registry, ids, place, more = [] } = cloud;
  const configurations = [cloud, ...more].map(({ configuration }) => configuration);
  await dynamodb.createTables(stack.tables.map(({ createTable }) => createTable));
  for (const { name } of stack.logGroups) logs.createGroup(name);
  const channels = configurations.flatMap((one) => Object.values(one.channels));
  for (const channel of channels) secrets.provide(channel);
  if ((await cloud.keeper?.resume()) || cloud.empty === true) return;
  const putImage = (repository: string, tag: string): string => {
    if (!registry.repositories.has(repository)) registry.create(repository);
    return pushImage(registry, ids, { repository, tag, content: tag });
  };
  for (const configuration of configurations)
    seedExample({ configuration, ecs, putImage, createLogGroup: logs.createGroup, place });
}

async function reset(cloud: State, keepWarm: boolean): Promise<void> {
  const { autoscaling, registry, images, logs, secrets, queues, slack, messages, faults, limits } = cloud;
  const { iam, rules, scheduler, busPolicy, replication } = cloud;
  cloud.ready = false;
  await cloud.runtime.reset(keepWarm);
  cloud.bus.reset();
  cloud.ecs.reset();
  const services = [autoscaling, registry, images, logs, iam, secrets, queues, rules, scheduler, busPolicy];
  for (const part of [...services, replication, slack, messages, faults, limits]) part.reset();
  cloud.behaviours.reset();
  cloud.hooks.reset();
  cloud.dispatcher.reset();
  cloud.keeper?.forget();
  await cloud.dynamodb.reset();
  await seedResources(cloud);
  cloud.bus.reset();
  cloud.ready = true;
  cloud.pace.notify();
}

function controlOf(cloud: State) {
  const { clock, pace, runtime, registry, ids, messages, dispatcher } = cloud;
  return createControl({
    ready: () => cloud.ready,
    clock: () => ({
      now: new Date(clock.now()).toISOString(),
      speed: pace.speed(),
      idle: clock.idle() && !runtime.busy(),
    }),
    setSpeed: (speed) => pace.setSpeed(speed),
    advance: (span) => pace.advance(span),
    push: (request) => {
      const digest = pushImage(registry, ids, request);
      pace.notify();
      return digest;
    },
    behaviours: cloud.behaviours,
    faults: cloud.faults,
    quotas: cloud.limits,
    known: knownNames(cloud.stack, dispatcher.operations),
    hooks: cloud.hooks,
    setAlarm(alarm) {
      cloud.autoscaling.setAlarm(alarm);
      cloud.ecs.setAlarm(alarm.name, alarm.rings ? 'ALARM' : 'OK');
      pace.notify();
    },
    setDisputed: cloud.ecs.setDisputed,
    setFindings: (request) => setFindings(registry, request),
    setMetrics: cloud.autoscaling.setMetrics,
    messages: () => messages.all().map((message) => ({ ...message })),
    calls: dispatcher.calls,
    invocations: () => runtime.invocations().map((record) => ({ ...record })),
    reset: (keepWarm) => reset(cloud, keepWarm),
    update: async (directory, names) => {
      const { account, region } = cloud.stack;
      const next = await loadStack(resolve(directory), { account, region });
      const chosen = replacementsIn(next, names);
      for (const definition of chosen) runtime.update(definition);
      return chosen.map(({ name }) => name);
    },
  });
}

function apiOf({ apis }: State, service: string): ServiceApi {
  const api = apis.find((each) => each.service === service);
  if (api) return api;
  throw new Error(`${service} is not simulated`);
}

function answering(cloud: State): Cloud['answer'] {
  const { pace, slack, faults, registry, images, dispatcher } = cloud;
  const control = controlOf(cloud);
  const shared = {
    ...cloud.place,
    ecr: apiOf(cloud, 'ecr'),
    policyOf: (name: string) => registry.repositories.get(name)?.policy,
    busPolicy: cloud.busPolicy,
    receive: cloud.bus.receive,
    receiveImage: cloud.replication.receive,
  };
  return async (request) => {
    const refused = refusedCaller(request);
    if (refused) return refused;
    pace.sync();
    const path = request.path.split('?')[0] ?? '/';
    if (path.startsWith('/_local/peer/')) return answerPeer(shared, request).finally(() => pace.notify());
    if (path.startsWith('/_local/')) return control(request);
    if (path.startsWith('/_slack/')) return slackFront(slack, faults, request);
    if (path.startsWith('/_registry/')) return blobOf(registry, path);
    const response = path.startsWith('/v2') ? images.answer(request) : await dispatcher.dispatch(request);
    pace.notify();
    return response;
  };
}
