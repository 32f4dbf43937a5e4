import type { JsonObject } from '../../shared/infrastructure/json.ts';
import { modelOf } from '../models/services.ts';
import { aCluster, imageOf, imported, plannedFile } from './cluster.ts';
import type { EmptyCloud } from './world.ts';

/** Each settable member of a service and of a container is imported, plans to no change, and shows its change. */

const web = { name: 'web', image: imageOf('web-app'), portMappings: [{ containerPort: 8080, name: 'http' }] };
const TARGET_GROUP = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup';
const registry = (name: string) => ({
  registryArn: `arn:aws:servicediscovery:us-east-1:123456789012:service/srv-${name}`,
});
const target = (name: string) => ({
  targetGroupArn: `${TARGET_GROUP}/${name}/0123456789abcdef`,
  containerName: 'web',
  containerPort: 8080,
});
const awsvpc = (subnet: string) => ({ awsvpcConfiguration: { subnets: [subnet], securityGroups: ['sg-1'] } });
const volume = (size: number) => [
  {
    name: 'data',
    managedEBSVolume: { roleArn: 'arn:aws:iam::123456789012:role/ecs-volumes', sizeInGiB: size },
  },
];
const lattice = (name: string) => [
  {
    roleArn: 'arn:aws:iam::123456789012:role/lattice',
    targetGroupArn: `arn:aws:vpc-lattice:us-east-1:123456789012:targetgroup/${name}`,
    portName: 'http',
  },
];

const metrics = (resolutionSeconds: number) => ({
  metricConfigurations: [{ metricNames: ['CPUUtilization'], resolutionSeconds }],
});
const DATA = { name: 'data', configuredAtLaunch: true };

/** By member: a value, and another one that UpdateService sets. Absent: UpdateService does not take it. */
const MEMBERS: Readonly<Record<string, readonly [value: unknown, changed?: unknown, also?: JsonObject]>> = {
  availabilityZoneRebalancing: ['ENABLED', 'DISABLED'],
  capacityProviderStrategy: [
    [{ capacityProvider: 'FARGATE', weight: 1, base: 0 }],
    [{ capacityProvider: 'FARGATE_SPOT', weight: 1, base: 0 }],
    { launchType: null },
  ],
  deploymentConfiguration: [
    { minimumHealthyPercent: 50, maximumPercent: 200 },
    { minimumHealthyPercent: 100, maximumPercent: 200 },
  ],
  deploymentController: [{ type: 'ECS' }],
  desiredCount: [2],
  enableECSManagedTags: [true, false],
  enableExecuteCommand: [true, false],
  gatewayConnectors: [[{ portName: 'http' }], [{ portName: 'grpc' }]],
  healthCheckGracePeriodSeconds: [30, 60, { loadBalancers: [target('one')] }],
  launchType: ['FARGATE'],
  loadBalancers: [[target('one')], [target('two')]],
  monitoring: [metrics(20), metrics(60)],
  networkConfiguration: [awsvpc('subnet-1'), awsvpc('subnet-2')],
  placementConstraints: [[{ type: 'distinctInstance' }]],
  placementStrategy: [[{ type: 'spread', field: 'host' }]],
  platformVersion: ['1.4.0', 'LATEST'],
  propagateTags: ['SERVICE', 'TASK_DEFINITION'],
  role: ['arn:aws:iam::123456789012:role/ecs-service', undefined, { loadBalancers: [target('one')] }],
  schedulingStrategy: ['REPLICA'],
  serviceConnectConfiguration: [
    { enabled: true, namespace: 'one' },
    { enabled: true, namespace: 'two' },
  ],
  serviceRegistries: [[registry('one')], [registry('two')]],
  tags: [[{ key: 'team', value: 'web' }]],
  taskDefinition: ['web-app'],
  volumeConfigurations: [volume(10), volume(20)],
  vpcLatticeConfigurations: [lattice('one'), lattice('two')],
};
/** What names the service, or repeats a request. */
const NOT_SETTINGS = ['cluster', 'serviceName', 'clientToken'];

function membersOf(operation: string): readonly string[] {
  const { input } = modelOf('ecs').operation(operation);
  return input.kind === 'structure' ? [...input.members.keys()] : [];
}

async function aService(members: JsonObject): Promise<EmptyCloud> {
  const volumes = members.volumeConfigurations === undefined ? {} : { volumes: [DATA] };
  return aCluster({ services: { 'web-app': { containers: [web], members, roles: true, ...volumes } } });
}

describe('each member of a service', () => {
  test('is in the table: CreateService has no other', () => {
    const known = [...Object.keys(MEMBERS), ...NOT_SETTINGS];
    expect(membersOf('CreateService').toSorted()).toEqual(known.toSorted());
  });

  test.each(Object.entries(MEMBERS))(
    '%s is imported, and plans to no change',
    async (member, [value, , also]) => {
      const cloud = await aService(jsonOf({ ...also, [member]: value }));
      const { text, file } = await imported(cloud);
      expect((await plannedFile(text, cloud)).changes).toEqual([]);
      const declared = file.infrastructure.services['web-app'];
      expect(declared).toMatchObject({ [member]: expectedOf(member, value) });
    },
  );

  const changeable = Object.entries(MEMBERS).filter(([, [, changed]]) => changed !== undefined);
  test.each(changeable)(
    '%s is all that a plan shows once it is changed',
    async (member, [value, changed, also]) => {
      const cloud = await aService(jsonOf({ ...also, [member]: value }));
      const { text } = await imported(cloud);
      const change = { cluster: 'app-prod', service: 'web-app', [member]: changed };
      await cloud.aws('ecs', 'UpdateService', jsonOf(change));
      const { changes } = await plannedFile(text, cloud);
      expect(changes).toMatchObject([{ action: 'change', kind: 'service', name: 'app-prod/web-app' }]);
      const [found] = changes.flatMap((one) => ('found' in one ? [one.found] : []));
      expect(new Set(found?.map(({ path }) => /^\w+/.exec(path)?.[0]))).toEqual(new Set([member]));
    },
  );
});

