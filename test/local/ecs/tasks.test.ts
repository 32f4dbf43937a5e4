import { AwsError } from '../../../local/contract.ts';
import { aWorld, definition, service, task } from './world.ts';

const command = { containerOverrides: [{ name: 'web', command: ['migrate'] }] };

function failure(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error instanceof AwsError ? { code: error.code, message: error.message, ...error.members } : error;
  }
}

describe('RunTask', () => {
  it('starts one task per client token, however often it is called', () => {
    const world = aWorld();
    const ask = { ...task, clientToken: 'a-token-of-this-release-000000000000', startedBy: 'fairway/1' };
    const first = world.call('RunTask', ask).tasks[0].taskArn;
    expect(world.after(30).call('RunTask', ask).tasks[0].taskArn).toBe(first);
    expect(world.tasks()).toHaveLength(1);
    expect(failure(() => world.call('RunTask', { ...ask, startedBy: 'fairway/2' }))).toMatchObject({
      code: 'ConflictException',
      resourceIds: [first],
    });
  });

  it('with a command exits with code 0', () => {
    const world = aWorld();
    const { taskArn } = world.call('RunTask', { ...task, overrides: command }).tasks[0];
    const [ended] = world.after(60).call('DescribeTasks', { cluster: 'prod', tasks: [taskArn] }).tasks;
    expect(ended).toMatchObject({ lastStatus: 'STOPPED', stopCode: 'EssentialContainerExited' });
    expect(ended.containers[0].exitCode).toBe(0);
  });

  it('accepts overrides of at most 8,192 characters as JSON', () => {
    const world = aWorld();
    const overridden = (length: number) => {
      const value = 'x'.repeat(length - JSON.stringify(of('')).length);
      return failure(() => world.call('RunTask', { ...task, overrides: of(value) }));
    };
    const of = (value: string) => ({ containerOverrides: [{ name: 'web', command: [value] }] });
    expect(overridden(8_192)).toMatchObject({ failures: [] });
    expect(overridden(8_193)).toEqual({
      code: 'InvalidParameterException',
      message: 'Container Overrides length must be at most 8192',
    });
  });

  it('passes through every status in order, each with an event', () => {
    const world = aWorld();
    world.call('RunTask', { ...task, overrides: command });
    world.after(60);
    const told = world.events.filter((event) => event['detail-type'] === 'ECS Task State Change');
    expect(told.map(({ detail }) => detail.lastStatus)).toEqual([
      'PROVISIONING',
      'PENDING',
      'ACTIVATING',
      'RUNNING',
      'DEPROVISIONING',
      'STOPPED',
    ]);
    const versions = told.map(({ detail }) => Number(detail.version));
    expect(versions).toEqual(versions.toSorted((a, b) => a - b));
  });

  it('can be stopped, with the given reason', () => {
    const world = aWorld();
    const { taskArn } = world.call('RunTask', task).tasks[0];
    world.after(60).call('StopTask', { cluster: 'prod', task: taskArn, reason: 'took too long' });
    const [ended] = world.after(60).call('DescribeTasks', { cluster: 'prod', tasks: [taskArn] }).tasks;
    expect(ended).toMatchObject({
      lastStatus: 'STOPPED',
      stopCode: 'UserInitiated',
      stoppedReason: 'took too long',
    });
    expect(ended.containers[0].exitCode).toBe(143);
  });
});

describe('the tags of RunTask', () => {
  const tags = [{ key: 'team', value: 'web' }];
  const tagged = (world: ReturnType<typeof aWorld>) =>
    world.call('RegisterTaskDefinition', { ...definition, tags: [...tags, { key: 'cost', value: '42' }] });

  it('are returned, also for the same token', () => {
    const world = aWorld();
    const ask = { ...task, tags, clientToken: 'a-token-of-this-release-000000000000' };
    expect(world.call('RunTask', ask).tasks[0].tags).toEqual(tags);
    expect(world.call('RunTask', ask).tasks[0].tags).toEqual(tags);
    expect(world.call('RunTask', task).tasks[0].tags).toEqual([]);
  });

  it('are refused where a key occurs twice', () => {
    const twice = { ...task, tags: [...tags, { key: 'team', value: 'api' }] };
    expect(failure(() => aWorld().call('RunTask', twice))).toMatchObject({
      code: 'InvalidParameterException',
      message: 'Duplicate tag keys are not allowed.',
    });
  });

  it('include those of the definition if requested, after its own, and those that ECS manages', () => {
    const world = aWorld();
    tagged(world);
    const own = [{ key: 'cost', value: '43' }];
    const ask = { ...task, tags: own, propagateTags: 'TASK_DEFINITION', enableECSManagedTags: true };
    expect(world.call('RunTask', ask).tasks[0].tags).toEqual([
      ...tags,
      ...own,
      { key: 'aws:ecs:clusterName', value: 'prod' },
    ]);
    expect(world.call('RunTask', { ...task, propagateTags: 'NONE' }).tasks[0].tags).toEqual([]);
  });

  it('cannot be those of a service', () => {
    expect(failure(() => aWorld().call('RunTask', { ...task, propagateTags: 'SERVICE' }))).toMatchObject({
      code: 'InvalidParameterException',
    });
  });

  it('needs a task role for ECS Exec', () => {
    const ask = { ...task, enableExecuteCommand: true };
    expect(failure(() => aWorld().call('RunTask', ask))).toMatchObject({
      code: 'InvalidParameterException',
      message: expect.stringContaining('taskRoleArn'),
    });
    const overrides = { taskRoleArn: 'arn:aws:iam::123456789012:role/task' };
    expect(failure(() => aWorld().call('RunTask', { ...ask, overrides }))).toMatchObject({ failures: [] });
  });
});

