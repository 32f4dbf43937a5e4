import type { JsonObject } from '../../../local/contract.ts';
import { pushImage } from '../../../local/ecr/push.ts';
import { createIds } from '../../../local/ids.ts';
import { aWorld, IMAGE } from './world.ts';

const ARM = { cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' };
const INSTANCES = {
  family: 'on-instances',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['EC2', 'FARGATE'],
  cpu: '256',
  memory: '512',
  executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
  containerDefinitions: [{ name: 'web', image: `${IMAGE}:arm`, essential: true }],
};
const networkConfiguration = { awsvpcConfiguration: { subnets: ['subnet-1'] } };
const STRATEGY = [{ capacityProvider: 'managed', weight: 1 }];
const MANAGED = {
  name: 'managed',
  cluster: 'prod',
  managedInstancesProvider: {
    infrastructureRoleArn: 'arn:aws:iam::123456789012:role/ecsInfrastructure',
    instanceLaunchTemplate: {
      ec2InstanceProfileArn: 'arn:aws:iam::123456789012:instance-profile/ecsInstance',
      networkConfiguration: { subnets: ['subnet-1'] },
    },
  },
};

/** `web-app:arm` has no other platform than linux/arm64. */
function anArmWorld() {
  const world = aWorld();
  pushImage(world.registry, createIds(2), {
    repository: 'web-app',
    tag: 'arm',
    platforms: ['linux/arm64'],
  });
  world.call('CreateCapacityProvider', MANAGED);
  return world;
}

function ranOn(where: object, definition: object = INSTANCES) {
  const world = anArmWorld();
  world.call('RegisterTaskDefinition', { ...INSTANCES, ...definition });
  const run = { cluster: 'prod', taskDefinition: 'on-instances', networkConfiguration, ...where };
  const { tasks } = world.call('RunTask', run);
  world.after(90);
  return world.call('DescribeTasks', { cluster: 'prod', tasks: [tasks[0].taskArn] }).tasks[0];
}

describe('a task definition without runtimePlatform', () => {
  it.each([
    ['EC2', { launchType: 'EC2' }],
    ['EXTERNAL', { launchType: 'EXTERNAL' }],
    [
      'a capacity provider of instances',
      { capacityProviderStrategy: [{ capacityProvider: 'asg', weight: 1 }] },
    ],
    ['managed instances', { capacityProviderStrategy: STRATEGY }],
  ])('runs an arm64 image on %s, depending on the instance', (_, where) => {
    expect(ranOn(where)).toMatchObject({
      lastStatus: 'RUNNING',
      containers: [{ imageDigest: expect.any(String) }],
    });
  });

  it('means amd64 on Fargate, even if the definition is compatible with EC2', () => {
    const strategy = [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }];
    for (const where of [{ launchType: 'FARGATE' }, { capacityProviderStrategy: strategy }]) {
      expect(ranOn(where)).toMatchObject({
        stopCode: 'TaskFailedToStart',
        stoppedReason: expect.stringContaining("matching platform 'linux/amd64'"),
      });
    }
  });
});

describe('a task definition with runtimePlatform', () => {
  it('applies to every launch type', () => {
    const amd = { runtimePlatform: { cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' } };
    expect(ranOn({ launchType: 'EC2' }, amd)).toMatchObject({ stopCode: 'TaskFailedToStart' });
    expect(ranOn({ launchType: 'EC2' }, { runtimePlatform: ARM })).toMatchObject({ lastStatus: 'RUNNING' });
  });
});

describe('tasks of a managed-instances provider', () => {
  it('show its launch type and its name, for RunTask and for a service', () => {
    const shown = { launchType: 'MANAGED_INSTANCES', capacityProviderName: 'managed' };
    expect(ranOn({ capacityProviderStrategy: STRATEGY })).toMatchObject(shown);
    const world = anArmWorld();
    world.call('RegisterTaskDefinition', INSTANCES);
    world.call('CreateService', {
      cluster: 'prod',
      serviceName: 'web',
      taskDefinition: 'on-instances',
      desiredCount: 1,
      networkConfiguration,
      capacityProviderStrategy: STRATEGY,
    });
    expect(world.after(120).tasks()).toEqual([expect.objectContaining(shown)]);
    expect(world.events.some(({ detail }) => detail.launchType === 'MANAGED_INSTANCES')).toBe(true);
  });

  it('use the default strategy that their cluster had when the service was created', () => {
    const world = anArmWorld();
    const byDefault = (defaultCapacityProviderStrategy: readonly JsonObject[]) =>
      world.call('PutClusterCapacityProviders', {
        cluster: 'prod',
        capacityProviders: ['managed', 'FARGATE'],
        defaultCapacityProviderStrategy,
      });
    byDefault(STRATEGY);
    world.call('RegisterTaskDefinition', INSTANCES);
    const made = { cluster: 'prod', serviceName: 'web', taskDefinition: 'on-instances', desiredCount: 1 };
    const { service } = world.call('CreateService', { ...made, networkConfiguration });
    expect(service).toMatchObject({ capacityProviderStrategy: STRATEGY });
    expect(service).not.toHaveProperty('launchType');
    byDefault([{ capacityProvider: 'FARGATE', weight: 1 }]);
    world.after(120).update({ forceNewDeployment: true });
    expect(world.after(300).tasks()).toEqual([expect.objectContaining({ launchType: 'MANAGED_INSTANCES' })]);
  });

  it('have the launch type that their definition requires, if the provider was never created', () => {
    const where = { capacityProviderStrategy: [{ capacityProvider: 'named', weight: 1 }] };
    const only = { requiresCompatibilities: ['MANAGED_INSTANCES'] };
    expect(ranOn(where, only)).toMatchObject({ launchType: 'MANAGED_INSTANCES' });
    expect(ranOn(where)).toMatchObject({ launchType: 'EC2' });
  });

  it('cannot be requested by launch type', () => {
    expect(() => ranOn({ launchType: 'MANAGED_INSTANCES' })).toThrow(/capacityProviderStrategy/);
  });
});
