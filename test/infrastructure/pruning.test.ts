import { pick } from '../../shared/infrastructure/json.ts';
import { type KnownRevision, type Needs, prunable } from '../../shared/infrastructure/pruning/prunable.ts';
import { prune } from '../../shared/infrastructure/pruning/prune.ts';
import { readRevisions } from '../../shared/infrastructure/pruning/revisions.ts';
import { usedRevisions } from '../../shared/infrastructure/pruning/uses.ts';
import { anApp } from '../builders.ts';
import { EXAMPLE } from './example.ts';
import { aRunningExample, type EmptyCloud } from './world.ts';

const DAY = 24 * 3_600_000;
const NOW = 100 * DAY;

function aRevision(number: number, members: Partial<KnownRevision> = {}): KnownRevision {
  return { arn: `web-app:${number}`, number, family: 'web-app', isOurs: true, digests: [], ...members };
}

function pruned(revisions: readonly KnownRevision[], needs: Partial<Needs> = {}) {
  return prunable(revisions, { used: new Set(), digests: new Set(), keep: 2, now: NOW, ...needs });
}

describe('old revisions', () => {
  const four = [1, 2, 3, 4].map((number) => aRevision(number));

  it('are those beyond the newest of each family', () => {
    const other = aRevision(1, { arn: 'worker:1', family: 'worker' });
    expect(pruned([...four, other])).toEqual({ deregister: ['web-app:1', 'web-app:2'], delete: [] });
  });

  it.each<[string, readonly KnownRevision[], Partial<Needs>]>([
    ['is used', four, { used: new Set(['web-app:1']) }],
    [
      'has an image to which a rollback returns',
      [aRevision(1, { digests: ['sha256:1'] }), ...four.slice(1)],
      { digests: new Set(['sha256:1']) },
    ],
    ['no release registered', [aRevision(1, { isOurs: false }), ...four.slice(1)], {}],
  ])('leave one alone that %s', (_, revisions, needs) => {
    expect(pruned(revisions, needs).deregister).toEqual(['web-app:2']);
  });

  it('are deleted 30 days after they were deregistered', () => {
    const gone = (number: number, days: number) => aRevision(number, { deregisteredAt: NOW - days * DAY });
    const found = pruned([gone(1, 31), gone(2, 29), gone(3, 40), ...four.slice(3)], {
      used: new Set(['web-app:3']),
    });
    expect(found).toEqual({ deregister: [], delete: ['web-app:1'] });
  });
});

describe('removing old revisions', () => {
  it('makes one call in five seconds, and deletes ten at a time', async () => {
    const calls: string[] = [];
    const waits: number[] = [];
    const eleven = Array.from({ length: 11 }, (_, index) => `web-app:${index + 1}`);
    const stopped = await prune(
      { deregister: ['web-app:20', 'web-app:21'], delete: eleven },
      {
        aws: async (_, operation) => {
          calls.push(operation);
          return {};
        },
        sleep: async (span) => void waits.push(span),
        refusal: async () => undefined,
        onDone: () => {},
      },
    );
    expect(stopped).toBeUndefined();
    expect(calls).toEqual([
      'DeregisterTaskDefinition',
      'DeregisterTaskDefinition',
      'DeleteTaskDefinitions',
      'DeleteTaskDefinitions',
    ]);
    expect(waits).toEqual([5_000, 5_000, 5_000]);
  });

  it('makes at most one call in five seconds, also where calls take long or are throttled', async () => {
    let now = 0;
    const calls: [at: number, revision: unknown][] = [];
    const asked: number[] = [];
    const stopped = await prune(
      { deregister: ['web-app:1', 'web-app:2', 'web-app:3'], delete: ['web-app:4'] },
      {
        async aws(_, operation, input) {
          calls.push([now, input.taskDefinition ?? operation]);
          now += 300;
          if (calls.length === 2 || calls.length === 3)
            throw Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
          return {};
        },
        sleep: async (span) => {
          now += span;
        },
        refusal: async () => {
          now += 200;
          asked.push(now);
          return undefined;
        },
        onDone: () => {},
      },
    );
    expect(stopped).toBeUndefined();
    expect(calls.map(([, revision]) => revision)).toEqual([
      'web-app:1',
      'web-app:2',
      'web-app:2',
      'web-app:2',
      'web-app:3',
      'DeleteTaskDefinitions',
    ]);
    const times = calls.map(([at]) => at);
    for (const [index, at] of times.slice(1).entries())
      expect(at - (times[index] ?? 0)).toBeGreaterThanOrEqual(5_000);
    expect(asked).toEqual(times);
  });

  it('does not repeat a throttled call once a release opens', async () => {
    const answers = [undefined, 'a release is open'];
    let calls = 0;
    const stopped = await prune(
      { deregister: ['web-app:1'], delete: [] },
      {
        aws: async () => {
          calls += 1;
          throw Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
        },
        sleep: async () => {},
        refusal: async () => answers.shift(),
        onDone: () => {},
      },
    );
    expect([stopped, calls]).toEqual(['a release is open', 1]);
  });

  it('stops when a release opens', async () => {
    const calls: string[] = [];
    const answers = [undefined, 'a release is open'];
    const stopped = await prune(
      { deregister: ['web-app:1', 'web-app:2'], delete: [] },
      {
        aws: async (_, operation) => {
          calls.push(operation);
          return {};
        },
        sleep: async () => {},
        refusal: async () => answers.shift(),
        onDone: () => {},
      },
    );
    expect([stopped, calls]).toEqual(['a release is open', ['DeregisterTaskDefinition']]);
  });
});

