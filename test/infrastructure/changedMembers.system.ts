import { apply } from '../../shared/infrastructure/apply.ts';
import type { JsonObject } from '../../shared/infrastructure/json.ts';
import type { Plan } from '../../shared/infrastructure/plan.ts';
import { modelOf } from '../models/services.ts';
import type { Shape } from '../models/shapes.ts';
import { imported, plannedFile } from './cluster.ts';
import { EXAMPLE } from './example.ts';
import { anEmptyCloud, aRunningExample, type EmptyCloud } from './world.ts';

/** Each settable member by the service models, changed by someone, one at a time, is exactly what a plan shows. */

type Members = ReadonlyMap<string, { readonly shape: () => Shape }>;

function membersOf(service: string, operation: string): Members {
  const { input } = modelOf(service).operation(operation);
  return input.kind === 'structure' ? input.members : new Map();
}

/** What a plan shows: the resource and the members that differ. */
function shownBy({ changes }: Plan): readonly string[] {
  return changes.flatMap((change) =>
    'found' in change
      ? change.found.map(({ path }) => `${change.kind} ${change.name} ${path}`)
      : [change.action],
  );
}

describe('each member of a task definition', () => {
  /** Of a family, and what releases decide. */
  const TOP_LEFT_OUT = ['family', 'containerDefinitions', 'tags'];
  const LEFT_OUT = ['name', 'image'];
  const top = membersOf('ecs', 'RegisterTaskDefinition');
  const list = top.get('containerDefinitions')?.shape();
  const item = list?.kind === 'list' ? list.item() : undefined;
  const container: Members = item?.kind === 'structure' ? item.members : new Map();

  const health = (interval: number) => ({
    command: ['CMD', 'true'],
    interval,
    timeout: 5,
    retries: 2,
    startPeriod: 1,
  });
  const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
  /** Where ECS accepts only some values. */
  const VALUES: Readonly<Record<string, readonly [unknown, unknown]>> = {
    cpu: ['256', '512'],
    memory: ['512', '1024'],
    networkMode: ['bridge', 'host'],
    taskRoleArn: [role('first'), role('second')],
    executionRoleArn: [role('first'), role('second')],
    requiresCompatibilities: [['EC2'], ['EXTERNAL']],
    'containerDefinitions.cpu': [10, 20],
    'containerDefinitions.memory': [256, 300],
    'containerDefinitions.memoryReservation': [100, 128],
    'containerDefinitions.healthCheck': [health(10), health(20)],
  };

  function valuesOf(path: string, shape: Shape): readonly [unknown, unknown] {
    return VALUES[path] ?? [sample(shape, 0), sample(shape, 1)];
  }

  function all(members: Members, prefix: string, leftOut: readonly string[]) {
    return [...members]
      .filter(([name]) => !leftOut.includes(name))
      .map(([name, { shape }]) => ({ name, values: valuesOf(`${prefix}${name}`, shape()) }));
  }

  const ofTop = all(top, '', TOP_LEFT_OUT);
  const ofContainer = all(container, 'containerDefinitions.', LEFT_OUT);
  const firsts = (members: typeof ofTop) =>
    Object.fromEntries(members.map(({ name, values }) => [name, values[0]]));

  function definition(changedTop: object, changedContainer: object): JsonObject {
    const image = '123456789012.dkr.ecr.us-east-1.amazonaws.com/web-app:1.0.0';
    const web = { ...firsts(ofContainer), ...changedContainer, name: 'web', image };
    const sidecar = { name: 'sidecar', image: 'public.ecr.aws/x/y:1', memory: 64 };
    const containerDefinitions = [web, sidecar];
    return JSON.parse(
      JSON.stringify({ family: 'web-app', ...firsts(ofTop), ...changedTop, containerDefinitions }),
    );
  }

  let cloud: EmptyCloud;
  let file: string;
  beforeAll(async () => {
    cloud = anEmptyCloud();
    await cloud.aws('ecs', 'CreateCluster', { clusterName: 'app-prod' });
    await cloud.aws('ecr', 'CreateRepository', { repositoryName: 'web-app' });
    cloud.push('web-app', '1.0.0');
    await cloud.aws('ecs', 'RegisterTaskDefinition', definition({}, {}));
    const service = { serviceName: 'web-app', taskDefinition: 'web-app', desiredCount: 1, launchType: 'EC2' };
    await cloud.aws('ecs', 'CreateService', { cluster: 'app-prod', ...service });
    file = (await imported(cloud)).text;
  });

  test('is imported, and plans to no change', async () => {
    expect(shownBy(await plannedFile(file, cloud))).toEqual([]);
    expect(ofTop.length + ofContainer.length).toBeGreaterThan(50);
  });

  test.each(ofTop.map(({ name, values }) => [name, values[1]] as const))('%s', async (name, changed) => {
    await cloud.aws('ecs', 'RegisterTaskDefinition', definition({ [name]: changed }, {}));
    const shown = shownBy(await plannedFile(file, cloud));
    expect(new Set(shown.map((line) => /^taskDefinition web-app \w+/.exec(line)?.[0]))).toEqual(
      new Set([`taskDefinition web-app ${name}`]),
    );
  });

  test.each(ofContainer.map(({ name, values }) => [name, values[1]] as const))(
    'containerDefinitions[].%s',
    async (name, changed) => {
      await cloud.aws('ecs', 'RegisterTaskDefinition', definition({}, { [name]: changed }));
      const shown = shownBy(await plannedFile(file, cloud));
      const start = /^taskDefinition web-app containerDefinitions\[web\]\.\w+/;
      expect(new Set(shown.map((line) => start.exec(line)?.[0]))).toEqual(
        new Set([`taskDefinition web-app containerDefinitions[web].${name}`]),
      );
    },
  );
});

