import type { SimClock } from '../../local/clock.ts';
import type { Behaviour, Emit, EventDraft, Json, JsonObject, ServiceApi } from '../../local/contract.ts';
import { ecrApi } from '../../local/ecr/api.ts';
import { pushImage } from '../../local/ecr/push.ts';
import { createRegistry } from '../../local/ecr/registry.ts';
import { createEcs } from '../../local/ecs/ecs.ts';
import { createBus } from '../../local/events/bus.ts';
import { seedExample } from '../../local/example.ts';
import { parsePolicy } from '../../local/iam/policy.ts';
import { createIds } from '../../local/ids.ts';
import type { StackRule, StackSchedule } from '../../local/stack/stack.ts';
import type { Configuration } from '../../shared/domain/app.ts';
import { SCHEDULE_SOURCE } from '../../shared/intake/schedule.ts';
import type { Template } from '../../stack/names.ts';
import { ecsChangedPatterns, imagePushedPatterns } from '../../stack/patterns.ts';
import { INSTALLED } from './plan.ts';
import type { Fate, Push, Strategies } from './script.ts';
import { ALARM, groupsOf, ruleOf } from './strategies.ts';

const ACCOUNT = '123456789012';
const REGION = 'us-east-1';
const CALL = {
  caller: 'simulation',
  callerArn: `arn:aws:iam::${ACCOUNT}:role/fairway`,
  account: ACCOUNT,
  region: REGION,
};

interface CloudOptions {
  /** Set to when the stack's schedules are created. */
  readonly clock: SimClock;
  readonly seed: number;
  readonly configuration: Configuration;
  readonly strategies?: Strategies | undefined;
  readonly deliver: (functionName: string, payload: string) => void;
  /** Hears every event, arriving or not. */
  readonly hear: (event: EventDraft) => void;
  readonly interfere: (event: EventDraft) => { readonly copies: number; readonly delay: number } | undefined;
}

/** ECS, ECR and EventBridge of the local cloud, in memory, with the rules of the stack. */
export interface Cloud {
  readonly clock: SimClock;
  /** When the stack's schedules were created, epoch milliseconds. */
  readonly createdAt: number;
  setAlarm(state: 'ALARM' | 'OK'): void;
  call(service: 'ecs' | 'ecr' | 'elasticloadbalancing', operation: string, input: JsonObject): JsonObject;
  /** What ECR has under a layer's digest. */
  blob(repository: string, digest: string): string | undefined;
  push(push: Push): string;
}

export function createCloud(options: CloudOptions): Cloud {
  const { clock, seed, configuration, strategies, deliver, hear, interfere } = options;
  const createdAt = clock.now();
  const ids = createIds(seed ^ 0x5f356495);
  const behaviours: Behaviour[] = [];
  let furnished = false;
  const bus = createBus({
    clock,
    ids,
    account: ACCOUNT,
    region: REGION,
    rules: rulesOf(configuration),
    schedules: schedulesOf(configuration),
    deliver,
    onDeadLetter: () => {},
    interfere,
  });
  const emit: Emit = (draft, known) => {
    if (!furnished) return;
    // Building an event is expensive, and both read all of it.
    const event = { ...draft };
    hear(event);
    bus.emit(event, known);
  };
  const registry = createRegistry({ clock, emit, account: ACCOUNT, region: REGION });
  const ecs = createEcs({
    clock,
    ids,
    account: ACCOUNT,
    region: REGION,
    emit,
    images: registry.images,
    behaviours: () => behaviours,
    writeLog: () => {},
  });
  const ecr = ecrApi({
    registry,
    account: ACCOUNT,
    password: 'unused',
    blobUrl: (repository, digest) => `${repository}|${digest}`,
    now: () => clock.now(),
  });
  seedExample({
    configuration,
    ecs: {
      ...ecs,
      register: (input) => ecs.register(withSecret(input)),
      settle: (input) => ecs.settle(withStrategy(input, strategies)),
    },
    putImage(repository, tag) {
      if (!registry.repositories.has(repository)) registry.create(repository);
      return pushImage(registry, ids, { repository, tag, content: tag });
    },
  });
  ecs.setDisputed(strategies?.disputed ?? {});
  furnished = true;
  // Fairway is installed a while after the first images were pushed.
  clock.runUntil(INSTALLED);

  const apis = { ecs: ecs.api, ecr, elasticloadbalancing: ecs.loadBalancing };
  return {
    clock,
    createdAt,
    setAlarm: (state) => ecs.setAlarm(ALARM, state),
    call: (service, operation, input) => perform(apis[service], operation, input),
    blob(repository, digest) {
      const content = registry.repositories.get(repository)?.blobs.get(digest);
      return content && new TextDecoder().decode(content);
    },
    push(push) {
      const { repository, tag, content, platforms } = push;
      const digest = pushImage(registry, ids, { repository, tag, content, platforms });
      behaviours.push(...behavioursOf(`${repository}@${digest}`, push.fate));
      return digest;
    },
  };
}

