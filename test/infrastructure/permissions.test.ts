import { createLogReader } from '../../cli/operations/logReader.ts';
import { readLogSources } from '../../cli/operations/logSources.ts';
import { readTasks } from '../../cli/operations/tasks.ts';
import { authorize } from '../../local/iam/authorize.ts';
import { parsePolicy } from '../../local/iam/policy.ts';
import { requirements } from '../../local/iam/requirements.ts';
import { importCluster } from '../../shared/infrastructure/import/import.ts';
import { policyForImport } from '../../shared/infrastructure/import/permissions.ts';
import type { Aws } from '../../shared/infrastructure/kind.ts';
import { operationsPolicy } from '../../shared/infrastructure/operationsPolicy.ts';
import { type PolicyDocument, policyFor } from '../../shared/infrastructure/permissions.ts';
import { prune } from '../../shared/infrastructure/pruning/prune.ts';
import { readRevisions } from '../../shared/infrastructure/pruning/revisions.ts';
import { usedRevisions } from '../../shared/infrastructure/pruning/uses.ts';
import { changeBounds, scaleTo } from '../../shared/infrastructure/scale.ts';
import { anApp } from '../builders.ts';
import { aCluster, imageOf } from './cluster.ts';
import { EXAMPLE } from './example.ts';
import { anEmptyCloud, applied, aRunningExample, PLACE, planned, resourcesOf } from './world.ts';

const CALL = {
  caller: 'external',
  callerArn: 'arn:aws:iam::123456789012:user/op',
  account: PLACE.account,
  region: PLACE.region,
};
const NO_LOOKUPS = {
  taskDefinition: () => undefined,
  partitionKey: () => undefined,
  secretArn: () => undefined,
};

/** A cloud whose calls need exactly this policy. Keeps the actions that were used. */
function guarded(document: PolicyDocument, aws: Aws) {
  const policy = parsePolicy('printed', JSON.parse(JSON.stringify(document)));
  const used = new Set<string>();
  const calls: Aws = async (service, operation, input) => {
    const needed = requirements(service, operation, JSON.parse(JSON.stringify(input)), CALL, NO_LOOKUPS);
    const decision = authorize([policy], needed, CALL.callerArn);
    if (!decision.allowed) throw new Error(decision.message);
    for (const { action } of needed) used.add(action);
    return aws(service, operation, input);
  };
  return { calls, used };
}

test('plan needs no more than its policy, and all of it', async () => {
  const cloud = anEmptyCloud();
  await applied(EXAMPLE, cloud);
  cloud.push('web-app', '1.0.0');
  await applied(EXAMPLE, cloud);
  cloud.clock.runUntil(cloud.clock.now() + 60_000);
  // A lifecycle policy that differs is compared with what runs.
  const policy = { repositoryName: 'web-app', lifecyclePolicyText: '{"rules":[]}' };
  await cloud.aws('ecr', 'PutLifecyclePolicy', policy);
  const { calls, used } = guarded(policyFor('plan', resourcesOf(EXAMPLE), PLACE), cloud.aws);
  // An image that is in use by the digest of its platform is looked up in the indexes.
  const live = cloud.pushIndex('web-app', '1.1.0');
  await planned(EXAMPLE, { ...cloud, aws: calls }, async () => ({ live }));
  const granted = policyFor('plan', resourcesOf(EXAMPLE), PLACE).Statement.flatMap(({ Action }) => Action);
  expect(granted.filter((action) => !used.has(action) && !ELSEWHERE.has(action))).toEqual([]);
});

/** Granted, but only called in situations that this test does not play, or outside of the compared part. */
const ELSEWHERE = new Set([
  // The newest revision is of a release, and differs.
  'ecs:ListTaskDefinitions',
  'application-autoscaling:DescribeScheduledActions',
  // A service declares members that only its revisions have.
  'ecs:DescribeServiceRevisions',
  'ecr:GetRepositoryPolicy',
  'tag:GetResources',
  // What is live is asked from the functions.
  'lambda:InvokeFunction',
]);

test('apply is never denied under its policy', async () => {
  const cloud = anEmptyCloud();
  const { calls } = guarded(policyFor('apply', resourcesOf(EXAMPLE), PLACE), cloud.aws);
  await applied(EXAMPLE, { ...cloud, aws: calls }, calls);
  cloud.push('web-app', '1.0.0');
  await applied(EXAMPLE, { ...cloud, aws: calls }, calls);
  expect((await planned(EXAMPLE, cloud)).changes).toEqual([]);
});

describe('an operation needs no more than its policy, and all of it', () => {
  const [service] = anApp().services;
  const app = anApp({ cluster: 'app-prod', ...(service && { services: [service] }) });

  test.each([
    ['tasks', (aws: Aws) => readTasks(app, aws)],
    ['exec', (aws: Aws) => readTasks(app, aws)],
    ['logs', (aws: Aws) => logsOf(aws)],
    ['scale', (aws: Aws) => bothScales(aws)],
  ] as const)('%s', async (operation, act) => {
    const cloud = await aRunningExample(EXAMPLE);
    cloud.clock.runUntil(cloud.clock.now() + 60_000);
    const policy = operationsPolicy(operation, [app], PLACE);
    const { calls, used } = guarded(policy, cloud.aws);
    await act(calls);
    expect([...used].toSorted()).toEqual(policy.Statement.flatMap(({ Action }) => Action).toSorted());
  });

  async function logsOf(aws: Aws) {
    const { sources } = await readLogSources(app, { aws, region: 'us-east-1' });
    await createLogReader(sources, aws, 0)();
  }

  async function bothScales(aws: Aws) {
    await scaleTo('app-prod', 'web-app', 4, aws);
    await changeBounds('app-prod', 'web-app', { max: 10 }, aws);
  }
});