describe('a volume that is configured at launch', () => {
  const volume = {
    name: 'data',
    managedEBSVolume: { roleArn: 'arn:aws:iam::123456789012:role/ebs', sizeInGiB: 20 },
  };
  const world = () => {
    const made = aWorld();
    made.call('RegisterTaskDefinition', {
      ...definition,
      volumes: [{ name: 'data', configuredAtLaunch: true }],
    });
    return made;
  };

  it.each([
    ['RunTask without volumeConfigurations', 'RunTask', task],
    ['RunTask with none', 'RunTask', { ...task, volumeConfigurations: [] }],
    ['RunTask with another one', 'RunTask', { ...task, volumeConfigurations: [{ ...volume, name: 'logs' }] }],
    ['CreateService without volumeConfigurations', 'CreateService', service],
  ])('is required: %s', (_, operation, input) => {
    expect(failure(() => world().call(operation, input))).toMatchObject({
      code: 'InvalidParameterException',
      message: expect.stringMatching(/volume/i),
    });
  });

  it('is refused if the definition has none', () => {
    const ask = { ...task, taskDefinition: 'web-app:1', volumeConfigurations: [volume] };
    expect(failure(() => world().call('RunTask', ask))).toMatchObject({
      message:
        'Volume configuration provided but no matching configuredAtLaunch volume found in task definition.',
    });
  });

  it('is attached to the tasks of RunTask and of services', () => {
    const made = world();
    made.call('RunTask', { ...task, volumeConfigurations: [volume] });
    made.call('CreateService', { ...service, desiredCount: 1, volumeConfigurations: [volume] });
    const tasks: { attachments: { type: string; status: string }[] }[] = made.after(120).tasks();
    expect(tasks.map(({ attachments }) => attachments.map(({ type, status }) => [type, status]))).toEqual(
      Array(2).fill([
        ['ElasticNetworkInterface', 'ATTACHED'],
        ['AmazonElasticBlockStorage', 'ATTACHED'],
      ]),
    );
  });
});

describe('RegisterTaskDefinition', () => {
  it('keeps unknown members', () => {
    const world = aWorld();
    const [container] = definition.containerDefinitions;
    const unusual = {
      ...definition,
      futureSetting: { deep: [1, { deeper: null }], empty: '' },
      containerDefinitions: [{ ...container, futureContainerSetting: [true, ''] }],
    };
    const { revision } = world.call('RegisterTaskDefinition', unusual).taskDefinition;
    const described = world.call('DescribeTaskDefinition', {
      taskDefinition: `web-app:${revision}`,
    }).taskDefinition;
    expect(described).toMatchObject(unusual);
  });
});

describe('what ECS refuses', () => {
  it.each([
    [
      'an unknown cluster',
      'DescribeServices',
      { cluster: 'nowhere', services: ['web'] },
      'ClusterNotFoundException',
    ],
    [
      'an unknown service',
      'UpdateService',
      { cluster: 'prod', service: 'nowhere' },
      'ServiceNotFoundException',
    ],
    ['an unknown revision', 'RunTask', { ...task, taskDefinition: 'web-app:99' }, 'ClientException'],
    [
      'a Fargate size that does not exist',
      'RegisterTaskDefinition',
      { ...definition, cpu: '256', memory: '8192' },
      'ClientException',
    ],
    [
      'a Fargate task without awsvpc',
      'RegisterTaskDefinition',
      { ...definition, networkMode: 'bridge' },
      'ClientException',
    ],
  ])('%s', (_, operation, input, code) => {
    expect(failure(() => aWorld().call(operation, input))).toMatchObject({ code });
  });

  it('a revision that was deregistered', () => {
    const world = aWorld();
    world.call('DeregisterTaskDefinition', { taskDefinition: 'web-app:2' });
    expect(failure(() => world.call('RunTask', { ...task, taskDefinition: 'web-app:2' }))).toMatchObject({
      message: expect.stringMatching(/inactive/i),
    });
  });
});
