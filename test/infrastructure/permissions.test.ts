import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { createLogReader } from '../../cli/operations/logReader.ts';
import { readLogSources } from '../../cli/operations/logSources.ts';
import { readTasks } from '../../cli/operations/tasks.ts';
import { compileConfiguration } from '../../shared/config/load.ts';
import { apply } from '../../shared/infrastructure/apply.ts';
import { importCluster } from '../../shared/infrastructure/import/import.ts';
import { policyForImport } from '../../shared/infrastructure/import/permissions.ts';
import type { JsonObject } from '../../shared/infrastructure/json.ts';
import type { Aws } from '../../shared/infrastructure/kind.ts';
import { lookAndPlan } from '../../shared/infrastructure/look.ts';
import { operationsPolicy } from '../../shared/infrastructure/operationsPolicy.ts';
import { type PolicyDocument, policyFor } from '../../shared/infrastructure/permissions.ts';
import type { Plan } from '../../shared/infrastructure/plan.ts';
import { prune } from '../../shared/infrastructure/pruning/prune.ts';
import { readRevisions } from '../../shared/infrastructure/pruning/revisions.ts';
import { usedRevisions } from '../../shared/infrastructure/pruning/uses.ts';
import { changeBounds, scaleTo } from '../../shared/infrastructure/scale.ts';
import { infrastructure } from '../../shared/infrastructure/source/schema.ts';
import { anApp } from '../builders.ts';
import { aCluster, imageOf } from './cluster.ts';
import { EXAMPLE } from './example.ts';
import { guarded, NO_LOOKUPS } from './guarded.ts';
import { anEmptyCloud, aRunningExample, type EmptyCloud, PLACE, resourcesOf } from './world.ts';

/** The world has neither functions nor the Resource Groups Tagging API. */
function untagged(aws: Aws): Aws {
  return async (service, operation, input) => {
    if (service === 'lambda') return {};
    return service === 'tagging' ? { ResourceTagMappingList: [] } : aws(service, operation, input);
  };
}

/** One of each kind with all that a policy depends on. */
const FULL = EXAMPLE.replace(
  '    containerInsights: enabled\n',
  '    containerInsights: enabled\n    tags: { team: web }\n',
)
  .replace(
    '    tags: { team: web }\ntaskDefinitions:',
    `    policy: { Version: "2012-10-17", Statement: [] }
    tags: { team: web }
logGroups:
  /ecs/other: { retentionInDays: 7, tags: { team: web } }
taskDefinitions:`,
  )
  .replace(
    '    scaling:\n',
    `    tags: { team: web }
    deploymentConfiguration: { maximumPercent: 150 }
    monitoring: { metricConfigurations: [{ metricNames: [CPUUtilization], resolutionSeconds: 20 }] }
    scaling:
      scheduledActions:
        night: { Schedule: "cron(0 20 * * ? *)", ScalableTargetAction: { MinCapacity: 2 } }
`,
  );
