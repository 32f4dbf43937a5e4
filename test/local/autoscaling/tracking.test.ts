import { aScalableWorld, MEMORY, TARGET, tracking } from './world.ts';

describe('scaling out', () => {
  it('is proportional after three minutes above the target, without a deployment', () => {
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

  it('continues after the cooldown while the metric stays high, up to the maximum', () => {
    const { cpu, minutes, desired } = aScalableWorld({ ScaleOutCooldown: 180 });
    cpu(140);
    minutes(3);
    expect(desired()).toBe(6);
    minutes(2);
    expect(desired()).toBe(6);
    minutes(1);
    expect(desired()).toBe(10);
  });

  it('continues during the cooldown if more is needed than was added', () => {
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

  it('pauses for five minutes by default', () => {
    const { cpu, minutes, desired } = aScalableWorld({ ScaleOutCooldown: undefined });
    cpu(105);
    minutes(3);
    expect(desired()).toBe(5);
    minutes(4);
    expect(desired()).toBe(5);
    minutes(1);
    expect(desired()).toBe(8);
  });

  it('restarts the count when the metric returns to the target', () => {
    const { cpu, minutes, desired } = aScalableWorld();
    cpu(140);
    minutes(2);
    cpu(70);
    minutes(1);
    cpu(140);
    minutes(2);
    expect(desired()).toBe(3);
  });

  it('uses the largest count of all policies', () => {
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

  it('pauses while it is suspended', () => {
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
  it('is proportional after fifteen minutes far below the target', () => {
    const { cpu, minutes, desired, world } = aScalableWorld();
    world.update({ desiredCount: 9 });
    cpu(40);
    minutes(14);
    expect(desired()).toBe(9);
    minutes(1);
    expect(desired()).toBe(6);
  });

  it('continues after the cooldown, down to the minimum', () => {
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

  it('keeps the count if the metric is near the target', () => {
    const { cpu, minutes, desired } = aScalableWorld();
    cpu(64);
    minutes(60);
    expect(desired()).toBe(3);
  });

  it('ignores a missing metric', () => {
    const { minutes, desired } = aScalableWorld();
    minutes(60);
    expect(desired()).toBe(3);
  });

  it('ends its cooldown at a scale-out', () => {
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

  it('needs the consent of all policies that scale in', () => {
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

  it('does not happen if a policy disables it', () => {
    const { cpu, minutes, desired } = aScalableWorld({ DisableScaleIn: true });
    cpu(10);
    minutes(30);
    expect(desired()).toBe(3);
  });

  it('does not happen while it is suspended', () => {
    const { call, cpu, minutes, desired } = aScalableWorld();
    call('RegisterScalableTarget', { ...TARGET, SuspendedState: { DynamicScalingInSuspended: true } });
    cpu(10);
    minutes(30);
    expect(desired()).toBe(3);
  });

  it('waits for a deployment in progress', () => {
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