/** With its deployment configuration; with two target groups and a rule, where the service shifts its traffic. */
function withStrategy(input: JsonObject, strategies: Strategies | undefined): JsonObject {
  const name = String(input.serviceName);
  const deploymentConfiguration = strategies?.configurations[name];
  const [balancer] = Array.isArray(input.loadBalancers) ? input.loadBalancers : [];
  if (!deploymentConfiguration || !isObject(balancer ?? null)) return input;
  if (deploymentConfiguration.strategy === 'ROLLING') return { ...input, deploymentConfiguration };
  const [targetGroupArn, alternateTargetGroupArn] = groupsOf(name);
  const advancedConfiguration = {
    alternateTargetGroupArn,
    productionListenerRule: ruleOf(name),
    roleArn: `arn:aws:iam::${ACCOUNT}:role/ecs-elb`,
  };
  const loadBalancers = [{ ...Object(balancer), targetGroupArn, advancedConfiguration }];
  return { ...input, loadBalancers, deploymentConfiguration };
}

/** What must never be seen outside ECS. */
export const SECRET = 'hunter2-of-the-simulation';

function withSecret(input: JsonObject): JsonObject {
  const containers = Array.isArray(input.containerDefinitions) ? input.containerDefinitions : [];
  const environment = [{ name: 'PASSWORD', value: SECRET }];
  return {
    ...input,
    futureSetting: { deep: [1, { empty: '' }] },
    containerDefinitions: containers.map((container) => ({ ...Object(container), environment })),
  };
}

function perform(api: ServiceApi, operation: string, input: JsonObject): JsonObject {
  const run = api.operations[operation];
  if (!run) throw new Error(`the local cloud does not simulate ${api.service}:${operation}`);
  const output = run(input, CALL);
  if (output instanceof Promise || !isObject(output)) throw new Error(`${operation} answered no object`);
  return output;
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function behavioursOf(image: string, fate: Fate): Behaviour[] {
  return [
    { image, for: 'service', ...SERVICE_FATES[fate.service] },
    { image, for: 'task', ...TASK_FATES[fate.task] },
  ];
}

const SERVICE_FATES: Readonly<Record<Fate['service'], Behaviour>> = {
  good: { exit: 'never' },
  crash: { exit: { after: '3s', code: 1 } },
  lateCrash: { exit: { after: '70s', code: 139 } },
  unpullable: { pull: 'notFound' },
  unhealthy: { exit: 'never', health: 'unhealthy', targetHealth: 'unhealthy' },
  slow: { exit: 'never', startAfter: '90s', health: 'healthyAfter 60s', targetHealth: 'healthyAfter 60s' },
};
const TASK_FATES: Readonly<Record<Fate['task'], Behaviour>> = {
  good: { exit: { after: '20s', code: 0 } },
  fails: { exit: { after: '10s', code: 3 } },
  hangs: { exit: 'never' },
  unpullable: { pull: 'notFound' },
  interrupted: { exit: 'never', interruptAfter: '30s' },
};

/** The stack's rules, on functions that are called by their short names. */
function rulesOf(configuration: Configuration): StackRule[] {
  const rule = (
    functionName: string,
    index: number,
    what: Pick<StackRule, 'pattern' | 'schedule'>,
  ): StackRule => ({
    name: `${functionName}-${index}`,
    arn: `arn:aws:events:${REGION}:${ACCOUNT}:rule/${functionName}-${index}`,
    state: 'ENABLED',
    ...what,
    targets: [
      {
        id: '1',
        functionName,
        permitted: true,
        deadLetterPermitted: false,
        retryPolicy: { maximumRetryAttempts: 30, maximumEventAgeSeconds: 3600 },
      },
    ],
  });
  return [
    ...imagePushedPatterns(configuration).map((pattern, index) =>
      rule('image-pushed', index, { pattern: resolved(pattern) }),
    ),
    ...ecsChangedPatterns(configuration).map((pattern, index) =>
      rule('ecs-changed', index, { pattern: resolved(pattern) }),
    ),
    rule('sweep', 0, { schedule: 'rate(1 minute)' }),
  ];
}

/** The stack's schedules; their calls are dropped, repeated and put off like other events. */
function schedulesOf(configuration: Configuration): StackSchedule[] {
  const Statement = { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: '*' };
  return configuration.apps.flatMap((app) =>
    app.tasks.flatMap(({ name, schedule }) => {
      if (!schedule) return [];
      const call = {
        source: SCHEDULE_SOURCE,
        app: app.name,
        task: name,
        time: '<aws.scheduler.scheduled-time>',
      };
      return [
        {
          name,
          arn: `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/default/${name}`,
          schedule: schedule.expression,
          timeZone: schedule.timeZone,
          ...(schedule.end === undefined ? {} : { end: schedule.end }),
          window: schedule.jitter,
          state: 'ENABLED' as const,
          functionName: 'run-task',
          functionArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:run-task`,
          input: JSON.stringify(call),
          retryPolicy: { maximumRetryAttempts: 10, maximumEventAgeSeconds: 300 },
          roleName: 'scheduler',
          rolePolicies: [parsePolicy('scheduler', { Statement })],
          trusted: true,
        },
      ];
    }),
  );
}

/** With CloudFormation's references filled in. */
function resolved(template: Template): JsonObject {
  const filled = JSON.stringify(template)
    .replace(/\{"Fn::Sub":("(?:[^"\\]|\\.)*")\}/g, '$1')
    .replaceAll('${AWS::Partition}', 'aws')
    .replaceAll('${AWS::Region}', REGION)
    .replaceAll('${AWS::AccountId}', ACCOUNT);
  return JSON.parse(filled);
}