/** One of two values of a shape, with every member. */
function sample(shape: Shape, which: 0 | 1, depth = 0): unknown {
  switch (shape.kind) {
    case 'text':
      return shape.values?.[which % shape.values.length] ?? ['first', 'second'][which];
    case 'number':
    case 'timestamp':
      return which + 1;
    case 'boolean':
      return which === 1;
    case 'list':
      return [sample(shape.item(), which, depth + 1)];
    case 'map':
      return { key: sample(shape.value(), which, depth + 1) };
    case 'structure':
      return Object.fromEntries(
        [...shape.members].map(([name, member]) => [name, sample(member.shape(), which, depth + 1)]),
      );
    default:
      return {};
  }
}

describe('each member of the other kinds', () => {
  const SCALABLE = {
    ServiceNamespace: 'ecs',
    ResourceId: 'service/app-prod/web-app',
    ScalableDimension: 'ecs:service:DesiredCount',
  };
  const ACTION = { ...SCALABLE, ScheduledActionName: 'night' };
  const STEP = {
    ...SCALABLE,
    PolicyName: 'queue',
    PolicyType: 'StepScaling',
  };
  const steps = (more: JsonObject) => ({
    AdjustmentType: 'ChangeInCapacity',
    StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }],
    Cooldown: 60,
    MetricAggregationType: 'Average',
    MinAdjustmentMagnitude: 1,
    ...more,
  });
  const tracking = (more: JsonObject) => ({
    ...SCALABLE,
    PolicyName: 'web-app-cpu',
    PolicyType: 'TargetTrackingScaling',
    TargetTrackingScalingPolicyConfiguration: {
      TargetValue: 70,
      PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
      ScaleInCooldown: 300,
      ScaleOutCooldown: 60,
      ...more,
    },
  });
  const YAML = `${EXAMPLE}      scheduledActions:
        night:
          Schedule: cron(0 20 * * ? *)
          Timezone: Europe/Berlin
          StartTime: 1893456000
          EndTime: 1924992000
          ScalableTargetAction: { MinCapacity: 2 }
      policies:
        queue:
          PolicyType: StepScaling
          StepScalingPolicyConfiguration: ${JSON.stringify(steps({}))}
logGroups:
  /ecs/other: { retentionInDays: 7, tags: { team: web } }
`
    .replace(
      '    tags: { team: web }\ntask',
      '    policy: { Version: "2012-10-17", Statement: [] }\n    except: ["latest*"]\n    tags: { team: web }\ntask',
    )
    .replace('tagMutability: IMMUTABLE', 'tagMutability: IMMUTABLE_WITH_EXCLUSION')
    .replace(
      '    containerInsights: enabled\n',
      '    containerInsights: enabled\n    configuration: { executeCommandConfiguration: { logging: DEFAULT } }\n    serviceConnectDefaults: { namespace: one }\n    tags: { team: web }\n',
    );

  const group = 'arn:aws:logs:us-east-1:123456789012:log-group:/ecs/other';
  const cluster = { cluster: 'app-prod' };
  const repositoryName = 'web-app';
  const rules = [
    {
      rulePriority: 1,
      selection: { tagStatus: 'untagged', countType: 'imageCountMoreThan', countNumber: 99 },
      action: { type: 'expire' },
    },
  ];
  type Row = readonly [shown: string, service: string, operation: string, input: JsonObject];
  const scaling = (path: string, operation: string, input: JsonObject): Row => [
    `scaling app-prod/web-app ${path}`,
    'application-autoscaling',
    operation,
    input,
  ];
  const action = (member: string, value: unknown) =>
    scaling(`scheduledActions.night.${member}`, 'PutScheduledAction', {
      ...ACTION,
      [member]: JSON.parse(JSON.stringify(value)),
    });
  const step = (member: string, value: unknown) =>
    scaling(`policies.queue.StepScalingPolicyConfiguration.${member}`, 'PutScalingPolicy', {
      ...STEP,
      StepScalingPolicyConfiguration: steps({ [member]: JSON.parse(JSON.stringify(value)) }),
    });
  const track = (member: string, value: number) =>
    scaling(
      `policies.web-app-cpu.TargetTrackingScalingPolicyConfiguration.${member}`,
      'PutScalingPolicy',
      tracking({ [member]: value }),
    );
  const ofCluster = (member: string, operation: string, input: JsonObject): Row => [
    `cluster app-prod ${member}`,
    'ecs',
    operation,
    { ...cluster, ...input },
  ];
  const ofRepository = (member: string, operation: string, input: JsonObject): Row => [
    `repository web-app ${member}`,
    'ecr',
    operation,
    { repositoryName, ...input },
  ];

  const ROWS: readonly Row[] = [
    ofCluster('settings', 'UpdateCluster', { settings: [{ name: 'containerInsights', value: 'disabled' }] }),
    ofCluster('configuration', 'UpdateCluster', {
      configuration: { executeCommandConfiguration: { logging: 'NONE' } },
    }),
    ofCluster('serviceConnectDefaults', 'UpdateCluster', { serviceConnectDefaults: { namespace: 'two' } }),
    ofCluster('capacityProviders', 'PutClusterCapacityProviders', {
      capacityProviders: ['FARGATE'],
      defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1, base: 1 }],
    }),
    ofCluster('defaultCapacityProviderStrategy', 'PutClusterCapacityProviders', {
      capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
      defaultCapacityProviderStrategy: [],
    }),
    ofRepository('imageScanningConfiguration', 'PutImageScanningConfiguration', {
      imageScanningConfiguration: { scanOnPush: false },
    }),
    ofRepository('imageTagMutability', 'PutImageTagMutability', {
      imageTagMutability: 'MUTABLE_WITH_EXCLUSION',
      imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'latest*' }],
    }),
    ofRepository('imageTagMutabilityExclusionFilters', 'PutImageTagMutability', {
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'dev*' }],
    }),
    ofRepository('lifecyclePolicy', 'PutLifecyclePolicy', { lifecyclePolicyText: JSON.stringify({ rules }) }),
    ofRepository('repositoryPolicy', 'SetRepositoryPolicy', {
      policyText:
        '{"Version":"2012-10-17","Statement":[{"Sid":"x","Effect":"Allow","Principal":"*","Action":"ecr:BatchGetImage"}]}',
    }),
    [
      'logGroup /ecs/other retentionInDays',
      'logs',
      'PutRetentionPolicy',
      { logGroupName: '/ecs/other', retentionInDays: 1 },
    ],
    ['logGroup /ecs/other tags', 'logs', 'TagResource', { resourceArn: group, tags: { team: 'other' } }],
    scaling('MinCapacity', 'RegisterScalableTarget', { ...SCALABLE, MinCapacity: 1 }),
    scaling('MaxCapacity', 'RegisterScalableTarget', { ...SCALABLE, MaxCapacity: 9 }),
    scaling('SuspendedState', 'RegisterScalableTarget', {
      ...SCALABLE,
      SuspendedState: { DynamicScalingInSuspended: true },
    }),
    action('Schedule', 'cron(0 19 * * ? *)'),
    action('Timezone', 'Europe/Paris'),
    action('StartTime', 1_893_456_060),
    action('EndTime', 1_924_992_060),
    action('ScalableTargetAction', { MinCapacity: 3 }),
    step('AdjustmentType', 'ExactCapacity'),
    step('StepAdjustments', [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 2 }]),
    step('Cooldown', 90),
    step('MetricAggregationType', 'Maximum'),
    step('MinAdjustmentMagnitude', 2),
    track('TargetValue', 60),
    track('ScaleInCooldown', 200),
    track('ScaleOutCooldown', 30),
  ];

  /** Members by the models, less those that name the resource or repeat a request. */
  test.each([
    ['cluster app-prod', 'ecs', ['UpdateCluster', 'PutClusterCapacityProviders'], ['cluster']],
    // Encryption is fixed when a repository is created.
    [
      'repository web-app',
      'ecr',
      ['PutImageTagMutability', 'PutImageScanningConfiguration'],
      ['repositoryName', 'registryId'],
    ],
    // RoleARN is ignored for ECS. Source: Application Auto Scaling API reference. Tags are not declared.
    [
      'scaling app-prod/web-app',
      'application-autoscaling',
      ['RegisterScalableTarget'],
      [...Object.keys(SCALABLE), 'RoleARN', 'Tags'],
    ],
    [
      'scaling app-prod/web-app scheduledActions.night.',
      'application-autoscaling',
      ['PutScheduledAction'],
      Object.keys(ACTION),
    ],
  ])('of a %s is in the table', (subject, service, operations, names) => {
    const settable = operations.flatMap((operation) => [...membersOf(service, operation).keys()]);
    const start = subject.endsWith('.') ? subject : `${subject} `;
    const known = ROWS.map(([shown]) => shown)
      .filter((shown) => shown.startsWith(start))
      .map((shown) => shown.slice(start.length));
    expect([...new Set(settable)].filter((name) => !names.includes(name) && !known.includes(name))).toEqual(
      [],
    );
  });

  test('is what a plan shows, imported or not, and what apply sets again', async () => {
    const cloud = await aRunningExample(YAML);
    const { text } = await imported(cloud);
    const file = withLogGroup(text);
    expect(shownBy(await plannedFile(file, cloud))).toEqual([]);
    for (const [shown, service, operation, input] of ROWS) {
      await cloud.aws(service, operation, input);
      const plan = await plannedFile(file, cloud);
      const lines = shownBy(plan);
      expect(lines.length).toBeGreaterThan(0);
      expect(lines.filter((line) => !isAbout(line, shown))).toEqual([]);
      await apply(plan, { aws: cloud.aws, release: async () => '', onDone: () => {}, onOrdered: () => {} });
      expect([shown, shownBy(await plannedFile(file, cloud))]).toEqual([shown, []]);
    }
  });

  /** A member or a part of it: not one whose name begins so. */
  function isAbout(line: string, shown: string): boolean {
    return line === shown || line.startsWith(`${shown}.`) || line.startsWith(`${shown}[`);
  }

  /** Nothing uses this group, so that the import leaves it out. */
  function withLogGroup(text: string): string {
    return text.replace(
      '  logGroups:\n',
      '  logGroups:\n    /ecs/other: { retentionInDays: 7, tags: { team: web } }\n',
    );
  }
});
