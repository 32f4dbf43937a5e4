import type { Configuration } from '../shared/domain/app.ts';
import { createAutoscaling } from './autoscaling/autoscaling.ts';
import { scalableServices } from './autoscaling/services.ts';
import { createBehaviours } from './behaviours.ts';
import { createClock } from './clock.ts';
import type { ServiceApi } from './contract.ts';
import { createControl } from './control/control.ts';
import { knownNames } from './control/known.ts';
import { createKeeper } from './data/keeper.ts';
import { snapshotsIn } from './data/snapshot.ts';
import { ecrApi } from './ecr/api.ts';
import { blobOf } from './ecr/blobs.ts';
import { pushImage } from './ecr/push.ts';
import { createRegistry } from './ecr/registry.ts';
import { createEcs } from './ecs/ecs.ts';
import { createBus } from './events/bus.ts';
import { seedExample } from './example.ts';
import { refusedCaller } from './front/callers.ts';
import { createDispatcher } from './front/dispatch.ts';
import { createFaults } from './front/faults.ts';
import { createIdentify } from './front/identity.ts';
import type { HttpRequest, HttpResponse } from './front/protocol.ts';
import { serve } from './front/server.ts';
import { createRecorder, type Recorder } from './iam/recorder.ts';
import { createIds } from './ids.ts';
import { createRuntime } from './lambda/runtime.ts';
import { createPace, type Speed } from './pace.ts';
import { createRegistryFront } from './registry/front.ts';
import { cloudformationApi } from './services/cloudformation.ts';
import { startDynamodb } from './services/dynamodb.ts';
import { createLogs } from './services/logs.ts';
import { createMessages } from './services/messages.ts';
import { createSecrets } from './services/secrets.ts';
import { createSlack } from './services/slack.ts';
import { slackFront } from './services/slackFront.ts';
import { snsApi } from './services/sns.ts';
import { createQueues } from './services/sqs.ts';
import { stsApi } from './services/sts.ts';
import { loadStack } from './stack/load.ts';
import type { StackFunction } from './stack/stack.ts';
import { partitionKeyOf } from './stack/tables.ts';

export const ACCOUNT = '123456789012';
export const REGION = 'us-east-1';
/** What GetAuthorizationToken gives for the registry. */
const REGISTRY_PASSWORD = 'local';

export interface CloudOptions {
  /** 0 picks a free one. */
  readonly port: number;
  readonly configuration: Configuration;
  /** What `serverless package` wrote. */
  readonly packageDirectory: string;
  readonly speed?: Speed;
  /** Without the example's resources. */
  readonly empty?: boolean;
  /** Where state is kept between runs; absent: in memory only. */
  readonly data?: string;
  /** When its clock starts, epoch milliseconds, not before now. Absent: now. */
  readonly startAt?: number;
  /** Seeds names that look random. */
  readonly seed?: number;
}

export interface Cloud {
  readonly url: string;
  /** Which statements of the functions' roles were needed so far. */
  readonly recorder: Recorder;
  /** The deployed functions, with their roles. */
  readonly functions: readonly StackFunction[];
  /** What is simulated: the services behind the endpoint, DynamoDB left out, which is passed on. */
  readonly apis: readonly ServiceApi[];
  /** What a request to the endpoint answers, without a socket. Undefined: never, the connection is cut. */
  answer(request: HttpRequest): Promise<HttpResponse | undefined>;
  stop(): Promise<void>;
}

