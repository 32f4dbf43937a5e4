import type { JsonObject } from '../../../local/contract.ts';
import { aSteadyWorld, definition, service } from './world.ts';

/** Everything that UpdateService could change, beside what it is refused for. */
const CHANGES: JsonObject = {
  desiredCount: 7,
  taskDefinition: 'web-app:2',
  healthCheckGracePeriodSeconds: 90,
  enableExecuteCommand: false,
  propagateTags: 'TASK_DEFINITION',
  deploymentConfiguration: { minimumHealthyPercent: 50, maximumPercent: 150 },
  loadBalancers: [
    {
      targetGroupArn:
        'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/other/0123456789abcdef',
      containerName: 'web',
      containerPort: 80,
    },
  ],
};

describe('an UpdateService that is refused', () => {
  it.each<[string, JsonObject]>([
    ['for its strategy', { deploymentConfiguration: { strategy: 'BLUE_GREEN', minimumHealthyPercent: 50 } }],
    ['for its circuit breaker', { deploymentConfiguration: { deploymentCircuitBreaker: { enable: 'yes' } } }],
    ['for its grace period', { healthCheckGracePeriodSeconds: -1 }],
    ['for its desired count', { desiredCount: 5_001 }],
    ['for its task definition', { taskDefinition: 'nowhere' }],
    ['for its network', { networkConfiguration: { awsvpcConfiguration: { subnets: [] } } }],
    ['for its capacity', { capacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 0 }] }],
    ['for its load balancers', { loadBalancers: [{ targetGroupArn: 7 }] }],
    ['for a volume', { volumeConfigurations: [{ name: 'data', managedEBSVolume: { roleArn: 'r' } }] }],
    ['for ECS Exec without a task role', { enableExecuteCommand: true }],
  ])('%s changes nothing', (_, refused) => {
    const world = aSteadyWorld();
    const before = world.service();
    expect(() => world.update({ ...CHANGES, ...refused })).toThrow();
    expect(world.service()).toEqual(before);
    expect(world.after(600).service()).toEqual(before);
  });
});

describe('a CreateService that is refused', () => {
  it.each<[string, JsonObject]>([
    ['for its strategy', { deploymentConfiguration: { strategy: 'CANARY' } }],
    ['for its tags', { tags: [{ key: 'aws:no', value: '' }] }],
    ['for its grace period', { healthCheckGracePeriodSeconds: -1 }],
  ])('%s leaves no service behind', (_, refused) => {
    const world = aSteadyWorld();
    expect(() => world.call('CreateService', { ...service, serviceName: 'other', ...refused })).toThrow();
    expect(world.call('ListServices', { cluster: 'prod' }).serviceArns).toHaveLength(1);
  });
});

describe('a RegisterTaskDefinition that is refused', () => {
  it('uses no revision number', () => {
    const world = aSteadyWorld();
    const tags = [{ key: '', value: '' }];
    expect(() => world.call('RegisterTaskDefinition', { ...definition, tags })).toThrow();
    expect(world.call('RegisterTaskDefinition', definition).taskDefinition.revision).toBe(3);
  });
});
