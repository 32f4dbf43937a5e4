import { aScalableWorld, TARGET } from './world.ts';

describe('bounds', () => {
  it('apply immediately when a target is registered', () => {
    const { register, desired, activities } = aScalableWorld();
    register({ MinCapacity: 5 });
    expect(desired()).toBe(5);
    register({ MinCapacity: 1, MaxCapacity: 2 });
    expect(desired()).toBe(2);
    expect(activities().map(({ Cause }: { Cause: string }) => Cause)).toEqual([
      'maximum capacity was set to 2',
      'minimum capacity was set to 5',
    ]);
  });

  it('are restored when a policy is invoked, not before', () => {
    const { cpu, minutes, desired, world } = aScalableWorld();
    cpu(10);
    world.update({ desiredCount: 1 });
    minutes(14);
    expect(desired()).toBe(1);
    minutes(1);
    expect(desired()).toBe(2);
  });
});

describe('the evaluation', () => {
  it('is periodic, so that the clock can be idle', () => {
    const { cpu, minutes, world } = aScalableWorld();
    cpu(140);
    minutes(20);
    expect(world.clock.idle()).toBe(true);
    expect(world.clock.nextDue()).toBeLessThanOrEqual(world.clock.now() + 60_000);
  });

  it('does not run without a policy', () => {
    const { call, minutes, world } = aScalableWorld();
    call('DeleteScalingPolicy', { ...TARGET, PolicyName: 'cpu' });
    minutes(1);
    expect(world.clock.nextDue()).toBeGreaterThan(world.clock.now() + 60_000);
  });

  it('continues after a restart', () => {
    const { restart, cpu, minutes, desired, call } = aScalableWorld({ ScaleOutCooldown: 600 });
    cpu(140);
    minutes(2);
    restart();
    minutes(1);
    expect(desired()).toBe(6);
    restart();
    minutes(5);
    expect(desired()).toBe(6);
    expect(call('DescribeScalingPolicies', { ServiceNamespace: 'ecs' }).ScalingPolicies).toHaveLength(1);
  });

  it('stops with a reset', () => {
    const { scaling, cpu, minutes, desired, activities } = aScalableWorld();
    cpu(140);
    minutes(2);
    scaling().reset();
    minutes(10);
    expect(desired()).toBe(3);
    expect(activities()).toEqual([]);
  });

  it('skips a deleted service', () => {
    const { cpu, minutes, activities, world } = aScalableWorld();
    cpu(140);
    world.call('DeleteService', { cluster: 'prod', service: 'web', force: true });
    minutes(10);
    expect(activities()).toEqual([]);
  });
});
