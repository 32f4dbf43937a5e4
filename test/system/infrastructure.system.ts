import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  DescribeScalingActivitiesCommand,
  DescribeScalingPoliciesCommand,
} from '@aws-sdk/client-application-auto-scaling';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeRepositoriesCommand, ECRClient, GetLifecyclePolicyCommand } from '@aws-sdk/client-ecr';
import {
  DescribeClustersCommand,
  DescribeTaskDefinitionCommand,
  ListServiceDeploymentsCommand,
} from '@aws-sdk/client-ecs';
import { run } from '../../cli/fairway.ts';
import { isRead } from '../../shared/infrastructure/retrying.ts';
import { recorded } from '../cli/fake-cloud.ts';
import { startTestCloud, type TestCloud } from './cloud.ts';
import {
  CLUSTER,
  LOG_GROUPS,
  REPOSITORY,
  SCALABLE_TARGET,
  SCALING_POLICY,
  SERVICE,
  TASK_DEFINITION,
} from './shippedResources.ts';

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
  expect(clusters).toMatchObject([CLUSTER]);
  const ecr = new ECRClient({ ...CREDENTIALS, endpoint: cloud.url });
  expect((await ecr.send(new DescribeRepositoriesCommand({}))).repositories).toMatchObject([REPOSITORY]);
  const policy = await ecr.send(new GetLifecyclePolicyCommand({ repositoryName: 'web-app' }));
  expect(policy.lifecyclePolicyText).toContain('imageCountMoreThan');
  const { taskDefinition } = await cloud.ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: 'web-app' }),
  );
  expect(taskDefinition).toMatchObject(TASK_DEFINITION);
  const logs = new CloudWatchLogsClient({ ...CREDENTIALS, endpoint: cloud.url });
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/ecs/' }));
  expect(logGroups).toMatchObject(LOG_GROUPS);
  expect(await cloud.service()).toMatchObject(SERVICE);
  const scaling = new ApplicationAutoScalingClient({ ...CREDENTIALS, endpoint: cloud.url });
  const scope = { ServiceNamespace: 'ecs' } as const;
  const targets = await scaling.send(new DescribeScalableTargetsCommand(scope));
  expect(targets.ScalableTargets).toMatchObject([SCALABLE_TARGET]);
  const policies = await scaling.send(new DescribeScalingPoliciesCommand(scope));
  expect(policies.ScalingPolicies).toMatchObject([SCALING_POLICY]);
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

/** Counts that scaling set since a time, and the time of the newest deployment of the service. */
async function scaled() {
  const client = new ApplicationAutoScalingClient({ ...CREDENTIALS, endpoint: cloud.url });
  const { ScalingActivities = [] } = await client.send(
    new DescribeScalingActivitiesCommand({ ServiceNamespace: 'ecs' }),
  );
  const at = { cluster: 'app-prod', service: 'web-app' };
  const { serviceDeployments = [] } = await cloud.ecs.send(new ListServiceDeploymentsCommand(at));
  const [{ startedAt = new Date(Number.NaN), finishedAt = new Date(Number.NaN) } = {}] = serviceDeployments;
  const changes = ScalingActivities.map(({ StartTime, Description }) => ({
    at: StartTime ?? new Date(Number.NaN),
    count: Number(/(\d+)\.$/.exec(Description ?? '')?.[1]),
  })).toReversed();
  const within = changes.filter(({ at }) => at > startedAt && at < finishedAt);
  return { within, after: changes.filter(({ at }) => at >= finishedAt) };
}

test('scaling goes out during a release and in after one, and no release resets the count', async () => {
  const load = { cluster: 'app-prod', service: 'web-app' };
  await cloud.behave({ family: 'web-app', for: 'service', startAfter: '5m' });
  await cloud.control('metrics', { ...load, cpu: 140 });
  await cloud.push('1.3.0');
  expect(await cloud.settled('1.3.0')).toMatchObject({ state: 'live' });
  const out = await scaled();
  expect(out.within.map(({ count }) => count)).toEqual([6, 12, 20]);
  expect(await cloud.service()).toMatchObject({ desiredCount: 20, runningCount: 20 });

  // Low for long enough when the next rollout starts, which takes longer than that.
  await cloud.control('metrics', { ...load, cpu: 10 });
  await cloud.control('clock', { advance: '13m' });
  await cloud.quiet();
  await cloud.push('1.4.0');
  expect(await cloud.settled('1.4.0')).toMatchObject({ state: 'live' });
  expect((await scaled()).within).toEqual([]);
  expect(await cloud.service()).toMatchObject({ desiredCount: 20, runningCount: 20 });

  await cloud.control('clock', { advance: '2h' });
  await cloud.quiet();
  expect((await scaled()).after.at(-1)).toMatchObject({ count: 2 });
  expect(await cloud.service()).toMatchObject({ desiredCount: 2, runningCount: 2 });
  expect(await fairway('plan')).toMatchObject({ code: 0, out: expect.stringContaining('No changes') });
}, 120_000);