/** Starts the local cloud: deploys the package, runs the example application, listens on loopback. */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const { configuration } = options;
  const snapshots = options.data === undefined ? undefined : snapshotsIn(options.data);
  const stack = await loadStack(options.packageDirectory, { account: ACCOUNT, region: REGION });
  const clock = createClock(Math.max(options.startAt ?? 0, Date.now()));
  const ids = createIds(options.seed ?? Date.now());
  const faults = createFaults();
  const behaviours = createBehaviours();
  const recorder = createRecorder();
  const messages = createMessages(clock);
  const logs = createLogs(clock, ACCOUNT, REGION);
  const secrets = createSecrets(ACCOUNT, REGION, () => clock.now());
  const queues = createQueues(stack.queues, ids);
  const slack = createSlack(clock, messages);
  const dynamodb = await startDynamodb();
  let ready = false;
  let url = '';

  const runtime = createRuntime({
    clock,
    ids,
    account: ACCOUNT,
    region: REGION,
    functions: stack.functions,
    endpoint: () => url,
    slackUrl: () => `${url}/_slack/api/`,
    writeLog: logs.write,
    deadLetter: (arn, body, attributes) => queues.send(arn, body, attributes),
    onBusyChange: () => pace.notify(),
    recorder,
    warn: (message) => process.stderr.write(`${message}\n`),
  });
  const bus = createBus({
    clock,
    ids,
    account: ACCOUNT,
    region: REGION,
    rules: stack.rules,
    schedules: stack.schedules,
    deliver: (name, payload, trigger) => runtime.invokeAsync(name, payload, trigger),
    onDeadLetter: ({ queueArn, body, attributes }) => {
      if (queueArn !== undefined) queues.send(queueArn, body, attributes);
    },
    interfere: (event) => faults.forEvent(event),
    recorder,
  });
  const registry = createRegistry({ clock, emit: bus.emit, account: ACCOUNT, region: REGION });
  const images = createRegistryFront(registry, ids, REGISTRY_PASSWORD);
  const ecs = createEcs({
    clock,
    ids,
    account: ACCOUNT,
    region: REGION,
    emit: bus.emit,
    images: registry.images,
    behaviours: behaviours.list,
    writeLog: logs.write,
    openLog: logs.open,
  });
  const autoscaling = createAutoscaling({
    clock,
    ids,
    account: ACCOUNT,
    region: REGION,
    services: scalableServices(ecs.api, ACCOUNT, REGION),
  });
  const pace = createPace({
    clock,
    busy: () => runtime.busy(),
    ...(options.speed === undefined ? {} : { speed: options.speed }),
  });

  const apis = [
    ecs.api,
    autoscaling.api,
    ecrApi({
      registry,
      account: ACCOUNT,
      password: REGISTRY_PASSWORD,
      blobUrl: (repository, digest) => `${url}/_registry/${repository}/blobs/${digest}`,
      now: () => clock.now(),
    }),
    snsApi(new Set(stack.topics.map(({ arn }) => arn)), messages, ids),
    logs.api,
    ...secrets.apis,
    queues.api,
    runtime.api,
    bus.api,
    stsApi(),
    cloudformationApi(stack, clock),
  ];
  const lookups = {
    taskDefinition: (reference: string) => ecs.roles(reference),
    partitionKey: (table: string) =>
      partitionKeyOf(stack.tables.find(({ name }) => name === table)?.createTable),
    secretArn: secrets.secretArn,
  };
  const dispatcher = createDispatcher({
    clock,
    ids,
    faults,
    apis,
    dynamodb: dynamodb.call,
    identify: createIdentify({ account: ACCOUNT, callerOf: runtime.callerOf, lookups, recorder }),
    kill: (accessKeyId) => runtime.kill(accessKeyId),
  });

  const keeper =
    snapshots &&
    createKeeper(snapshots, clock, { registry, logs, secrets, queues, dynamodb, ecs, autoscaling });

  /** Resources as just after start. */
  async function furnish(): Promise<void> {
    await dynamodb.createTables(stack.tables.map(({ createTable }) => createTable));
    for (const { name } of stack.logGroups) logs.createGroup(name);
    for (const channel of Object.values(configuration.channels)) secrets.provide(channel);
    if ((await keeper?.resume()) || options.empty === true) return;
    seedExample({ configuration, ecs, putImage, createLogGroup: logs.createGroup });
  }

  function putImage(repository: string, tag: string): string {
    if (!registry.repositories.has(repository)) registry.create(repository);
    return pushImage(registry, ids, { repository, tag, content: tag });
  }

  async function reset(keepWarm: boolean): Promise<void> {
    ready = false;
    await runtime.reset(keepWarm);
    bus.reset();
    ecs.reset();
    for (const part of [
      autoscaling,
      registry,
      images,
      logs,
      secrets,
      queues,
      slack,
      messages,
      faults,
      behaviours,
      dispatcher,
    ])
      part.reset();
    keeper?.forget();
    await dynamodb.reset();
    await furnish();
    bus.reset();
    ready = true;
    pace.notify();
  }

  const control = createControl({
    ready: () => ready,
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
    behaviours,
    faults,
    known: knownNames(stack, dispatcher.operations),
    setMetrics: autoscaling.setMetrics,
    messages: () => messages.all().map((message) => ({ ...message })),
    calls: dispatcher.calls,
    invocations: () => runtime.invocations().map((record) => ({ ...record })),
    reset,
  });

  async function answer(request: HttpRequest): Promise<HttpResponse | undefined> {
    const refused = refusedCaller(request);
    if (refused) return refused;
    pace.sync();
    const path = request.path.split('?')[0] ?? '/';
    if (path.startsWith('/_local/')) return control(request);
    if (path.startsWith('/_slack/')) return slackFront(slack, faults, request);
    if (path.startsWith('/_registry/')) return blobOf(registry, path);
    const response = path.startsWith('/v2') ? images.answer(request) : await dispatcher.dispatch(request);
    pace.notify();
    return response;
  }

  async function open() {
    await furnish();
    // The pushes of furnishing are history: nothing is to be delivered for them.
    bus.reset();
    return serve(options.port, answer);
  }

  async function close(): Promise<void> {
    pace.stop();
    keeper?.stop();
    await runtime.close();
  }

  const server = await open().catch(async (error: unknown) => {
    await close();
    await dynamodb.stop();
    throw error;
  });
  url = server.url;
  ready = true;

  return {
    url,
    recorder,
    functions: stack.functions,
    apis,
    answer,
    async stop() {
      await close();
      await keeper?.save();
      await server.stop();
      await dynamodb.stop();
    },
  };
}
