import type { Caller } from '../caller.ts';
import { definition } from './ecs.ts';

const SERVICE = {
  ServiceNamespace: 'ecs',
  ResourceId: 'service/scaled/web',
  ScalableDimension: 'ecs:service:DesiredCount',
};
const TRACKING = {
  TargetValue: 70,
  PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
};

/** Every operation of Application Auto Scaling that is simulated. */
export async function autoscaling({ call, refused, control, beside }: Caller): Promise<void> {
  const ecs = beside('ecs');
  await ecs.call('CreateCluster', { clusterName: 'scaled' });
  await ecs.call('RegisterTaskDefinition', { ...definition, family: 'scaled' });
  await ecs.call('CreateService', {
    cluster: 'scaled',
    serviceName: 'web',
    taskDefinition: 'scaled',
    desiredCount: 1,
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
  });
  const policy = { ...SERVICE, PolicyName: 'cpu', PolicyType: 'TargetTrackingScaling' };
  await call('RegisterScalableTarget', { ...SERVICE, MinCapacity: 1, MaxCapacity: 4 });
  await call('DescribeScalableTargets', { ServiceNamespace: 'ecs' });
  await call('PutScalingPolicy', { ...policy, TargetTrackingScalingPolicyConfiguration: TRACKING });
  await call('DescribeScalingPolicies', { ServiceNamespace: 'ecs', MaxResults: 1 });
  await control('metrics', { cluster: 'scaled', service: 'web', cpu: 140 });
  await control('clock', { advance: '4m' });
  const night = { ...SERVICE, ScheduledActionName: 'night' };
  const at = { Schedule: 'cron(0 20 * * ? *)', Timezone: 'Europe/Berlin', StartTime: 0 };
  await call('PutScheduledAction', {
    ...night,
    ...at,
    ScalableTargetAction: { MinCapacity: 1, MaxCapacity: 2 },
  });
  await call('DescribeScheduledActions', { ServiceNamespace: 'ecs', ResourceId: SERVICE.ResourceId });
  await refused('PutScheduledAction', { ...night, Schedule: 'every day' }, 'ValidationException');
  await call('DeleteScheduledAction', night);
  await refused('DeleteScheduledAction', night, 'ObjectNotFoundException');
  const { ScalingActivities } = await call('DescribeScalingActivities', { ServiceNamespace: 'ecs' });
  expect(ScalingActivities).not.toEqual([]);
  await refused('PutScalingPolicy', { ...policy, PolicyType: 'PredictiveScaling' }, 'ValidationException');
  await call('DeleteScalingPolicy', { ...SERVICE, PolicyName: 'cpu' });
  await refused('DeleteScalingPolicy', { ...SERVICE, PolicyName: 'cpu' }, 'ObjectNotFoundException');
  await call('DeregisterScalableTarget', SERVICE);
  await refused('DeregisterScalableTarget', SERVICE, 'ObjectNotFoundException');
}
