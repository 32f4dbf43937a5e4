import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ApplicationAutoScalingClient,
  PutScalingPolicyCommand,
  RegisterScalableTargetCommand,
} from '@aws-sdk/client-application-auto-scaling';
import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateRepositoryCommand, ECRClient } from '@aws-sdk/client-ecr';
import {
  EventBridgeClient,
  LaunchType,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { parse } from 'yaml';
import { run } from '../../cli/fairway.ts';
import type { Cloud } from '../../local/cloud.ts';
import { recorded } from '../cli/fake-cloud.ts';
import { startWorld } from '../models/world.ts';
import { CONFIGURATIONS } from './shifts.ts';

/** A cluster of 50 services of many kinds, made with the AWS SDK, imported with the command. */

const CREDENTIALS = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
const ACCOUNT = '123456789012';
const CLUSTER = `arn:aws:ecs:us-east-1:${ACCOUNT}:cluster/app-prod`;
const ELB = `arn:aws:elasticloadbalancing:us-east-1:${ACCOUNT}`;
const NETWORK = { awsvpcConfiguration: { subnets: ['subnet-1', 'subnet-2'], securityGroups: ['sg-1'] } };
const REPOSITORIES = ['shop/web', 'shop/api', 'billing', 'search', 'jobs'];

function balanced(name: string, advanced: boolean) {
  const arn = (suffix: string) => `${ELB}:targetgroup/${name}${suffix}/0123456789abcdef`;
  const advancedConfiguration = {
    alternateTargetGroupArn: arn('-green'),
    productionListenerRule: `${ELB}:listener-rule/app/${name}/1/2/3`,
    roleArn: `arn:aws:iam::${ACCOUNT}:role/ecs-elb`,
  };
  return [
    {
      targetGroupArn: arn(''),
      containerName: 'app',
      containerPort: 8080,
      ...(advanced ? { advancedConfiguration } : {}),
    },
  ];
}

interface Kind {
  readonly definition?: object;
  readonly container?: object;
  readonly service?: (name: string) => object;
}

const shifting = (strategy: string): Kind => ({
  service: (name) => ({
    launchType: 'FARGATE',
    loadBalancers: balanced(name, true),
    deploymentConfiguration: CONFIGURATIONS[strategy],
  }),
});
const EC2 = { requiresCompatibilities: ['EC2'] };

/** Ten kinds, each five times. */
const KINDS: readonly Kind[] = [
  { service: () => ({ launchType: 'FARGATE', platformVersion: '1.4.0', enableECSManagedTags: true }) },
  { service: (name) => ({ launchType: 'FARGATE', loadBalancers: balanced(name, false) }) },
  shifting('BLUE_GREEN'),
  shifting('LINEAR'),
  shifting('CANARY'),
  {
    service: () => ({
      launchType: 'FARGATE',
      serviceConnectConfiguration: {
        enabled: true,
        namespace: 'internal',
        services: [{ portName: 'http', clientAliases: [{ port: 80 }] }],
      },
    }),
  },
  {
    definition: { volumes: [{ name: 'data', configuredAtLaunch: true }] },
    service: () => ({
      launchType: 'FARGATE',
      volumeConfigurations: [
        { name: 'data', managedEBSVolume: { roleArn: `arn:aws:iam::${ACCOUNT}:role/ebs`, sizeInGiB: 20 } },
      ],
    }),
  },
  {
    definition: { memberOfTheFuture: { nested: [1, null, 'x'] } },
    container: { anotherOne: true, environment: [{ name: 'API_KEY', value: 'k9Xq2LmZ7vRt4WpB' }] },
    service: () => ({
      capacityProviderStrategy: [
        { capacityProvider: 'FARGATE', weight: 1, base: 1 },
        { capacityProvider: 'FARGATE_SPOT', weight: 3 },
      ],
    }),
  },
  {
    definition: EC2,
    service: () => ({
      launchType: 'EC2',
      placementStrategy: [{ type: 'spread', field: 'attribute:ecs.availability-zone' }],
      placementConstraints: [{ type: 'distinctInstance' }],
    }),
  },
  { definition: EC2, service: () => ({ launchType: 'EC2', schedulingStrategy: 'DAEMON', daemon: true }) },
];

let cloud: Cloud;
let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'fairway-test-import-'));
  cloud = await startWorld();
  await makeCluster(cloud.url);
}, 180_000);
afterAll(async () => {
  await cloud?.stop();
  await rm(directory, { recursive: true, force: true });
});

