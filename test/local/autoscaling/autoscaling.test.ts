import { createAutoscaling } from '../../../local/autoscaling/autoscaling.ts';
import { scalableServices } from '../../../local/autoscaling/services.ts';
import type { JsonObject } from '../../../local/contract.ts';
import { createIds } from '../../../local/ids.ts';
import { ACCOUNT, aSteadyWorld, REGION } from '../ecs/world.ts';

const TARGET = {
  ServiceNamespace: 'ecs',
  ResourceId: 'service/prod/web',
  ScalableDimension: 'ecs:service:DesiredCount',
};
const CALL = { caller: 'external', callerArn: '', account: ACCOUNT, region: REGION };

function tracking(overrides: JsonObject = {}): JsonObject {
  return {
    ...TARGET,
    PolicyName: 'cpu',
    PolicyType: 'TargetTrackingScaling',
    TargetTrackingScalingPolicyConfiguration: {
      TargetValue: 70,
      PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
      ScaleOutCooldown: 60,
      ScaleInCooldown: 120,
      ...overrides,
    },
  };
}

/** Three tasks that run steadily, scalable from 2 to 10. */
function aScalableWorld(overrides: JsonObject = {}) {
  const world = aSteadyWorld();
  const scaling = createAutoscaling({
    clock: world.clock,
    ids: createIds(2),
    account: ACCOUNT,
    region: REGION,
    services: scalableServices(world.api, ACCOUNT, REGION),
  });
  function call(operation: string, input: JsonObject): Record<string, ReturnType<typeof JSON.parse>> {
    const run = scaling.api.operations[operation];
    if (!run) throw new Error(`${operation} is not simulated`);
    return JSON.parse(JSON.stringify(run(input, CALL)));
  }
  call('RegisterScalableTarget', { ...TARGET, MinCapacity: 2, MaxCapacity: 10 });
  call('PutScalingPolicy', tracking(overrides));
  return {
    world,
    scaling,
    call,
    cpu: (value: number) => scaling.setMetrics('prod', 'web', { cpu: value }),
    minutes: (count: number) => world.after(count * 60 + 1),
    desired: (): number => world.service().desiredCount,
  };
}

describe('target tracking', () => {
  it('scales out in proportion after three minutes above the target', () => {
    const { cpu, minutes, desired, world } = aScalableWorld();
    cpu(140);
    minutes(2);
    expect(desired()).toBe(3);
    minutes(1);
    expect(desired()).toBe(6);
    world.after(120);
    expect(world.service().deployments).toHaveLength(1);
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

  it('scales in after fifteen minutes far below the target, to no less than is allowed', () => {
    const { cpu, minutes, desired } = aScalableWorld();
    cpu(10);
    minutes(14);
    expect(desired()).toBe(3);
    minutes(1);
    expect(desired()).toBe(2);
  });

  it('leaves the count where the metric is near the target', () => {
    const { cpu, minutes, desired } = aScalableWorld();
    cpu(65);
    minutes(60);
    expect(desired()).toBe(3);
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

  it.each([
    ['when the policy says so', { DisableScaleIn: true }, {}],
    ['while scaling in is suspended', {}, { DynamicScalingInSuspended: true }],
  ])('does not scale in %s', (_, overrides, SuspendedState) => {
    const { call, cpu, minutes, desired } = aScalableWorld(overrides);
    call('RegisterScalableTarget', { ...TARGET, SuspendedState });
    cpu(10);
    minutes(30);
    expect(desired()).toBe(3);
  });

  it('does not scale in while a deployment is in progress, and does afterwards', () => {
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

  it('needs all policies to scale in, and any of them to scale out', () => {
    const { call, cpu, minutes, desired, scaling } = aScalableWorld();
    call('PutScalingPolicy', {
      ...tracking({
        PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageMemoryUtilization' },
      }),
      PolicyName: 'memory',
    });
    cpu(10);
    scaling.setMetrics('prod', 'web', { memory: 70 });
    minutes(20);
    expect(desired()).toBe(3);
    scaling.setMetrics('prod', 'web', { memory: 105 });
    minutes(3);
    expect(desired()).toBe(5);
  });

  it('tells what it did', () => {
    const { call, cpu, minutes } = aScalableWorld();
    cpu(140);
    minutes(3);
    const { ScalingActivities } = call('DescribeScalingActivities', { ServiceNamespace: 'ecs' });
    expect(ScalingActivities).toEqual([
      expect.objectContaining({
        ResourceId: 'service/prod/web',
        Description: 'Setting desired count to 6.',
        Cause: expect.stringMatching(
          /^monitor alarm TargetTracking-service\/prod\/web-AlarmHigh-\S+ in state ALARM triggered policy cpu$/,
        ),
        StatusCode: 'Successful',
      }),
    ]);
  });
});

describe('the API of Application Auto Scaling', () => {
  it('keeps targets and policies, and forgets the policies with their target', () => {
    const { call } = aScalableWorld();
    const again = call('PutScalingPolicy', tracking({ TargetValue: 50 }));
    expect(again.Alarms).toHaveLength(2);
    const { ScalingPolicies } = call('DescribeScalingPolicies', { ServiceNamespace: 'ecs' });
    expect(ScalingPolicies).toHaveLength(1);
    expect(ScalingPolicies[0].TargetTrackingScalingPolicyConfiguration.TargetValue).toBe(50);
    expect(call('DescribeScalableTargets', { ServiceNamespace: 'ecs' }).ScalableTargets[0]).toMatchObject({
      MinCapacity: 2,
      MaxCapacity: 10,
      SuspendedState: { DynamicScalingInSuspended: false },
    });
    call('DeregisterScalableTarget', TARGET);
    expect(call('DescribeScalingPolicies', { ServiceNamespace: 'ecs' }).ScalingPolicies).toEqual([]);
  });

  it.each<[string, string, JsonObject, string, RegExp]>([
    [
      'a policy without a target',
      'PutScalingPolicy',
      { ...tracking(), ResourceId: 'service/prod/other' },
      'ObjectNotFoundException',
      /^No scalable target registered for service namespace: ecs, resource ID: service\/prod\/other/,
    ],
    [
      'a target of no service',
      'RegisterScalableTarget',
      { ...TARGET, ResourceId: 'service/prod/other', MinCapacity: 1, MaxCapacity: 2 },
      'ValidationException',
      /ECS service doesn't exist: service\/prod\/other/,
    ],
    [
      'bounds that are turned round',
      'RegisterScalableTarget',
      { ...TARGET, MinCapacity: 3, MaxCapacity: 2 },
      'ValidationException',
      /less than minimum/,
    ],
    [
      'no namespace',
      'DescribeScalableTargets',
      {},
      'ValidationException',
      /'serviceNamespace' failed to satisfy constraint: Member must not be null/,
    ],
    [
      'a metric that is not simulated',
      'PutScalingPolicy',
      tracking({ PredefinedMetricSpecification: {} }),
      'ValidationException',
      /ECSServiceAverageCPUUtilization/,
    ],
    [
      'step scaling',
      'PutScalingPolicy',
      { ...tracking(), PolicyType: 'StepScaling' },
      'ValidationException',
      /TargetTrackingScaling/,
    ],
    [
      'a policy that is not there',
      'DeleteScalingPolicy',
      { ...TARGET, PolicyName: 'none' },
      'ObjectNotFoundException',
      /policy name: none/,
    ],
  ])('refuses %s', (_, operation, input, code, message) => {
    const { call } = aScalableWorld();
    expect(() => call(operation, input)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });
});
