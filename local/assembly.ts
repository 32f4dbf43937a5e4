import { createAutoscaling } from './autoscaling/autoscaling.ts';
import { scalableServices } from './autoscaling/services.ts';
import { createBehaviours } from './behaviours.ts';
import { createClock } from './clock.ts';
import type { Call, JsonObject, ServiceApi } from './contract.ts';
import { ecrApi } from './ecr/api.ts';
import { createRegistry } from './ecr/registry.ts';
import { createReplication } from './ecr/replication.ts';
import { createEcs } from './ecs/ecs.ts';
import { createBus } from './events/bus.ts';
import { createBusPolicy } from './events/busPolicy.ts';
import { createDispatcher } from './front/dispatch.ts';
import { createFaults } from './front/faults.ts';
import { createIdentify } from './front/identity.ts';
import { createHookAnswers } from './hookAnswers.ts';
import type { LinkedService } from './iam/needs.ts';
import { createRecorder } from './iam/recorder.ts';
import { createIds } from './ids.ts';
import { createRuntime } from './lambda/runtime.ts';
import { createPace, type Speed } from './pace.ts';
import { createPeers, type Peer } from './peers.ts';
import { isSamePlace, type Place } from './place.ts';
import { createQuotas, type Enforced } from './quotas/quotas.ts';
import { createRegistryFront } from './registry/front.ts';
import { createRules } from './schedules/rules.ts';
import { createScheduler } from './schedules/scheduler.ts';
import { cloudformationApi } from './services/cloudformation.ts';
import type { startDynamodb } from './services/dynamodb.ts';
import { createIam } from './services/iam.ts';
import { createLogs } from './services/logs.ts';
import { createMessages } from './services/messages.ts';
import { createSecrets } from './services/secrets.ts';
import { createSlack } from './services/slack.ts';
import { snsApi } from './services/sns.ts';
import { createQueues } from './services/sqs.ts';
import { stsApi } from './services/sts.ts';
import { taggingApi } from './services/tagging.ts';
import type { Stack } from './stack/stack.ts';
import { partitionKeyOf } from './stack/tables.ts';

/** The parts of the local cloud, and how they are connected. */

/** The password that GetAuthorizationToken returns for the registry. */
const REGISTRY_PASSWORD = 'local';

/** Tasks that rules and schedules of people start. */
function byEvents({ account, region }: Place): Call {
  const callerArn = `arn:aws:sts::${account}:assumed-role/events/rule`;
  return { caller: 'external', callerArn, account, region };
}

interface AssemblyOptions {
  /** Everything that runs. */
  readonly stack: Stack;
  /** The stacks that it is from. */
  readonly stacks: readonly Stack[];
  readonly dynamodb: Awaited<ReturnType<typeof startDynamodb>>;
  /** The address of the endpoint, once it listens. */
  readonly url: () => string;
  readonly speed: Speed | undefined;
  readonly startAt: number | undefined;
  readonly seed: number | undefined;
  /** Which rates are enforced from the start. */
  readonly quotas: Enforced | undefined;
  readonly place: Place;
  /** Local clouds of other accounts and regions. */
  readonly others: readonly Peer[];
}

export type Parts = ReturnType<typeof assemble>;

export function assemble(options: AssemblyOptions) {
  const base = { ...options, ...createBase(options) };
  const compute = { ...base, ...createCompute(base) };
  const simulated = { ...compute, ...createSimulated(compute) };
  const apis = apisOf(simulated);
  return { ...simulated, apis, dispatcher: dispatcherOf(simulated, apis) };
}

function createBase({ stack, startAt = 0, seed = Date.now(), quotas, place, others }: AssemblyOptions) {
  const { account, region } = place;
  const clock = createClock(Math.max(startAt, Date.now()));
  const ids = createIds(seed);
  const messages = createMessages(clock);
  return {
    clock,
    ids,
    messages,
    faults: createFaults(),
    limits: createQuotas({ now: () => clock.now(), enforced: quotas }),
    behaviours: createBehaviours(),
    hooks: createHookAnswers(),
    recorder: createRecorder(),
    rules: createRules({ clock, account, region }),
    scheduler: createScheduler({ clock, account, region, stack: stack.schedules }),
    logs: createLogs(clock, account, region),
    iam: createIam(account, () => clock.now()),
    secrets: createSecrets(account, region, () => clock.now()),
    queues: createQueues(stack.queues, ids),
    slack: createSlack(clock, messages),
    busPolicy: createBusPolicy(place),
    peers: createPeers(others, (message) => process.stderr.write(`${message}\n`)),
  };
}

type Base = AssemblyOptions & ReturnType<typeof createBase>;

/** What runs the functions: Lambda, EventBridge, and the pace of the clock. */
function createCompute(base: Base) {
  const { stack, url, speed, clock, ids, logs, queues, faults, recorder, rules, peers } = base;
  const { account, region } = base.place;
  rules.connectBuses((bus, event) => peers.forward(bus, event));
  const runtime = createRuntime({
    clock,
    ids,
    account,
    region,
    functions: stack.functions,
    endpoint: url,
    slackUrl: () => `${url()}/_slack/api/`,
    writeLog: logs.write,
    deadLetter: (arn, body, attributes) => queues.send(arn, body, attributes),
    onBusyChange: () => pace.notify(),
    recorder,
    warn: (message) => process.stderr.write(`${message}\n`),
  });
  const bus = createBus({
    clock,
    ids,
    account,
    region,
    rules: stack.rules,
    schedules: stack.schedules,
    people: rules,
    deliver: (name, payload, trigger) => runtime.invokeAsync(name, payload, trigger),
    onDeadLetter: ({ queueArn, body, attributes }) => {
      if (queueArn !== undefined) queues.send(queueArn, body, attributes);
    },
    interfere: (event) => faults.forEvent(event),
    recorder,
  });
  const pace = createPace({
    clock,
    busy: () => runtime.busy(),
    ...(speed === undefined ? {} : { speed }),
  });
  return { runtime, bus, pace };
}

