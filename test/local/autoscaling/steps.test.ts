import type { JsonObject } from '../../../local/contract.ts';
import { anAutoscalingWorld, ECS, TARGET, tracking } from './world.ts';

const STEPS = [
  { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 10, ScalingAdjustment: 1 },
  { MetricIntervalLowerBound: 10, ScalingAdjustment: 3 },
  { MetricIntervalUpperBound: 0, ScalingAdjustment: -1 },
];

function stepping(configuration: JsonObject = {}): JsonObject {
  return {
    ...TARGET,
    PolicyName: 'queue',
    PolicyType: 'StepScaling',
    StepScalingPolicyConfiguration: {
      AdjustmentType: 'ChangeInCapacity',
      StepAdjustments: STEPS,
      Cooldown: 180,
      ...configuration,
    },
  };
}

/** Three tasks, scaled from 2 to 10 in steps by the alarm `queue`. */
function aSteppingWorld(configuration: JsonObject = {}) {
  const world = anAutoscalingWorld();
  world.register();
  const { PolicyARN } = world.call('PutScalingPolicy', stepping(configuration));
  const set = (rings: boolean, breach = 0) =>
    world.scaling().setAlarm({ name: 'queue', rings, breach, policies: [PolicyARN] });
  return { ...world, arn: PolicyARN, ring: (breach: number) => set(true, breach), calm: () => set(false) };
}

describe('a step scaling policy', () => {
  test('is described as it was put, with the alarms that invoke it', () => {
    const { call, ring } = aSteppingWorld({ MetricAggregationType: 'Maximum' });
    const { StepScalingPolicyConfiguration } = stepping({ MetricAggregationType: 'Maximum' });
    expect(call('DescribeScalingPolicies', ECS).ScalingPolicies).toMatchObject([
      { PolicyType: 'StepScaling', StepScalingPolicyConfiguration, Alarms: [] },
    ]);
    ring(5);
    expect(call('DescribeScalingPolicies', ECS).ScalingPolicies).toMatchObject([
      { Alarms: [{ AlarmName: 'queue', AlarmARN: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:queue' }] },
    ]);
  });

  test.each([
    [0, 4],
    [9.9, 4],
    [10, 6],
    [-1, 2],
  ])('takes the step of a metric %d beyond its threshold: %d tasks', (breach, count) => {
    const { ring, minutes, desired, activities } = aSteppingWorld();
    ring(breach);
    minutes(1);
    expect(desired()).toBe(count);
    expect(activities()[0].Cause).toBe('monitor alarm queue in state ALARM triggered policy queue');
  });

  test('acts again after each cooldown while the alarm rings, up to the maximum', () => {
    const { ring, calm, minutes, desired } = aSteppingWorld();
    ring(10);
    minutes(3);
    expect(desired()).toBe(6);
    minutes(1);
    expect(desired()).toBe(9);
    minutes(6);
    expect(desired()).toBe(10);
    calm();
    minutes(10);
    expect(desired()).toBe(10);
  });

  test('adds during its cooldown only what a higher step adds beyond the last one', () => {
    const { ring, minutes, desired } = aSteppingWorld();
    ring(5);
    minutes(1);
    expect(desired()).toBe(4);
    ring(20);
    minutes(1);
    expect(desired()).toBe(6);
  });

  test.each([
    ['PercentChangeInCapacity', { ScalingAdjustment: 50 }, {}, 4],
    ['PercentChangeInCapacity', { ScalingAdjustment: 10 }, {}, 4],
    ['PercentChangeInCapacity', { ScalingAdjustment: 50 }, { MinAdjustmentMagnitude: 3 }, 6],
    ['PercentChangeInCapacity', { ScalingAdjustment: -40 }, {}, 2],
    ['ExactCapacity', { ScalingAdjustment: 8 }, {}, 8],
    ['ExactCapacity', { ScalingAdjustment: 1 }, {}, 2],
  ])('of the type %s and %j, %j, wants %d tasks', (AdjustmentType, step, more, count) => {
    const { ring, minutes, desired } = aSteppingWorld({ AdjustmentType, StepAdjustments: [step], ...more });
    ring(5);
    minutes(1);
    expect(desired()).toBe(count);
  });

  test('scales out during a deployment, and in only afterwards', () => {
    const { ring, calm, minutes, desired, world } = aSteppingWorld();
    world.update({ forceNewDeployment: true });
    ring(5);
    world.after(61);
    expect(desired()).toBe(4);
    calm();
    world.after(600);
    world.update({ forceNewDeployment: true });
    ring(-1);
    world.after(61);
    expect(desired()).toBe(4);
    minutes(10);
    expect(desired()).toBeLessThan(4);
  });

  test('and target tracking: the larger count wins', () => {
    const { call, cpu, ring, minutes, desired } = aSteppingWorld();
    call('PutScalingPolicy', tracking());
    cpu(140);
    minutes(2);
    ring(5);
    minutes(1);
    expect(desired()).toBe(6);
  });

  test('does nothing while scaling is suspended, or for an alarm that does not name it', () => {
    const { register, ring, minutes, desired, scaling } = aSteppingWorld();
    register({ SuspendedState: { DynamicScalingOutSuspended: true } });
    ring(5);
    minutes(5);
    expect(desired()).toBe(3);
    scaling().setAlarm({ name: 'other', rings: true, breach: -5 });
    minutes(5);
    expect(desired()).toBe(3);
  });

  test('and its alarm continue after a restart', () => {
    const { ring, restart, minutes, desired } = aSteppingWorld();
    ring(5);
    restart();
    minutes(1);
    expect(desired()).toBe(4);
  });

  test.each([
    [{ AdjustmentType: undefined }, 'AdjustmentType'],
    [{ AdjustmentType: 'ToTheMoon' }, 'adjustmentType'],
    [{ StepAdjustments: [] }, 'At least one StepAdjustment'],
    [{ StepAdjustments: [{ MetricIntervalLowerBound: 0 }] }, 'stepAdjustments.ScalingAdjustment'],
    [
      {
        StepAdjustments: [{ MetricIntervalLowerBound: 5, MetricIntervalUpperBound: 5, ScalingAdjustment: 1 }],
      },
      'must be less',
    ],
    [
      {
        StepAdjustments: [
          { MetricIntervalUpperBound: 5, ScalingAdjustment: 1 },
          { MetricIntervalLowerBound: 4, ScalingAdjustment: 2 },
        ],
      },
      'neither overlap nor leave a gap',
    ],
    [{ MetricAggregationType: 'Sum' }, 'metricAggregationType'],
    [{ Cooldown: -1 }, 'cooldown'],
  ])('is refused with %j', (configuration, why) => {
    const { call, register } = anAutoscalingWorld();
    register();
    expect(() => call('PutScalingPolicy', JSON.parse(JSON.stringify(stepping(configuration))))).toThrow(why);
  });

  test('keeps its type, and an alarm cannot name a policy that does not exist', () => {
    const { call, scaling } = aSteppingWorld();
    expect(() => call('PutScalingPolicy', tracking({}, 'queue'))).toThrow('cannot be changed');
    expect(() =>
      scaling().setAlarm({ name: 'queue', rings: true, breach: 1, policies: ['arn:none'] }),
    ).toThrow('there is no step scaling policy arn:none');
  });
});