const APP = anApp({ name: 'web', cluster: 'app-prod' });
const WEB = { app: 'web', stack: 'fairway-production' };
const ours = (app: string, stack = WEB.stack) => [
  { key: 'fairway:release-id', value: 'b2f1' },
  { key: 'fairway:app', value: app },
  { key: 'fairway:stack', value: stack },
];

const COPIED = [
  'family',
  'containerDefinitions',
  'networkMode',
  'cpu',
  'memory',
  'requiresCompatibilities',
  'executionRoleArn',
];

/** Registers another revision of the example's family. Returns its ARN. */
async function register({ aws }: EmptyCloud, tags = ours('web')): Promise<string> {
  const { taskDefinition } = await aws('ecs', 'DescribeTaskDefinition', { taskDefinition: 'web-app' });
  const answer = await aws('ecs', 'RegisterTaskDefinition', {
    ...pick(Object(taskDefinition), COPIED),
    tags,
  });
  return String(Object(answer.taskDefinition).taskDefinitionArn);
}

describe('in a cluster', () => {
  let cloud: EmptyCloud;
  beforeAll(async () => {
    cloud = await aRunningExample(EXAMPLE);
  });

  it('what a service runs, went from, a task runs or a rule starts is used', async () => {
    const { aws, clock } = cloud;
    const first = 'arn:aws:ecs:us-east-1:123456789012:task-definition/web-app:1';
    const second = await register(cloud);
    const [task, byRule, unused] = [await register(cloud), await register(cloud), await register(cloud)];
    await aws('ecs', 'UpdateService', { cluster: 'app-prod', service: 'web-app', taskDefinition: second });
    clock.runUntil(clock.now() + 20 * 60_000);
    await aws('ecs', 'RunTask', {
      cluster: 'app-prod',
      taskDefinition: task,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
    });
    await aws('events', 'PutRule', { Name: 'nightly', ScheduleExpression: 'rate(1 day)', State: 'DISABLED' });
    await aws('events', 'PutTargets', {
      Rule: 'nightly',
      Targets: [
        {
          Id: '1',
          Arn: 'arn:aws:ecs:us-east-1:123456789012:cluster/app-prod',
          RoleArn: 'arn:aws:iam::123456789012:role/events',
          EcsParameters: {
            TaskDefinitionArn: byRule,
            LaunchType: 'FARGATE',
            NetworkConfiguration: { awsvpcConfiguration: { Subnets: ['subnet-1'] } },
          },
        },
      ],
    });
    const used = await usedRevisions(APP, ['web-app', 'db-migrate'], aws);
    for (const arn of [first, second, task, byRule]) expect(used).toContain(arn);
    expect(used).not.toContain(unused);
  });

  it('only revisions that a release of the app by this stack registered are ours', async () => {
    const [mine, of] = [await register(cloud), await register(cloud, ours('admin'))];
    const staging = await register(cloud, ours('web', 'fairway-staging'));
    const unknown = await register(cloud, ours('web').slice(0, 2));
    const people = await register(cloud, [{ key: 'team', value: 'web' }]);
    const revisions = await readRevisions(WEB, ['web-app'], 0, cloud.aws);
    const isOurs = new Map(revisions.map((revision) => [revision.arn, revision.isOurs]));
    expect(isOurs.get(mine)).toBe(true);
    for (const other of [of, staging, unknown, people]) expect(isOurs.get(other)).toBe(false);
  });

  it('are read behind any number of revisions that no release registered', async () => {
    const arns = Array.from({ length: 201 }, (_, index) => `task-definition/web-app:${index + 1}`);
    const tags = ours('web');
    const revisions = await readRevisions(WEB, ['web-app'], 0, async (_, operation, input) => {
      if (operation === 'ListTaskDefinitions')
        return { taskDefinitionArns: input.status === 'ACTIVE' ? arns : [] };
      return { taskDefinition: {}, tags: input.taskDefinition === arns.at(-1) ? tags : [] };
    });
    expect(revisions.filter(({ isOurs }) => isOurs).map(({ number }) => number)).toEqual([201]);
  });

  it('knows the image of a revision, and when it was deregistered', async () => {
    const arn = await register(cloud);
    await cloud.aws('ecs', 'DeregisterTaskDefinition', { taskDefinition: arn });
    const revisions = await readRevisions(WEB, ['web-app'], 0, cloud.aws);
    const found = revisions.find((revision) => revision.arn === arn);
    expect(found?.deregisteredAt).toBe(Math.floor(cloud.clock.now() / 1_000) * 1_000);
    expect(found?.digests).toEqual([expect.stringMatching(/^sha256:[0-9a-f]{64}$/)]);
  });
});
