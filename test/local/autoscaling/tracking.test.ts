import { aScalableWorld, MEMORY, TARGET, tracking } from './world.ts';

describe('scaling out', () => {
  it('goes in proportion after three minutes above the target, without a deployment', () => {
    const { cpu, minutes, desired, world } = aScalableWorld();
    cpu(140);
    minutes(2);
    expect(desired()).toBe(3);
    minutes(1);
    expect(desired()).toBe(6);
    world.after(50);
    expect(world.service()).toMatchObject({ runningCount: 6 });
    expect(world.service().deployments).toHaveLength(1);
    expect(world.service().deployments[0].rolloutState).toBe('COMPLETED');
  });

  it('goes on after the cooldown while the metric stays high, to the most that is allowed', () => {
    const { cpu, minutes, desired } = aScalableWorld({ ScaleOutCooldown: 180 });
    cpu(140);
    minutes(3);
    expect(desired()).toBe(6);
    minutes(2);
    expect(desired()).toBe(6);
    minutes(1);
    expect(desired()).toBe(10);
  });

  it('continues during the cooldown by as much as a larger need exceeds what was added', () => {
    const { cpu, minutes, desired } = aScalableWorld({ ScaleOutCooldown: 600 });
    cpu(105);
    minutes(3);
    expect(desired()).toBe(5);
    minutes(2);
    expect(desired()).toBe(5);
    cpu(180);
    minutes(1);
    expect(desired()).toBe(8);
  });

  it('rests five minutes unless the policy says otherwise', () => {
    const { cpu, minutes, desired } = aScalableWorld({ ScaleOutCooldown: undefined });
    cpu(105);
    minutes(3);
    expect(desired()).toBe(5);
    minutes(4);
    expect(desired()).toBe(5);
    minutes(1);
    expect(desired()).toBe(8);
  });

  it('begins to count anew when the metric comes back in between', () => {
    const { cpu, minutes, desired } = aScalableWorld();
    cpu(140);
    minutes(2);
    cpu(70);
    minutes(1);
    cpu(140);
    minutes(2);
    expect(desired()).toBe(3);
  });

  it('takes the largest count that any policy wants', () => {
    const { call, cpu, memory, minutes, desired } = aScalableWorld();
    call('PutScalingPolicy', tracking(MEMORY, 'memory'));
    cpu(105);
    memory(140);
    minutes(3);
    expect(desired()).toBe(6);
  });

  it('continues during a deployment', () => {
    const { cpu, minutes, desired, world } = aScalableWorld();
    world.behaviours.push({ image: 'web-app:2', startAfter: '25m' });
    world.update({ taskDefinition: 'web-app:2' });
    cpu(140);
    minutes(3);
    expect(desired()).toBe(6);
    expect(world.service().deployments).toHaveLength(2);
  });

  it('stops while it is suspended, and resumes afterwards', () => {
    const { register, cpu, minutes, desired } = aScalableWorld();
    register({ SuspendedState: { DynamicScalingOutSuspended: true } });
    cpu(140);
    minutes(10);
    expect(desired()).toBe(3);
    register({ SuspendedState: { DynamicScalingOutSuspended: false } });
    minutes(1);
    expect(desired()).toBe(6);
  });
});

describe('scaling in', () => {
  it('goes in proportion after fifteen minutes far below the target', () => {
    const { cpu, minutes, desired, world } = aScalableWorld();
    world.update({ desiredCount: 9 });
    cpu(40);
    minutes(14);
    expect(desired()).toBe(9);
    minutes(1);
    expect(desired()).toBe(6);
  });

  it('goes on after the cooldown, to no less than is allowed', () => {
    const { cpu, minutes, desired, world } = aScalableWorld();
    world.update({ desiredCount: 9 });
    cpu(20);
    minutes(15);
    expect(desired()).toBe(3);
    minutes(1);
    expect(desired()).toBe(3);
    minutes(1);
    expect(desired()).toBe(2);
    minutes(30);
    expect(desired()).toBe(2);
  });

  it('leaves the count where the metric is near the target', () => {
    const { cpu, minutes, desired } = aScalableWorld();
    cpu(64);
    minutes(60);
    expect(desired()).toBe(3);
  });

  it('ignores a metric that is not set', () => {
    const { minutes, desired } = aScalableWorld();
    minutes(60);
    expect(desired()).toBe(3);
  });

  it('ends its cooldown when a scale-out comes in between', () => {
    const { cpu, minutes, desired, world } = aScalableWorld({ ScaleInCooldown: 3600 });
    cpu(10);
    minutes(15);
    expect(desired()).toBe(2);
    cpu(140);
    minutes(3);
    expect(desired()).toBe(4);
    world.after(60);
    cpu(10);
    minutes(15);
    expect(desired()).toBe(2);
  });

  it('needs all policies that scale in to agree', () => {
    const { call, cpu, memory, minutes, desired } = aScalableWorld();
    call('PutScalingPolicy', tracking(MEMORY, 'memory'));
    cpu(10);
    memory(70);
    minutes(20);
    expect(desired()).toBe(3);
    call('PutScalingPolicy', tracking({ ...MEMORY, DisableScaleIn: true }, 'memory'));
    minutes(1);
    expect(desired()).toBe(2);
  });

  it('is left out by a policy that says so', () => {
    const { cpu, minutes, desired } = aScalableWorld({ DisableScaleIn: true });
    cpu(10);
    minutes(30);
    expect(desired()).toBe(3);
  });

  it('is left out while it is suspended', () => {
    const { call, cpu, minutes, desired } = aScalableWorld();
    call('RegisterScalableTarget', { ...TARGET, SuspendedState: { DynamicScalingInSuspended: true } });
    cpu(10);
    minutes(30);
    expect(desired()).toBe(3);
  });

  it('is left out while a deployment is in progress, and done afterwards', () => {
    const { cpu, minutes, desired, world } = aScalableWorld();
    world.behaviours.push({ image: 'web-app:2', startAfter: '25m' });
    cpu(10);
    minutes(13);
    world.update({ taskDefinition: 'web-app:2' });
    minutes(10);
    expect(desired()).toBe(3);
    minutes(30);
    expect(desired()).toBe(2);
  });
});