/** The same, with what can be reset reset. */
const RESET = FULL.replaceAll('{ team: web }', '{ team: null }')
  .replace('retentionInDays: 7', 'retentionInDays: null')
  .replace(/lifecyclePolicy:\n.*\n/, 'lifecyclePolicy: null\n')
  .replace(/policy: \{ Version.*\n/, 'policy: null\n');

/** What `examples/infrastructure` declares. */
const SHIPPED = stringify(
  parse(readFileSync(join(import.meta.dirname, '../../examples/infrastructure/fairway.yml'), 'utf8'))
    .infrastructure,
);

const { apps } = compileConfiguration(
  'environment: production\ndefaults: { cluster: app-prod }\napps: { web: { image: { repository: web-app, tags: { semver: ">=1.0.0" } }, services: [{ name: web-app }] } }',
  'fairway.yml',
);

async function planUnder(yaml: string, cloud: EmptyCloud, aws: Aws, live?: string): Promise<Plan> {
  const source = infrastructure.parse(parse(yaml));
  const liveImages = async () => {
    await aws('lambda', 'Invoke', { FunctionName: `${PLACE.installation}-operate`, Qualifier: 'read' });
    return live === undefined ? {} : { live };
  };
  const now = cloud.clock.now();
  return lookAndPlan({ source, apps, cluster: 'app-prod', place: PLACE, now, liveImages }, aws);
}

async function applyUnder(yaml: string, cloud: EmptyCloud, aws: Aws, live?: string): Promise<void> {
  await apply(await planUnder(yaml, cloud, aws, live), {
    aws,
    async release() {
      await aws('lambda', 'Invoke', { FunctionName: `${PLACE.installation}-operate` });
      return '';
    },
    onDone: () => {},
    onOrdered: () => {},
  });
}

async function running(yaml: string, aws: (cloud: EmptyCloud) => Aws): Promise<EmptyCloud> {
  const cloud = anEmptyCloud();
  await applyUnder(yaml, cloud, aws(cloud));
  cloud.push('web-app', '1.0.0');
  await applyUnder(yaml, cloud, aws(cloud));
  cloud.clock.runUntil(cloud.clock.now() + 60_000);
  return cloud;
}

/** Changes what each kind of calls fixes. Returns the digest that is live: that of one platform of an index. */
async function drift({ aws, pushIndex, read }: EmptyCloud): Promise<string> {
  const account = '123456789012:';
  const cluster = { cluster: 'app-prod' };
  const repositoryName = 'web-app';
  const team = [{ key: 'team', value: 'other' }];
  const SCALABLE = {
    ServiceNamespace: 'ecs',
    ResourceId: 'service/app-prod/web-app',
    ScalableDimension: 'ecs:service:DesiredCount',
  };
  await aws('ecs', 'UpdateCluster', {
    ...cluster,
    settings: [{ name: 'containerInsights', value: 'disabled' }],
  });
  const capacityProviders = ['FARGATE'];
  const defaultCapacityProviderStrategy: JsonObject[] = [];
  await aws('ecs', 'PutClusterCapacityProviders', {
    ...cluster,
    capacityProviders,
    defaultCapacityProviderStrategy,
  });
  for (const resource of ['cluster/app-prod', 'service/app-prod/web-app'])
    await aws('ecs', 'TagResource', {
      resourceArn: `arn:aws:ecs:us-east-1:${account}${resource}`,
      tags: team,
    });
  const imageScanningConfiguration = { scanOnPush: false };
  await aws('ecr', 'PutImageTagMutability', { repositoryName, imageTagMutability: 'MUTABLE' });
  await aws('ecr', 'PutImageScanningConfiguration', { repositoryName, imageScanningConfiguration });
  const statement = { Sid: 'x', Effect: 'Allow', Principal: '*', Action: 'ecr:BatchGetImage' };
  const policyText = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await aws('ecr', 'SetRepositoryPolicy', { repositoryName, policyText });
  await aws('ecr', 'PutLifecyclePolicy', { repositoryName, lifecyclePolicyText: LIFECYCLE });
  const resourceArn = `arn:aws:ecr:us-east-1:${account}repository/web-app`;
  await aws('ecr', 'TagResource', { resourceArn, tags: [{ Key: 'team', Value: 'other' }] });
  const { logGroups } = await read('logs', 'DescribeLogGroups', {});
  for (const { logGroupName, logGroupArn } of logGroups) {
    await aws('logs', 'PutRetentionPolicy', { logGroupName, retentionInDays: 1 });
    await aws('logs', 'TagResource', { resourceArn: logGroupArn, tags: { team: 'other' } });
  }
  await aws('ecs', 'UpdateService', {
    ...cluster,
    service: 'web-app',
    deploymentConfiguration: { maximumPercent: 175 },
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-9'], securityGroups: ['sg-1'] } },
  });
  await aws('application-autoscaling', 'RegisterScalableTarget', { ...SCALABLE, MaxCapacity: 9 });
  await aws('application-autoscaling', 'PutScheduledAction', {
    ...SCALABLE,
    ScheduledActionName: 'night',
    Schedule: 'cron(0 19 * * ? *)',
  });
  const { ScalingPolicies } = await read('application-autoscaling', 'DescribeScalingPolicies', SCALABLE);
  const [{ PolicyName, PolicyType, TargetTrackingScalingPolicyConfiguration: tracking }] = ScalingPolicies;
  await aws('application-autoscaling', 'PutScalingPolicy', {
    ...{ ...SCALABLE, PolicyName, PolicyType },
    TargetTrackingScalingPolicyConfiguration: { ...tracking, TargetValue: 50 },
  });
  await registerAsRelease('web-app', aws);
  return pushIndex('web-app', '1.1.0');
}

/** The newest revision is one of a release, with other content: then the one before it is the base. */
async function registerAsRelease(family: string, aws: Aws): Promise<void> {
  const { taskDefinition } = await aws('ecs', 'DescribeTaskDefinition', { taskDefinition: family });
  const tags = [
    { key: 'fairway:release-id', value: '1' },
    { key: 'fairway:app', value: 'web' },
    { key: 'fairway:release', value: '1' },
  ];
  await aws('ecs', 'RegisterTaskDefinition', {
    ...Object(taskDefinition),
    family,
    cpu: '1024',
    memory: '2048',
    tags,
  });
}

const LIFECYCLE = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      selection: { tagStatus: 'untagged', countType: 'imageCountMoreThan', countNumber: 99 },
      action: { type: 'expire' },
    },
  ],
});

