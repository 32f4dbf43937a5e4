import type { JsonObject } from '../../../local/contract.ts';
import { metricsRequest, parseRequest } from '../../../local/control/requests.ts';
import { anAutoscalingWorld, aScalableWorld, ECS, MEMORY, TARGET, tracking } from './world.ts';

const INVALID = 'ValidationException';
const LABELLED = { PredefinedMetricType: 'ALBRequestCountPerTarget', ResourceLabel: 'my-balancer' };

describe('refused requests', () => {
  it.each<[string, string, JsonObject, string, string]>([
    [
      'a policy without a target',
      'PutScalingPolicy',
      { ...tracking(), ResourceId: 'service/prod/other' },
      'ObjectNotFoundException',
      'No scalable target registered for service namespace: ecs, resource ID: service/prod/other, scalable dimension: ecs:service:DesiredCount',
    ],
    [
      'a target of no service',
      'RegisterScalableTarget',
      { ...TARGET, ResourceId: 'service/prod/other', MinCapacity: 1, MaxCapacity: 2 },
      INVALID,
      "ECS service doesn't exist: service/prod/other",
    ],
    [
      'bounds that are turned round',
      'RegisterScalableTarget',
      { ...TARGET, MinCapacity: 30 },
      INVALID,
      'Maximum capacity cannot be less than minimum capacity',
    ],
    [
      'a bound below none',
      'RegisterScalableTarget',
      { ...TARGET, MinCapacity: -1 },
      INVALID,
      "1 validation error detected: Value '-1' at 'minCapacity' failed to satisfy constraint: Member must have value greater than or equal to 0",
    ],
    [
      'something that cannot be suspended',
      'RegisterScalableTarget',
      { ...TARGET, SuspendedState: { Everything: true } },
      INVALID,
      'DynamicScalingInSuspended',
    ],
    [
      'no namespace',
      'DescribeScalableTargets',
      {},
      INVALID,
      "1 validation error detected: Value at 'serviceNamespace' failed to satisfy constraint: Member must not be null",
    ],
    ['another namespace', 'DescribeScalableTargets', { ServiceNamespace: 'dynamodb' }, INVALID, 'dynamodb'],
    [
      'a dimension without a service',
      'DescribeScalableTargets',
      { ...ECS, ScalableDimension: TARGET.ScalableDimension },
      INVALID,
      'ResourceIds must be specified',
    ],
    [
      'too large a page',
      'DescribeScalingPolicies',
      { ...ECS, MaxResults: 51 },
      INVALID,
      "Value '51' at 'maxResults'",
    ],
    [
      'a forged token',
      'DescribeScalingActivities',
      { ...ECS, NextToken: 'what' },
      'InvalidNextTokenException',
      'what',
    ],
    ['a policy without a name', 'PutScalingPolicy', TARGET, INVALID, "'policyName'"],
    ['a policy of no type', 'PutScalingPolicy', { ...TARGET, PolicyName: 'new' }, INVALID, "'policyType'"],
    [
      'predictive scaling',
      'PutScalingPolicy',
      { ...tracking(), PolicyType: 'PredictiveScaling' },
      INVALID,
      'TargetTrackingScaling',
    ],
    [
      'a metric that is not simulated',
      'PutScalingPolicy',
      tracking({ PredefinedMetricSpecification: {} }),
      INVALID,
      'ECSServiceAverageCPUUtilization',
    ],
    ['a target of zero', 'PutScalingPolicy', tracking({ TargetValue: 0 }), INVALID, 'TargetValue'],
    [
      'a cooldown below none',
      'PutScalingPolicy',
      tracking({ ScaleInCooldown: -1 }),
      INVALID,
      "'scaleInCooldown'",
    ],
    ['a second policy on a metric', 'PutScalingPolicy', tracking({}, 'again'), INVALID, 'cpu has it already'],
    [
      'a label of a load balancer that is none',
      'PutScalingPolicy',
      tracking({ PredefinedMetricSpecification: LABELLED }, 'requests'),
      INVALID,
      'app/NAME/ID/targetgroup/NAME/ID',
    ],
    [
      'a label where there is nothing to label',
      'PutScalingPolicy',
      tracking({
        PredefinedMetricSpecification: { ...MEMORY.PredefinedMetricSpecification, ResourceLabel: 'a' },
      }),
      INVALID,
      'ALBRequestCountPerTarget only',
    ],
    [
      'a policy that is not there',
      'DeleteScalingPolicy',
      { ...TARGET, PolicyName: 'none' },
      'ObjectNotFoundException',
      'policy name: none',
    ],
  ])('%s', (_, operation, input, code, message) => {
    const { call } = aScalableWorld();
    expect(() => call(operation, input)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });

  it('metrics of a service that does not exist', () => {
    const { scaling } = anAutoscalingWorld();
    expect(() => scaling().setMetrics('prod', 'wbe', { cpu: 85 })).toThrow(
      'there is no active service wbe in the cluster prod: create it first',
    );
  });

  it.each([
    ['an unknown metric', { cpu: 85, disk: 3 }, /disk/],
    ['a metric that is no number', { cpu: '85' }, /cpu/],
    ['no metric', {}, /expected one of cpu, memory, requestsPerTarget/],
  ])('%s', (_, metrics, message) => {
    expect(() => parseRequest(metricsRequest, { cluster: 'prod', service: 'web', ...metrics })).toThrow(
      message,
    );
  });
});