/** A call to ECS without an SDK, which would drop what it does not know. */
async function raw(operation: string, input: object): Promise<void> {
  const response = await fetch(cloud.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AmazonEC2ContainerServiceV20141113.${operation}`,
    },
    body: JSON.stringify(input),
  });
  if (!response.ok) throw new Error(`${operation}: ${await response.text()}`);
}

async function calls(): Promise<number> {
  const response = await fetch(`${cloud.url}/_local/calls`);
  return Array.from(Object(await response.json())).length;
}

async function makeCluster(url: string): Promise<void> {
  const ecr = new ECRClient({ ...CREDENTIALS, endpoint: url });
  const logs = new CloudWatchLogsClient({ ...CREDENTIALS, endpoint: url });
  await raw('CreateCluster', { clusterName: 'app-prod', capacityProviders: ['FARGATE', 'FARGATE_SPOT'] });
  for (const repositoryName of REPOSITORIES) {
    await ecr.send(new CreateRepositoryCommand({ repositoryName }));
    const body = JSON.stringify({ repository: repositoryName, tag: '1.0.0' });
    await fetch(`${url}/_local/push`, { method: 'POST', body });
  }
  for (let index = 0; index < 50; index += 1) await makeService(index, logs);
  await makeScaling(url);
  await makeSchedules(url);
}

function nameOf(index: number): string {
  return `s${String(index).padStart(2, '0')}`;
}

async function makeService(index: number, logs: CloudWatchLogsClient): Promise<void> {
  const { definition = {}, container = {}, service = () => ({}) } = KINDS[index % KINDS.length] ?? {};
  const name = nameOf(index);
  const repository = REPOSITORIES[index % REPOSITORIES.length];
  const group = `/ecs/${name}`;
  await logs.send(new CreateLogGroupCommand({ logGroupName: group }));
  const options = { 'awslogs-group': group, 'awslogs-region': 'us-east-1', 'awslogs-stream-prefix': name };
  await raw('RegisterTaskDefinition', {
    family: name,
    cpu: '256',
    memory: '512',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    executionRoleArn: `arn:aws:iam::${ACCOUNT}:role/execution`,
    taskRoleArn: `arn:aws:iam::${ACCOUNT}:role/task`,
    ...definition,
    tags: [{ key: 'team', value: `team-${index % 3}` }],
    containerDefinitions: [
      {
        name: 'app',
        image: `${ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/${repository}:1.0.0`,
        portMappings: [{ containerPort: 8080, protocol: 'tcp', name: 'http' }],
        logConfiguration: { logDriver: 'awslogs', options },
        ...container,
      },
      { name: 'agent', image: 'public.ecr.aws/agents/agent:1', essential: false },
    ],
  });
  const { daemon, ...members }: { daemon?: boolean } = service(name);
  await raw('CreateService', {
    cluster: 'app-prod',
    serviceName: name,
    taskDefinition: name,
    networkConfiguration: NETWORK,
    tags: [{ key: 'team', value: `team-${index % 3}` }],
    ...(daemon ? {} : { desiredCount: 1 }),
    ...members,
  });
}

async function makeScaling(endpoint: string): Promise<void> {
  const client = new ApplicationAutoScalingClient({ ...CREDENTIALS, endpoint });
  for (const index of [0, 1, 2, 10]) {
    const target = {
      ServiceNamespace: 'ecs',
      ResourceId: `service/app-prod/${nameOf(index)}`,
      ScalableDimension: 'ecs:service:DesiredCount',
    } as const;
    await client.send(new RegisterScalableTargetCommand({ ...target, MinCapacity: 1, MaxCapacity: 4 }));
    await client.send(
      new PutScalingPolicyCommand({
        ...target,
        PolicyName: 'cpu',
        PolicyType: 'TargetTrackingScaling',
        TargetTrackingScalingPolicyConfiguration: {
          TargetValue: 60,
          PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
        },
      }),
    );
  }
}

async function makeSchedules(endpoint: string): Promise<void> {
  const target = {
    Arn: CLUSTER,
    RoleArn: `arn:aws:iam::${ACCOUNT}:role/events`,
    EcsParameters: {
      TaskDefinitionArn: `arn:aws:ecs:us-east-1:${ACCOUNT}:task-definition/s00`,
      LaunchType: LaunchType.FARGATE,
      NetworkConfiguration: { awsvpcConfiguration: { Subnets: ['subnet-1'] } },
    },
  };
  const events = new EventBridgeClient({ ...CREDENTIALS, endpoint });
  await events.send(new PutRuleCommand({ Name: 'nightly', ScheduleExpression: 'cron(0 3 * * ? *)' }));
  await events.send(new PutTargetsCommand({ Rule: 'nightly', Targets: [{ Id: '1', ...target }] }));
  const scheduler = new SchedulerClient({ ...CREDENTIALS, endpoint });
  await scheduler.send(
    new CreateScheduleCommand({
      Name: 'hourly',
      ScheduleExpression: 'rate(1 hour)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: target,
    }),
  );
}

async function fairway(...words: string[]) {
  const { around, written } = recorded(directory);
  const code = await run([...words, '--local', cloud.url], around);
  return { code, ...written };
}

test('is written in a bounded number of calls, and without a secret', async () => {
  const before = await calls();
  const imported = await fairway('import', '--cluster', 'app-prod', '--infrastructure');
  expect(imported).toMatchObject({ code: 0, err: '' });
  expect((await calls()) - before).toBeLessThanOrEqual(20 + 50 * 4 + 5 * 5);
  const text = await readFile(join(directory, 'fairway.yml'), 'utf8');
  expect(text).not.toContain('k9Xq2LmZ7vRt4WpB');
  const { apps, infrastructure } = parse(text);
  expect(Object.keys(apps)).toEqual(['billing', 'jobs', 'search', 'api', 'web']);
  expect(Object.keys(infrastructure.services)).toHaveLength(50);
  expect(apps.web.tasks.map(({ name }: { name: string }) => name)).toEqual(['nightly', 'hourly']);
}, 120_000);

test('is a file that is valid, and plans to no change', async () => {
  expect(await fairway('check')).toMatchObject({ code: 0, err: '' });
  const planned = await fairway('plan');
  expect(planned).toMatchObject({ code: 0, err: '', out: expect.stringContaining('No changes') });
}, 120_000);

test('shows exactly what someone changes afterwards', async () => {
  await raw('UpdateService', {
    cluster: 'app-prod',
    service: 's11',
    healthCheckGracePeriodSeconds: 45,
  });
  await raw('UpdateService', { cluster: 'app-prod', service: 's00', enableECSManagedTags: false });
  const { out } = await fairway('plan', '--json');
  const { changes } = JSON.parse(out);
  expect(
    changes.map(({ name, differences }: { name: string; differences: { path: string }[] }) => [
      name,
      differences.map(({ path }) => path),
    ]),
  ).toEqual([
    ['app-prod/s00', ['enableECSManagedTags']],
    ['app-prod/s11', ['healthCheckGracePeriodSeconds']],
  ]);
}, 120_000);
