import { parse } from 'yaml';
import { renderPlan } from '../../cli/infrastructure/print.ts';
import { plain } from '../../cli/style.ts';
import { compileConfiguration } from '../../shared/config/load.ts';
import { lookAndPlan } from '../../shared/infrastructure/look.ts';
import { summary } from '../../shared/infrastructure/plan.ts';
import { infrastructure } from '../../shared/infrastructure/source/schema.ts';
import { otherOwner } from '../../shared/infrastructure/tags.ts';
import { EXAMPLE } from './example.ts';
import { aRunningExample, type EmptyCloud, PLACE, planned } from './world.ts';

let cloud: EmptyCloud;
beforeEach(async () => {
  cloud = await aRunningExample(EXAMPLE);
});

async function differing(yaml = EXAMPLE) {
  const { changes } = await planned(yaml, cloud);
  return changes.map((change) => ({
    change: `${change.action} ${change.kind} ${change.name}`,
    paths: 'found' in change ? change.found.map(({ path }) => path) : [],
  }));
}

describe('plan shows what someone changed', () => {
  test.each([
    [
      'the retention of a log group',
      ['logs', 'PutRetentionPolicy', { logGroupName: '/ecs/web-app', retentionInDays: 7 }],
      'logGroup /ecs/web-app',
      ['retentionInDays'],
    ],
    [
      'the mutability of a repository',
      ['ecr', 'PutImageTagMutability', { repositoryName: 'web-app', imageTagMutability: 'MUTABLE' }],
      'repository web-app',
      ['imageTagMutability'],
    ],
    [
      'the lifecycle policy of a repository',
      ['ecr', 'PutLifecyclePolicy', { repositoryName: 'web-app', lifecyclePolicyText: '{"rules":[]}' }],
      'repository web-app',
      ['lifecyclePolicy.rules'],
    ],
    [
      'the settings of a cluster',
      [
        'ecs',
        'UpdateCluster',
        { cluster: 'app-prod', settings: [{ name: 'containerInsights', value: 'disabled' }] },
      ],
      'cluster app-prod',
      ['settings[containerInsights].value'],
    ],
    [
      'the circuit breaker, which is not declared',
      [
        'ecs',
        'UpdateService',
        {
          cluster: 'app-prod',
          service: 'web-app',
          deploymentConfiguration: { deploymentCircuitBreaker: { enable: false, rollback: false } },
        },
      ],
      '',
      [],
    ],
    [
      'the bounds of scaling',
      [
        'application-autoscaling',
        'RegisterScalableTarget',
        {
          ServiceNamespace: 'ecs',
          ScalableDimension: 'ecs:service:DesiredCount',
          ResourceId: 'service/app-prod/web-app',
          MaxCapacity: 5,
        },
      ],
      'scaling app-prod/web-app',
      ['MaxCapacity'],
    ],
  ] as const)('%s', async (_, [service, operation, input], change, paths) => {
    await cloud.aws(service, operation, input);
    expect(await differing()).toEqual(change === '' ? [] : [{ change: `change ${change}`, paths }]);
  });
});

describe('a capacity provider that is not declared', () => {
  test('stays when another one is added', async () => {
    await cloud.aws('ecs', 'PutClusterCapacityProviders', {
      cluster: 'app-prod',
      capacityProviders: ['FARGATE', 'own'],
      defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1, base: 1 }],
    });
    const { changes } = await planned(EXAMPLE, cloud);
    expect(changes).toMatchObject([
      { calls: [{ input: { capacityProviders: ['FARGATE', 'own', 'FARGATE_SPOT'] } }] },
    ]);
  });
});