function actionsOf({ Statement }: PolicyDocument): readonly string[] {
  return [...new Set(Statement.flatMap(({ Action }) => Action))].toSorted();
}

describe('a declaration needs no more than its policy, and all of it', () => {
  test.each([
    ['with every member', FULL],
    ['that resets members', RESET],
    ['of the example', EXAMPLE],
  ])('plan of one %s', async (_, yaml) => {
    const cloud = await running(FULL, ({ aws }) => untagged(aws));
    const live = await drift(cloud);
    const policy = policyFor('plan', resourcesOf(yaml), PLACE);
    const empty = anEmptyCloud();
    const { calls, used } = guarded(policy, untagged(cloud.aws));
    const first = guarded(policy, untagged(empty.aws));
    await planUnder(yaml, empty, first.calls);
    await planUnder(yaml, cloud, calls, live);
    expect([...new Set([...used, ...first.used])].toSorted()).toEqual(actionsOf(policy));
  });

  test.each([
    ['with every member', FULL],
    ['that resets members', RESET],
    ['as shipped', SHIPPED],
  ])('apply of one %s', async (_, yaml) => {
    const policy = policyFor('apply', resourcesOf(yaml), PLACE);
    const all = new Set<string>();
    const under = ({ aws, hasLinkedRole }: EmptyCloud): Aws => {
      const { calls, used } = guarded(policy, untagged(aws), { ...NO_LOOKUPS, hasLinkedRole });
      return async (...call) => {
        const answer = await calls(...call);
        for (const action of used) all.add(action);
        return answer;
      };
    };
    const cloud = await running(yaml, under);
    const live = await drift(cloud);
    await applyUnder(yaml, cloud, under(cloud), live);
    expect([...all].toSorted()).toEqual(actionsOf(policy));
  });
});