type Compute = Base & ReturnType<typeof createCompute>;

/** The simulated services that the functions call: ECR, ECS and Application Auto Scaling. */
function createSimulated(compute: Compute) {
  const { clock, ids, bus, logs, behaviours, hooks, rules, scheduler, peers } = compute;
  const { account, region } = compute.place;
  const registry = createRegistry({
    clock,
    emit: bus.emit,
    account,
    region,
    isReadable: peers.has,
    onPush: (where, image, tag) => replication.pushed(where, image, tag),
  });
  const replication = createReplication({
    clock,
    place: compute.place,
    registry,
    send: (place, image) => peers.replicate(place, image),
  });
  const images = createRegistryFront(registry, ids, REGISTRY_PASSWORD);
  const ecs = createEcs({
    clock,
    ids,
    account,
    region,
    emit: bus.emit,
    images: registry.images,
    behaviours: behaviours.list,
    writeLog: logs.write,
    openLog: logs.open,
    hookAnswer: hooks.answer,
  });
  const autoscaling = createAutoscaling({
    clock,
    ids,
    account,
    region,
    services: scalableServices(ecs.api, account, region),
  });
  const runTask = (input: JsonObject) => void ecs.api.operations.RunTask?.(input, byEvents(compute.place));
  rules.connect(runTask);
  scheduler.connect(runTask);
  hooks.connect(compute.runtime);
  return { registry, replication, images, ecs, autoscaling };
}

type Simulated = Compute & ReturnType<typeof createSimulated>;

function apisOf(parts: Simulated): readonly ServiceApi[] {
  const { stack, clock, ids, registry, ecs, autoscaling, messages, logs, secrets, queues } = parts;
  const { iam, runtime, bus, scheduler, busPolicy } = parts;
  return [
    ecs.api,
    ecs.loadBalancing,
    autoscaling.api,
    withOperations(
      ecrApi({
        registry,
        account: parts.place.account,
        password: REGISTRY_PASSWORD,
        blobUrl: (repository, digest) => `${parts.url()}/_registry/${repository}/blobs/${digest}`,
        now: () => clock.now(),
      }),
      parts.replication.operations,
    ),
    snsApi(new Set(stack.topics.map(({ arn }) => arn)), messages, ids),
    logs.api,
    ...secrets.apis,
    iam.api,
    queues.api,
    runtime.api,
    withOperations(bus.api, busPolicy.operations),
    scheduler.api,
    stsApi(),
    cloudformationApi(parts.stacks, clock),
    taggingApi(() => taggedIn(parts)),
  ];
}

function withOperations(api: ServiceApi, operations: ServiceApi['operations']): ServiceApi {
  return { ...api, operations: { ...api.operations, ...operations } };
}

/** Everything that has tags, by ARN. */
function taggedIn({ ecs, registry, logs, place }: Simulated) {
  const tagsOf = (list: readonly { readonly key: string; readonly value: string }[]) =>
    Object.fromEntries(list.map(({ key, value }) => [key, value]));
  return [
    ...ecs.tagged().map(({ arn, tags }) => ({ arn, tags: tagsOf(tags) })),
    ...[...registry.repositories.values()].map(({ arn, tags = [] }) => ({ arn, tags: tagsOf(tags) })),
    ...logs.tagged().map(({ name, tags }) => ({
      arn: `arn:aws:logs:${place.region}:${place.account}:log-group:${name}`,
      tags,
    })),
  ];
}

function accountIn({ registryId }: JsonObject): string | undefined {
  return typeof registryId === 'string' ? registryId : undefined;
}

function dispatcherOf(parts: Simulated, apis: readonly ServiceApi[]) {
  const { stack, clock, ids, faults, limits, dynamodb, runtime, recorder, ecs, secrets } = parts;
  const { autoscaling, place, peers } = parts;
  const lookups = {
    taskDefinition: (reference: string) => ecs.roles(reference),
    partitionKey: (table: string) =>
      partitionKeyOf(stack.tables.find(({ name }) => name === table)?.createTable),
    secretArn: secrets.secretArn,
    hasLinkedRole: (service: LinkedService) =>
      (service === 'ecs.amazonaws.com' ? ecs : autoscaling).hasLinkedRole(),
  };
  return createDispatcher({
    clock,
    ids,
    faults,
    quotas: limits,
    apis,
    dynamodb: dynamodb.call,
    identify: createIdentify({ account: place.account, callerOf: runtime.callerOf, lookups, recorder }),
    kill: (accessKeyId) => runtime.kill(accessKeyId),
    usualRegion: place.region,
    elsewhere: ({ service, operation, input }, call) => {
      const there = { account: accountIn(input) ?? call.account, region: call.region };
      const isElsewhere = service === 'ecr' && !isSamePlace(there, place) && peers.has(there);
      const { roleArn = call.callerArn } = stack.functions.find(({ name }) => name === call.caller) ?? {};
      return isElsewhere ? peers.ecr(there, operation, input, { ...call, principalArn: roleArn }) : undefined;
    },
  });
}