describe('a change of an app’s task definition', () => {
  const changed = EXAMPLE.replace('cpu: 512', 'cpu: 1024').replace('memory: 1024', 'memory: 2048');

  test('registers a revision, and orders a release instead of updating the service', async () => {
    const { changes } = await planned(changed, cloud);
    expect(changes).toMatchObject([
      { kind: 'taskDefinition', calls: [{ operation: 'RegisterTaskDefinition', input: { cpu: '1024' } }] },
      { kind: 'service', calls: [], release: { app: 'web', family: 'web-app' } },
    ]);
  });

  test('keeps the image of the newest revision, and members that are not declared', async () => {
    const { changes } = await planned(changed, cloud);
    const [before] = await containers('web-app');
    const registered = changes.flatMap((change) => ('calls' in change ? change.calls : []))[0]?.input;
    expect(registered).toMatchObject({ containerDefinitions: [{ image: before.image }] });
  });

  test('is registered once, also where the release of it failed', async () => {
    await cloud.aws('ecs', 'RegisterTaskDefinition', await withCpu('web-app', '1024', '2048'));
    expect(await differing(changed)).toEqual([
      { change: 'change service app-prod/web-app', paths: ['taskDefinition'] },
    ]);
  });

  async function containers(family: string) {
    const { taskDefinition } = await cloud.read('ecs', 'DescribeTaskDefinition', { taskDefinition: family });
    return taskDefinition.containerDefinitions;
  }

  async function withCpu(family: string, cpu: string, memory: string) {
    const { taskDefinition } = await cloud.read('ecs', 'DescribeTaskDefinition', { taskDefinition: family });
    return { ...taskDefinition, cpu, memory };
  }
});

