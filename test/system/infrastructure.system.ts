import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
} from '@aws-sdk/client-application-auto-scaling';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeRepositoriesCommand, ECRClient, GetLifecyclePolicyCommand } from '@aws-sdk/client-ecr';
import { DescribeClustersCommand, DescribeTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { run } from '../../cli/fairway.ts';
import { isRead } from '../../shared/infrastructure/retrying.ts';
import { recorded } from '../cli/fake-cloud.ts';
import { startTestCloud, type TestCloud } from './cloud.ts';

/** The shipped example on an empty local cloud, from nothing to a service that deploys itself. */

const FILE = join(import.meta.dirname, '..', '..', 'examples', 'infrastructure', 'fairway.yml');
const CREDENTIALS = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud(await readFile(FILE, 'utf8'), undefined, { empty: true });
}, 120_000);
afterAll(() => cloud?.stop());

async function fairway(...words: string[]) {
  const { around, written } = recorded();
  const code = await run([...words, '--local', cloud.url, '--config', FILE], around);
  return { code, ...written };
}

/** Calls of the operator that changed something. */
async function changes(): Promise<number> {
  const calls = await cloud.calls();
  return calls.filter(
    ({ caller, operation, service }) => caller === 'external' && service !== 'lambda' && !isRead(operation),
  ).length;
}

test('apply creates all that needs no image', async () => {
  expect(await fairway('plan')).toMatchObject({ code: 2, out: expect.stringContaining('8 to create') });
  const made = await fairway('apply', '--yes', '--no-wait');
  expect(made).toMatchObject({ code: 0, err: '', out: expect.stringContaining('Push an image to web-app') });
}, 60_000);

test('the first push starts the service, and is live', async () => {
  await cloud.push('1.0.0');
  await cloud.quiet();
  expect(await fairway('apply', '--yes')).toMatchObject({ code: 0, err: '' });
  await cloud.control('clock', { advance: '10m' });
  await cloud.quiet();
  expect(await cloud.service()).toMatchObject({ runningCount: 3, desiredCount: 3 });
  const status = await cloud.status();
  expect(status).toMatchObject({ live: { tag: '1.0.0' } });
  expect(status).not.toHaveProperty('hold');
  expect(status).not.toHaveProperty('waiting');
}, 60_000);

test('a second apply makes no call that changes anything', async () => {
  const before = await changes();
  expect(await fairway('apply', '--yes')).toMatchObject({
    code: 0,
    out: expect.stringContaining('No changes'),
  });
  expect(await changes()).toBe(before);
}, 60_000);

test('AWS describes each resource as it is declared', async () => {
  const { clusters } = await cloud.ecs.send(
    new DescribeClustersCommand({ clusters: ['app-prod'], include: ['SETTINGS', 'TAGS'] }),
  );
  expect(clusters).toMatchObject([
    {
      capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
      settings: [{ name: 'containerInsights', value: 'enabled' }],
      tags: [{ key: 'fairway:installation', value: 'fairway-production' }],
    },
  ]);
  const ecr = new ECRClient({ ...CREDENTIALS, endpoint: cloud.url });
  expect((await ecr.send(new DescribeRepositoriesCommand({}))).repositories).toMatchObject([
    { repositoryName: 'web-app', imageScanningConfiguration: { scanOnPush: true } },
  ]);
  const policy = await ecr.send(new GetLifecyclePolicyCommand({ repositoryName: 'web-app' }));
  expect(policy.lifecyclePolicyText).toContain('imageCountMoreThan');
  const { taskDefinition } = await cloud.ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: 'web-app' }),
  );
  expect(taskDefinition).toMatchObject({
    cpu: '512',
    memory: '1024',
    networkMode: 'awsvpc',
    executionRoleArn: 'arn:aws:iam::123456789012:role/web-app-execution',
    containerDefinitions: [
      {
        name: 'web',
        portMappings: [{ containerPort: 8080 }],
        secrets: [{ name: 'DATABASE_URL', valueFrom: '/web-app/database-url' }],
        healthCheck: { command: ['CMD-SHELL', 'curl -f http://localhost:8080/health || exit 1'] },
        logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': '/ecs/web-app' } },
      },
    ],
  });
  const logs = new CloudWatchLogsClient({ ...CREDENTIALS, endpoint: cloud.url });
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/ecs/' }));
  expect(logGroups).toMatchObject([
    { logGroupName: '/ecs/db-migrate', retentionInDays: 30 },
    { logGroupName: '/ecs/web-app', retentionInDays: 30 },
  ]);
  expect(await cloud.service()).toMatchObject({
    launchType: 'FARGATE',
    healthCheckGracePeriodSeconds: 60,
    loadBalancers: [{ containerName: 'web', containerPort: 8080 }],
    deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
  });
  const scaling = new ApplicationAutoScalingClient({ ...CREDENTIALS, endpoint: cloud.url });
  const scope = { ServiceNamespace: 'ecs' } as const;
  expect((await scaling.send(new DescribeScalableTargetsCommand(scope))).ScalableTargets).toMatchObject([
    { ResourceId: 'service/app-prod/web-app', MinCapacity: 2, MaxCapacity: 20 },
  ]);
  expect((await scaling.send(new DescribeScalingPoliciesCommand(scope))).ScalingPolicies).toMatchObject([
    {
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 70,
        ScaleInCooldown: 300,
        ScaleOutCooldown: 60,
      },
    },
  ]);
}, 60_000);

test('a second push goes live, a bad one is rolled back, and neither is a change', async () => {
  await cloud.push('1.1.0');
  expect(await cloud.settled('1.1.0')).toMatchObject({ state: 'live' });
  await cloud.behave({ image: 'web-app:1.2.0', for: 'service', exit: { after: '3s', code: 1 } });
  await cloud.push('1.2.0');
  expect(await cloud.settled('1.2.0')).toMatchObject({ state: 'failed' });
  expect(await cloud.status()).toMatchObject({ live: { tag: '1.1.0' } });
  expect(await fairway('plan')).toMatchObject({ code: 0, out: expect.stringContaining('No changes') });
}, 120_000);