test('prune-revisions needs no more than its policy, and all of it', async () => {
  const cloud = await aRunningExample(EXAMPLE);
  cloud.clock.runUntil(cloud.clock.now() + 60_000);
  const [first] = anApp().services;
  const app = anApp({ cluster: 'app-prod', ...(first && { services: [{ ...first, name: 'web-app' }] }) });
  const target = {
    Id: '1',
    Arn: 'arn:aws:ecs:us-east-1:123456789012:cluster/app-prod',
    RoleArn: 'arn:aws:iam::123456789012:role/events',
    EcsParameters: { TaskDefinitionArn: 'arn:aws:ecs:us-east-1:123456789012:task-definition/web-app' },
  };
  await cloud.aws('events', 'PutRule', { Name: 'daily', ScheduleExpression: 'rate(1 day)' });
  await cloud.aws('events', 'PutTargets', { Rule: 'daily', Targets: [target] });
  const schedule = { Name: 'daily', ScheduleExpression: 'rate(1 day)', FlexibleTimeWindow: { Mode: 'OFF' } };
  await cloud.aws('scheduler', 'CreateSchedule', { ...schedule, Target: target });
  const policy = operationsPolicy('prune-revisions', [app], PLACE);
  const { calls, used } = guarded(policy, cloud.aws);
  await readRevisions('web', ['web-app'], 0, calls);
  await usedRevisions(app, ['web-app'], calls);
  const unused = 'arn:aws:ecs:us-east-1:123456789012:task-definition/db-migrate:1';
  const ports = { aws: calls, sleep: async () => {}, refusal: async () => undefined, onDone: () => {} };
  await prune({ deregister: [unused], delete: [] }, ports);
  await prune({ deregister: [], delete: [unused] }, ports);
  // The functions are invoked by the CLI.
  const granted = policy.Statement.flatMap(({ Action }) => Action).filter(
    (action) => action !== 'lambda:InvokeFunction',
  );
  expect([...used].toSorted()).toEqual(granted.toSorted());
});

test('roles are passed to ECS tasks only, and only those of the file', () => {
  const { Statement } = policyFor('apply', resourcesOf(EXAMPLE), PLACE);
  expect(Statement.find(({ Action }) => Action.includes('iam:PassRole'))).toMatchObject({
    Resource: [
      'arn:aws:iam::123456789012:role/web-app-execution',
      'arn:aws:iam::123456789012:role/web-app-task',
    ],
    Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
  });
});

test('import needs no more than its policy, and all of it', async () => {
  const container = { name: 'x', image: imageOf('web-app') };
  const cloud = await aCluster({
    services: {
      web: { containers: [{ ...container, logGroup: '/ecs/web' }] },
      jobs: { containers: [container] },
    },
    families: { migrate: { containers: [container] }, report: { containers: [container] } },
  });
  await cloud.aws('ecr', 'CreateRepository', { repositoryName: 'jobs' });
  const byDigest = imageOf('jobs').replace(/:[^:]+$/, `@${cloud.push('jobs', '1.0.0')}`);
  const { taskDefinition } = await cloud.read('ecs', 'DescribeTaskDefinition', { taskDefinition: 'jobs' });
  const containerDefinitions = [{ name: 'x', image: byDigest }];
  await cloud.aws('ecs', 'RegisterTaskDefinition', { ...taskDefinition, containerDefinitions });
  await cloud.aws('ecs', 'UpdateService', { cluster: 'app-prod', service: 'jobs', taskDefinition: 'jobs' });
  await cloud.aws('ecs', 'CreateCluster', { clusterName: 'other' });
  const target = {
    Id: '1',
    Arn: 'arn:aws:ecs:us-east-1:123456789012:cluster/app-prod',
    RoleArn: 'arn:aws:iam::123456789012:role/events',
    EcsParameters: { TaskDefinitionArn: 'arn:aws:ecs:us-east-1:123456789012:task-definition/report' },
  };
  await cloud.aws('events', 'PutRule', { Name: 'daily', ScheduleExpression: 'rate(1 day)' });
  await cloud.aws('events', 'PutTargets', { Rule: 'daily', Targets: [target] });
  const schedule = { Name: 'daily', ScheduleExpression: 'rate(1 day)', FlexibleTimeWindow: { Mode: 'OFF' } };
  await cloud.aws('scheduler', 'CreateSchedule', { ...schedule, Target: target });
  const { calls, used } = guarded(policyForImport(), cloud.aws);
  await importCluster('app-prod', { infrastructure: true }, calls);
  const granted = policyForImport().Statement.flatMap(({ Action }) => Action);
  expect(granted.filter((action) => !used.has(action) && !IN_OTHER_SITUATIONS.has(action))).toEqual([]);
});

/** Asked only for services that scale, and of a revision of a release that differs from what is declared. */
const IN_OTHER_SITUATIONS = new Set([
  'application-autoscaling:DescribeScalingPolicies',
  'application-autoscaling:DescribeScheduledActions',
  'ecs:ListTaskDefinitions',
]);
