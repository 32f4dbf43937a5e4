import { service } from '../ecs/world.ts';
import { anAutoscalingWorld, aScalableWorld, ECS, TARGET, tracking } from './world.ts';

describe('scalable targets', () => {
  it('are registered, changed member by member, and described', () => {
    const { call, register } = anAutoscalingWorld();
    const { ScalableTargetARN } = register({ SuspendedState: { DynamicScalingInSuspended: true } });
    expect(ScalableTargetARN).toMatch(
      /^arn:aws:application-autoscaling:us-east-1:123456789012:scalable-target\/[0-9a-f]{32}$/,
    );
    const again = call('RegisterScalableTarget', {
      ...TARGET,
      MaxCapacity: 20,
      SuspendedState: { ScheduledScalingSuspended: true },
    });
    expect(again).toEqual({ ScalableTargetARN });
    expect(call('DescribeScalableTargets', { ...ECS, ResourceIds: [TARGET.ResourceId] })).toEqual({
      ScalableTargets: [
        {
          ...TARGET,
          MinCapacity: 2,
          MaxCapacity: 20,
          RoleARN: expect.stringContaining('AWSServiceRoleForApplicationAutoScaling_ECSService'),
          CreationTime: expect.any(Number),
          SuspendedState: {
            DynamicScalingInSuspended: true,
            DynamicScalingOutSuspended: false,
            ScheduledScalingSuspended: true,
          },
          ScalableTargetARN,
        },
      ],
    });
  });

  it('are removed with their policies', () => {
    const { call } = aScalableWorld();
    call('DeregisterScalableTarget', TARGET);
    expect(call('DescribeScalableTargets', ECS).ScalableTargets).toEqual([]);
    expect(call('DescribeScalingPolicies', ECS).ScalingPolicies).toEqual([]);
    expect(() => call('DeregisterScalableTarget', TARGET)).toThrow(/No scalable target registered/);
  });

  it('are listed in pages', () => {
    const { call, register, world } = anAutoscalingWorld();
    for (const name of ['a', 'b', 'c']) {
      world.call('CreateService', { ...service, serviceName: name, taskDefinition: 'web-app:1' });
      register({ ResourceId: `service/prod/${name}` });
    }
    const first = call('DescribeScalableTargets', { ...ECS, MaxResults: 2 });
    expect(first.ScalableTargets).toHaveLength(2);
    const second = call('DescribeScalableTargets', { ...ECS, MaxResults: 2, NextToken: first.NextToken });
    expect(second.ScalableTargets).toMatchObject([{ ResourceId: 'service/prod/c' }]);
    expect(second.NextToken).toBeUndefined();
  });
});

describe('scaling policies', () => {
  it('of target tracking are replaced under their ARN, with their alarms', () => {
    const { call } = aScalableWorld();
    const [before] = call('DescribeScalingPolicies', ECS).ScalingPolicies;
    const again = call('PutScalingPolicy', tracking({ TargetValue: 50 }));
    expect(again).toEqual({ PolicyARN: before.PolicyARN, Alarms: before.Alarms });
    expect(again.Alarms).toEqual([
      {
        AlarmName: expect.stringMatching(/^TargetTracking-service\/prod\/web-AlarmHigh-\S{36}$/),
        AlarmARN: expect.stringMatching(/^arn:aws:cloudwatch:us-east-1:123456789012:alarm:TargetTracking-/),
      },
      expect.objectContaining({ AlarmName: expect.stringContaining('-AlarmLow-') }),
    ]);
    const { ScalingPolicies } = call('DescribeScalingPolicies', { ...ECS, PolicyNames: ['cpu'] });
    expect(ScalingPolicies).toHaveLength(1);
    expect(ScalingPolicies[0]).toMatchObject({
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingScalingPolicyConfiguration: { TargetValue: 50, ScaleOutCooldown: 60 },
    });
  });

  it('have no low alarm if scale-in is disabled', () => {
    const { call } = aScalableWorld();
    const { Alarms } = call('PutScalingPolicy', tracking({ DisableScaleIn: true }));
    expect(Alarms).toMatchObject([{ AlarmName: expect.stringContaining('-AlarmHigh-') }]);
  });
});
