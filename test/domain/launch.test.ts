import type { TaskCapacity } from '../../shared/domain/app.ts';
import {
  type LaunchRequest,
  type LaunchVolume,
  launchLike,
  type ServiceLaunch,
} from '../../shared/domain/launch.ts';

const FARGATE: TaskCapacity = { launchType: 'FARGATE' };
const EC2: TaskCapacity = { launchType: 'EC2' };
const ROLE = 'arn:aws:iam::123456789012:role/infra/volumes';
const volume: LaunchVolume = { name: 'data', role: ROLE, sizeInGiB: 20, tags: [] };

const aTag = (index: number) => ({ key: `key-${index}`, value: 'v' });
const alone = { task: { name: 'report' }, service: undefined, around: undefined, capacity: FARGATE };

function aService(overrides: Partial<ServiceLaunch> = {}): ServiceLaunch {
  return {
    placementConstraints: [],
    placementStrategy: [],
    managedTags: false,
    tags: [],
    volumes: [],
    ofServicesOnly: [],
    exec: false,
    ...overrides,
  };
}

function decided(around: Partial<ServiceLaunch>, overrides: Partial<LaunchRequest> = {}) {
  return launchLike({
    task: { name: 'report' },
    service: 'web-app',
    around: aService(around),
    capacity: FARGATE,
    definition: {},
    ...overrides,
  });
}

function launched(around: Partial<ServiceLaunch>, overrides: Partial<LaunchRequest> = {}) {
  const decision = decided(around, overrides);
  if ('refused' in decision) throw new Error(decision.refused);
  return decision;
}

describe('a task that is like a service', () => {
  it('copies the tags that the service gives its tasks, without those of AWS', () => {
    const tags = [
      { key: 'CostCenter', value: '42' },
      { key: 'aws:cloudformation:stack-name', value: 'shop' },
    ];
    expect(launched({ tags, propagateTags: 'SERVICE' }).launch).toEqual({ tags: [tags[0]] });
    expect(launched({ tags, propagateTags: 'NONE' }).launch).toEqual({});
    expect(launched({ tags }).launch).toEqual({});
  });

  it('lets ECS propagate the tags of a definition, and never asks for those of a service', () => {
    const propagateTags = 'TASK_DEFINITION';
    expect(launched({ propagateTags, managedTags: true }).launch).toEqual({
      propagateTags,
      managedTags: true,
    });
  });

  it('says which tags had no room', () => {
    const tags = Array.from({ length: 50 }, (_, index) => ({ key: `key-${index}`, value: 'v'.repeat(250) }));
    const { launch, notTaken } = launched({ tags, propagateTags: 'SERVICE' });
    expect(JSON.stringify(launch.tags).length).toBeLessThanOrEqual(4_000);
    expect(notTaken.join()).toContain('key-49');
    expect(notTaken.join()).toMatch(/ of web-app: at most 50 tags are copied, of 4,000 characters in all$/);
  });

  it('takes the platform version on Fargate only, and placement elsewhere only', () => {
    const around: Partial<ServiceLaunch> = {
      platformVersion: '1.4.0',
      placementConstraints: [{ type: 'memberOf', expression: 'attribute:ecs.instance-type =~ c7.*' }],
      placementStrategy: [{ type: 'spread', field: 'attribute:ecs.availability-zone' }],
    };
    const onFargate = launched(around);
    expect(onFargate.launch).toEqual({ platformVersion: '1.4.0' });
    expect(onFargate.notTaken).toEqual([expect.stringMatching(/placement of web-app/)]);
    const onInstances = launched(around, { capacity: EC2 });
    expect(onInstances.launch).toEqual({
      placementConstraints: around.placementConstraints,
      placementStrategy: around.placementStrategy,
    });
    expect(onInstances.notTaken).toEqual([]);
  });

  it.each(['infra/volumes', ROLE])('takes a volume configured at launch, with the role %s', (volumeRole) => {
    const definition = { volumes: [{ name: 'data', configuredAtLaunch: true }, { name: 'scratch' }] };
    const other = { ...volume, name: 'other' };
    const { launch } = launched(
      { volumes: [volume, other] },
      { definition, task: { name: 'report', volumeRole } },
    );
    expect(launch).toEqual({ volumes: [volume] });
  });

  it('gives a volume the tags of the service, where that does', () => {
    const definition = { volumes: [{ name: 'data', configuredAtLaunch: true }] };
    const tags = [{ key: 'CostCenter', value: '42' }];
    const volumes = [{ ...volume, propagateTags: 'SERVICE' }];
    const task = { name: 'report', volumeRole: ROLE };
    expect(launched({ volumes, tags }, { definition, task }).launch.volumes).toEqual([{ ...volume, tags }]);
  });

  it('lets a tag of a volume win over that of the service: AWS refuses a key that occurs twice', () => {
    const definition = { volumes: [{ name: 'data', configuredAtLaunch: true }] };
    const own = [{ key: 'env', value: 'volume' }];
    const tags = [{ key: 'env', value: 'service' }, ...Array.from({ length: 50 }, (_, i) => aTag(i))];
    const volumes = [{ ...volume, tags: own, propagateTags: 'SERVICE' }];
    const task = { name: 'report', volumeRole: ROLE };
    const { launch, notTaken } = launched({ volumes, tags }, { definition, task });
    expect(launch.volumes).toEqual([{ ...volume, tags: [...own, ...tags.slice(1, 50)] }]);
    expect(notTaken).toEqual([expect.stringMatching(/^tags key-49 of web-app: at most 50 tags/)]);
  });

  it('is refused with a volume that no service configures, with what to write', () => {
    const definition = { volumes: [{ name: 'data', configuredAtLaunch: true }] };
    const refused =
      'report has the volume data, which is configured at launch: set like to a service that configures it.';
    expect(launchLike({ ...alone, definition })).toEqual({ refused });
  });

  it.each<[string, Partial<ServiceLaunch>, LaunchRequest['task'], RegExp]>([
    ['without its role', { volumes: [volume] }, { name: 'report' }, /set volumeRole: infra\/volumes/],
    [
      'with another role',
      { volumes: [volume] },
      { name: 'report', volumeRole: 'volumes' },
      /set volumeRole: infra\/volumes/,
    ],
    ['that the service does not configure', {}, { name: 'report', volumeRole: ROLE }, /web-app does not/],
  ])('is refused with a volume configured at launch %s', (_, around, task, why) => {
    const definition = { volumes: [{ name: 'data', configuredAtLaunch: true }] };
    const decision = decided(around, { definition, task });
    expect('refused' in decision && decision.refused).toMatch(why);
  });

  it('has ECS Exec by choice only, and says so', () => {
    const { launch, notForTasks } = launched({ exec: true });
    expect(launch).toEqual({});
    expect(notForTasks).toEqual([expect.stringMatching(/ECS Exec.*exec: true/)]);
    const definition = { taskRoleArn: 'arn:aws:iam::123456789012:role/task' };
    expect(launched({}, { definition, task: { name: 'report', exec: true } }).launch).toEqual({ exec: true });
  });

  it('is refused with ECS Exec where it has no task role', () => {
    const decision = decided({}, { task: { name: 'report', exec: true } });
    expect('refused' in decision && decision.refused).toMatch(/no task role/);
  });

  it('says what only tasks of a service can have', () => {
    expect(launched({ ofServicesOnly: ['Service Connect'] }).notForTasks).toEqual([
      'Service Connect of web-app: only tasks of a service can have it',
    ]);
  });
});