describe('a setting of an app’s service that starts a deployment', () => {
  test('is ordered as a release, with what a rollback restores', async () => {
    const moved = EXAMPLE.replace('subnets: [subnet-1, subnet-2]', 'subnets: [subnet-1, subnet-3]');
    const { changes } = await planned(moved, cloud);
    expect(changes).toMatchObject([
      {
        kind: 'service',
        calls: [],
        byHand: [],
        release: {
          app: 'web',
          service: 'web-app',
          settings: {
            to: networkIn('subnet-1', 'subnet-3'),
            from: networkIn('subnet-1', 'subnet-2'),
          },
        },
      },
    ]);
    expect(changes[0]).not.toHaveProperty('release.family');
  });

  test('is left to a person where it names a role that no function may pass', async () => {
    const volumes = EXAMPLE.replace(
      'desiredCount: 3\n',
      'desiredCount: 3\n    volumeConfigurations: [{ name: data, managedEBSVolume: { roleArn: arn:aws:iam::123456789012:role/volumes } }]\n',
    );
    const change = (await planned(volumes, cloud)).changes.find(({ kind }) => kind === 'service');
    expect(change).toMatchObject({ calls: [], byHand: [expect.stringContaining('may not pass')] });
    expect(change).not.toHaveProperty('release');
  });

  test('is forced where ECS takes it only so', async () => {
    const spot = EXAMPLE.replace(
      'desiredCount: 3\n',
      'desiredCount: 3\n    capacityProviderStrategy: [{ capacityProvider: FARGATE_SPOT, weight: 1 }]\n',
    );
    const change = (await planned(spot, cloud)).changes.find(({ kind }) => kind === 'service');
    expect(change).toMatchObject({
      release: {
        settings: {
          to: { forceNewDeployment: true, capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT' }] },
          from: { forceNewDeployment: true, capacityProviderStrategy: [] },
        },
      },
    });
  });

  test.each([
    [
      'of a role that fairway.yml does not name',
      'other-task',
      [],
      'may not pass the role other-task: name it as `taskRole`',
    ],
    ['of a role that it names, with a reminder', 'other-task', ['other-task'], undefined],
    ['of the same roles', 'web-app-task', [], undefined],
  ])('needs the stack first for a change %s', async (_, role, roles, refused) => {
    const changed = EXAMPLE.replace('taskRole: web-app-task', `taskRole: ${role}`).replace(
      'cpu: 512',
      'cpu: 256',
    );
    const change = (await planned(changed, cloud, undefined, { family: 'web-app', roles })).changes.find(
      ({ kind }) => kind === 'service',
    );
    if (change?.action !== 'change') throw new Error('no change');
    expect(change.byHand.join()).toContain(refused ?? '');
    expect(change.release === undefined).toBe(refused !== undefined);
    expect(change.notes).toEqual(
      roles.map(
        (name) =>
          `the functions need iam:PassRole for ${name}: deploy the stack first if it was last deployed without this role in fairway.yml`,
      ),
    );
  });

  test.each([
    [
      'a service of another app',
      'other: { image: { repository: other, tags: { digest: latest } }, services: [{ name: other, executionRole: other-task }] }',
    ],
    [
      'a release task',
      'other: { image: { repository: other, tags: { digest: latest } }, services: [{ name: other }], before: [{ name: migrate, container: migrate, taskRole: "arn:aws:iam::123456789012:role/jobs/other-task" }] }',
    ],
  ])('is ordered where %s names its role: every function may pass it', async (_, other) => {
    const { apps } = compileConfiguration(
      `environment: production\ndefaults: { cluster: app-prod }\napps:\n  web: { image: { repository: web-app, tags: { digest: latest } }, services: [{ name: web-app }] }\n  ${other}`,
      'fairway.yml',
    );
    const changed = EXAMPLE.replace('taskRole: web-app-task', 'taskRole: other-task');
    const source = infrastructure.parse(parse(changed));
    const wanted = { apps, cluster: 'app-prod', place: PLACE, only: ['web-app'], now: cloud.clock.now() };
    const { changes } = await lookAndPlan({ ...wanted, source, liveImages: async () => ({}) }, cloud.aws);
    expect(changes.find(({ kind }) => kind === 'service')).toMatchObject({
      byHand: [],
      notes: [expect.stringContaining('iam:PassRole for other-task')],
      release: { app: 'web' },
    });
  });

  test('needs the stack first for another family', async () => {
    const rights = { family: 'web', roles: [] };
    const change = (
      await planned(EXAMPLE.replace('cpu: 512', 'cpu: 256'), cloud, undefined, rights)
    ).changes.find(({ kind }) => kind === 'service');
    expect(change).toMatchObject({
      byHand: [
        'its releases are of the family web: set `family: web-app` of web-app in fairway.yml, and deploy the stack first',
      ],
    });
  });

  function networkIn(...subnets: readonly string[]) {
    return { networkConfiguration: { awsvpcConfiguration: { subnets, securityGroups: ['sg-1'] } } };
  }

  test('is sent for a service of no app', async () => {
    const other = EXAMPLE.replace(
      'services:\n  web-app:',
      'services:\n  other:\n    taskDefinition: web-app',
    );
    const running = await aRunningExample(other);
    const moved = other.replace('subnets: [subnet-1, subnet-2]', 'subnets: [subnet-1, subnet-3]');
    expect((await planned(moved, running)).changes).toMatchObject([
      { kind: 'service', calls: [{ operation: 'UpdateService' }], byHand: [] },
    ]);
  });
});

describe('resources of others', () => {
  test('are read only where another installation created them', async () => {
    await cloud.aws('ecs', 'TagResource', {
      resourceArn: 'arn:aws:ecs:us-east-1:123456789012:cluster/app-prod',
      tags: [{ key: 'fairway:installation', value: 'fairway-staging' }],
    });
    const other = EXAMPLE.replace('containerInsights: enabled', 'containerInsights: enhanced');
    const { changes } = await planned(other, cloud);
    expect(changes).toMatchObject([{ action: 'leave', owner: 'the installation fairway-staging' }]);
  });

  test('are those with the tags of CloudFormation, too', () => {
    expect(otherOwner({ tags: { 'aws:cloudformation:stack-name': 'network' } }, PLACE)).toBe(
      'the CloudFormation stack network',
    );
    expect(otherOwner({ tags: { 'fairway:installation': PLACE.installation } }, PLACE)).toBeUndefined();
  });
});

describe('what cannot be changed', () => {
  test('is left, with how to do it by hand', async () => {
    const encrypted = EXAMPLE.replace(
      'scanOnPush: true',
      'scanOnPush: true\n    encryption: { encryptionType: KMS }',
    );
    const plan = await planned(encrypted, cloud);
    expect(plan.changes).toMatchObject([
      { calls: [], byHand: [expect.stringMatching(/fixed when it is created/)] },
    ]);
    expect(summary(plan)).toBe('0 to create, 1 to change, 0 to destroy, 1 by hand');
  });
});

describe('the text of a plan', () => {
  test('does not show values that may be secrets', async () => {
    const secret = EXAMPLE.replace('LOG_LEVEL: info', 'LOG_LEVEL: info, API_KEY: k9Xq2LmZ');
    await cloud.aws('ecs', 'RegisterTaskDefinition', {
      ...(await cloud.read('ecs', 'DescribeTaskDefinition', { taskDefinition: 'web-app' })).taskDefinition,
    });
    const text = renderPlan(await planned(secret, cloud), plain);
    expect(text).toContain('environment[API_KEY]');
    expect(text).not.toContain('k9Xq2LmZ');
  });
});
