import type { Configuration } from '../shared/domain/app.ts';
import { createAutoscaling } from './autoscaling/autoscaling.ts';
import { scalableServices } from './autoscaling/services.ts';
import { createClock } from './clock.ts';
import type { Behaviour, JsonObject, ServiceApi } from './contract.ts';
import { createControl } from './control/control.ts';
import { createKeeper } from './data/keeper.ts';
import { snapshotsIn } from './data/snapshot.ts';
import { ecrApi } from './ecr/api.ts';
import { pushImage } from './ecr/push.ts';
import { createRegistry } from './ecr/registry.ts';
import { createEcs } from './ecs/ecs.ts';
import { createBus } from './events/bus.ts';
import { seedExample } from './example.ts';
import { refusedCaller } from './front/callers.ts';
import { createDispatcher, type Identity } from './front/dispatch.ts';
import { createFaults } from './front/faults.ts';
import type { HttpRequest, HttpResponse } from './front/protocol.ts';
import { serve } from './front/server.ts';
import { authorize } from './iam/authorize.ts';
import { createRecorder, type Recorder } from './iam/recorder.ts';
import { requirements } from './iam/requirements.ts';
import { createIds } from './ids.ts';
import { createRuntime } from './lambda/runtime.ts';
import { createPace, type Speed } from './pace.ts';
import { createRegistryFront } from './registry/front.ts';
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
  const recorder = createRecorder();
  const messages = createMessages(clock);
  const logs = createLogs(clock, ACCOUNT, REGION);
  const secrets = createSecrets(ACCOUNT, REGION, () => clock.now());
  const queues = createQueues(stack.queues, ids);
  const slack = createSlack(clock, messages);
  const dynamodb = await startDynamodb();
  let behaviours: Behaviour[] = [];
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
    behaviours: () => behaviours,
    writeLog: logs.write,
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
  ];
  const dispatcher = createDispatcher({
    clock,
    ids,
    faults,
    apis,
    dynamodb: dynamodb.call,
    identify,
    kill: (accessKeyId) => runtime.kill(accessKeyId),
  });

  function identify(accessKeyId: string | undefined, region: string): Identity {
    const caller = accessKeyId === undefined ? undefined : runtime.callerOf(accessKeyId);
    if (!caller || accessKeyId === undefined) {
      const callerArn = `arn:aws:iam::${ACCOUNT}:user/external`;
      return {
        call: { caller: 'external', callerArn, account: ACCOUNT, region },
        alive: true,
        denial: () => undefined,
      };
    }
    const call = { caller: caller.caller, callerArn: caller.callerArn, account: ACCOUNT, region };
    return {
      call,
      accessKeyId,
      alive: caller.alive,
      denial(service, operation, input) {
        const needed = requirements(service, operation, input, call, lookups);
        const verdict = authorize(caller.policies, needed, caller.callerArn);
        if (!verdict.allowed) return verdict.message;
        recorder.record(caller.roleName, verdict.statements);
        return undefined;
      },
    };
  }

  const lookups = {
    taskDefinition: (reference: string) => ecs.roles(reference),
    partitionKey: (table: string) =>
      partitionKeyOf(stack.tables.find(({ name }) => name === table)?.createTable),
    secretArn: secrets.secretArn,
  };

  const keeper =
    snapshots &&
    createKeeper(snapshots, clock, { registry, logs, secrets, queues, dynamodb, ecs, autoscaling });

  /** Resources as just after start. */
  async function furnish(): Promise<void> {
    await dynamodb.createTables(stack.tables.map(({ createTable }) => createTable));
    for (const channel of Object.values(configuration.channels)) {
      if (channel.kind !== 'slack') continue;
      if ('ssm' in channel.token) secrets.setParameter(channel.token.ssm, 'xoxb-local');
      else secrets.setSecret(channel.token.secretsManager, 'xoxb-local');
    }
    if ((await keeper?.resume()) || options.empty === true) return;
    seedExample({ configuration, ecs, putImage });
  }

  function putImage(repository: string, tag: string): string {
    if (!registry.repositories.has(repository)) registry.create(repository);
    return pushImage(registry, ids, { repository, tag, content: tag });
  }

  async function reset(): Promise<void> {
    ready = false;
    await runtime.reset();
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
      dispatcher,
    ])
      part.reset();
    behaviours = [];
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
    behave: (behaviour) => behaviours.push(behaviour),
    addFault: (fault) => faults.add(fault),
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
    if (path.startsWith('/_registry/')) return blob(path);
    const response = path.startsWith('/v2') ? images.answer(request) : await dispatcher.dispatch(request);
    pace.notify();
    return response;
  }

  function blob(path: string): HttpResponse {
    const [, repository = '', digest = ''] = /^\/_registry\/(.+)\/blobs\/(.+)$/.exec(path) ?? [];
    const content = registry.repositories.get(repository)?.blobs.get(digest);
    if (!content) return { status: 404, headers: {}, body: '' };
    return { status: 200, headers: { 'content-type': 'application/octet-stream' }, body: content };
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

function partitionKeyOf(table: JsonObject | undefined): string | undefined {
  const schema = table?.KeySchema;
  if (!Array.isArray(schema)) return undefined;
  const key = schema.find(
    (entry) => typeof entry === 'object' && entry !== null && 'KeyType' in entry && entry.KeyType === 'HASH',
  );
  return typeof key?.AttributeName === 'string' ? key.AttributeName : undefined;
}