test('roles of volumes and load balancers are passed to ECS', () => {
  const role = 'arn:aws:iam::123456789012:role/ebs';
  const yaml = EXAMPLE.replace(
    '    scaling:\n',
    `    volumeConfigurations: [{ name: data, managedEBSVolume: { roleArn: "${role}", sizeInGiB: 5 } }]\n    scaling:\n`,
  );
  expect(policyFor('apply', resourcesOf(yaml), PLACE).Statement).toContainEqual({
    Effect: 'Allow',
    Action: ['iam:PassRole'],
    Resource: [role],
    Condition: { StringEquals: { 'iam:PassedToService': 'ecs.amazonaws.com' } },
  });
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

/** A rule and a schedule that run tasks of a family every day. */
async function runDaily(aws: Aws, family: string): Promise<void> {
  const target = {
    Id: '1',
    Arn: 'arn:aws:ecs:us-east-1:123456789012:cluster/app-prod',
    RoleArn: 'arn:aws:iam::123456789012:role/events',
    EcsParameters: { TaskDefinitionArn: `arn:aws:ecs:us-east-1:123456789012:task-definition/${family}` },
  };
  await aws('events', 'PutRule', { Name: 'daily', ScheduleExpression: 'rate(1 day)' });
  await aws('events', 'PutTargets', { Rule: 'daily', Targets: [target] });
  const schedule = { Name: 'daily', ScheduleExpression: 'rate(1 day)', FlexibleTimeWindow: { Mode: 'OFF' } };
  await aws('scheduler', 'CreateSchedule', { ...schedule, Target: target });
}

describe('prune-revisions', () => {
  const [first] = anApp().services;
  const app = anApp({ cluster: 'app-prod', ...(first && { services: [{ ...first, name: 'web-app' }] }) });
  const policy = operationsPolicy('prune-revisions', [app], PLACE);
  const revisionOf = (family: string) => `arn:aws:ecs:us-east-1:123456789012:task-definition/${family}:1`;
  const pruning = (aws: Aws) => ({
    aws,
    sleep: async () => {},
    refusal: async () => undefined,
    onDone: () => {},
  });

  /** A cloud under the policy, whose revisions have the tag of this app. */
  function under(aws: Aws, ofApp: string | undefined, ofStack = PLACE.installation) {
    const ours = [
      { key: 'fairway:app', value: ofApp ?? '' },
      { key: 'fairway:stack', value: ofStack },
    ];
    const tags = ofApp === undefined ? [] : ours;
    return guarded(policy, aws, { ...NO_LOOKUPS, taskDefinition: (arn) => ({ arn, tags }) });
  }

  test('needs no more than its policy, and all of it', async () => {
    const cloud = await aRunningExample(EXAMPLE);
    cloud.clock.runUntil(cloud.clock.now() + 60_000);
    await runDaily(cloud.aws, 'web-app');
    const { calls, used } = under(cloud.aws, app.name);
    await readRevisions({ app: app.name, stack: PLACE.installation }, ['web-app'], 0, calls);
    await usedRevisions(app, ['web-app'], calls);
    await prune({ deregister: [revisionOf('web-app')], delete: [] }, pruning(calls));
    await prune({ deregister: [], delete: [revisionOf('web-app')] }, pruning(calls));
    // The functions are invoked by the CLI.
    const granted = actionsOf(policy).filter((action) => action !== 'lambda:InvokeFunction');
    expect([...used].toSorted()).toEqual(granted);
  });

  test.each([
    ['of a family of no app', 'other', app.name],
    ['of another app', 'web-app', 'admin'],
    ['of another stack', 'web-app', app.name, 'fairway-staging'],
    ['that no release registered', 'web-app', undefined],
  ])('may not delete a revision %s', async (_, family, ofApp, ofStack = PLACE.installation) => {
    const { calls } = under(async () => ({}), ofApp, ofStack);
    const deleting = prune({ deregister: [], delete: [revisionOf(family)] }, pruning(calls));
    await expect(deleting).rejects.toThrow(/ecs:DeleteTaskDefinitions/);
  });

  test('may not read deployments of services of no app', async () => {
    const { calls } = under(async () => ({}), app.name);
    const reading = calls('ecs', 'ListServiceDeployments', { cluster: 'app-prod', service: 'other' });
    await expect(reading).rejects.toThrow(/ecs:ListServiceDeployments/);
  });
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
  await runDaily(cloud.aws, 'report');
  const SCALABLE = {
    ServiceNamespace: 'ecs',
    ResourceId: 'service/app-prod/web',
    ScalableDimension: 'ecs:service:DesiredCount',
  };
  const bounds = { MinCapacity: 1, MaxCapacity: 2 };
  await cloud.aws('application-autoscaling', 'RegisterScalableTarget', { ...SCALABLE, ...bounds });
  await registerAsRelease('web', cloud.aws);
  const { calls, used } = guarded(policyForImport(), cloud.aws);
  await importCluster('app-prod', { infrastructure: true }, calls);
  expect([...used].toSorted()).toEqual(actionsOf(policyForImport()));
});