describe('each member of a task definition', () => {
  test('is imported as it is, unknown ones included, and plans to no change', async () => {
    const container = {
      ...web,
      cpu: 128,
      memoryReservation: 256,
      command: ['serve'],
      entryPoint: ['sh', '-c'],
      environmentFiles: [{ value: 'arn:aws:s3:::bucket/web.env', type: 's3' }],
      mountPoints: [{ sourceVolume: 'data', containerPath: '/data', readOnly: false }],
      volumesFrom: [],
      linuxParameters: { initProcessEnabled: true },
      secrets: [{ name: 'TOKEN', valueFrom: '/web/token' }],
      startTimeout: 30,
      stopTimeout: 20,
      user: 'node',
      workingDirectory: '/app',
      readonlyRootFilesystem: true,
      interactive: true,
      pseudoTerminal: true,
      dockerLabels: { team: 'web' },
      ulimits: [{ name: 'nofile', softLimit: 1024, hardLimit: 2048 }],
      healthCheck: { command: ['CMD', 'true'], interval: 10, timeout: 5, retries: 2, startPeriod: 0 },
      systemControls: [{ namespace: 'net.core.somaxconn', value: '1024' }],
      restartPolicy: { enabled: true, restartAttemptPeriod: 60 },
      versionConsistency: 'disabled',
      memberOfTheFuture: { a: [1, { b: null }] },
    };
    const cloud = await aCluster({
      services: {
        'web-app': {
          containers: [container],
          volumes: [{ name: 'data', configuredAtLaunch: true }],
          members: { volumeConfigurations: jsonOf({ v: volume(10) }).v },
        },
      },
    });
    const { text, file } = await imported(cloud);
    const [written] = file.infrastructure.taskDefinitions['web-app'].definition.containerDefinitions;
    const { taskDefinition } = await cloud.read('ecs', 'DescribeTaskDefinition', {
      taskDefinition: 'web-app',
    });
    expect(written).toEqual(taskDefinition.containerDefinitions[0]);
    expect((await plannedFile(text, cloud)).changes).toEqual([]);
  });
});

describe('a service of each kind', () => {
  const advanced = (name: string) => [
    {
      ...target(name),
      advancedConfiguration: {
        alternateTargetGroupArn: `${TARGET_GROUP}/green/0123456789abcdef`,
        productionListenerRule:
          'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener-rule/app/web/1/2/3',
        roleArn: 'arn:aws:iam::123456789012:role/ecs-elb',
      },
    },
  ];
  const shifting = (deploymentConfiguration: JsonObject) => ({
    members: { loadBalancers: advanced('web'), deploymentConfiguration },
  });
  const EC2 = { definition: { requiresCompatibilities: ['EC2'] } };
  const KINDS: Readonly<Record<string, { members: object; definition?: JsonObject }>> = {
    BLUE_GREEN: shifting({ strategy: 'BLUE_GREEN', bakeTimeInMinutes: 5 }),
    LINEAR: shifting({
      strategy: 'LINEAR',
      linearConfiguration: { stepPercent: 50, stepBakeTimeInMinutes: 5 },
    }),
    CANARY: shifting({
      strategy: 'CANARY',
      canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 5 },
    }),
    'EC2 with placement': {
      ...EC2,
      members: { launchType: 'EC2', placementStrategy: [{ type: 'spread', field: 'instanceId' }] },
    },
    'a daemon': { ...EC2, members: { launchType: 'EC2', schedulingStrategy: 'DAEMON', desiredCount: null } },
    Spot: {
      members: {
        launchType: null,
        capacityProviderStrategy: [
          { capacityProvider: 'FARGATE', weight: 1, base: 1 },
          { capacityProvider: 'FARGATE_SPOT', weight: 3 },
        ],
      },
    },
    'unknown members of the task definition': {
      definition: { memberOfTheFuture: { nested: [1, { a: 'x' }] } },
      members: {},
    },
  };

  test.each(Object.entries(KINDS))(
    '%s is imported, and plans to no change',
    async (_, { members, definition }) => {
      const wanted = { containers: [web], members: jsonOf(members), ...(definition && { definition }) };
      const cloud = await aCluster({ services: { 'web-app': wanted } });
      const { text } = await imported(cloud);
      expect((await plannedFile(text, cloud)).changes).toEqual([]);
    },
  );
});

function jsonOf(members: object): JsonObject {
  return JSON.parse(JSON.stringify(members));
}

function expectedOf(member: string, value: unknown): unknown {
  return member === 'tags' ? { team: 'web' } : value;
}
