import type { Caller } from '../caller.ts';

const arn = (name: string) =>
  `arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/${name}/0123456789abcdef`;

/** Every operation of Elastic Load Balancing that is simulated. */
export async function elasticloadbalancing({ call, refused, beside, control }: Caller): Promise<void> {
  const ecs = beside('ecs');
  // As fast as possible, the grace period would be over before the target group is read.
  await control('clock', { speed: 1 });
  await ecs.call('CreateCluster', { clusterName: 'balanced' });
  await ecs.call('RegisterTaskDefinition', {
    family: 'balanced',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    containerDefinitions: [{ name: 'web', image: 'nginx:1', portMappings: [{ containerPort: 8080 }] }],
  });
  await control('behaviours', { family: 'balanced', targetHealth: 'unhealthy 404' });
  await ecs.call('CreateService', {
    cluster: 'balanced',
    serviceName: 'web',
    taskDefinition: 'balanced',
    desiredCount: 1,
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'], securityGroups: ['sg-1'] } },
    loadBalancers: [{ targetGroupArn: arn('balanced'), containerName: 'web', containerPort: 8080 }],
    healthCheckGracePeriodSeconds: 3600,
  });
  await control('clock', { advance: '5m' });
  const { TargetGroups } = await call('DescribeTargetGroups', { TargetGroupArns: [arn('balanced')] });
  expect(TargetGroups).toHaveLength(1);
  await call('DescribeTargetGroups', { Names: ['balanced'] });
  await call('DescribeTargetGroups');
  const { TargetHealthDescriptions } = await call('DescribeTargetHealth', {
    TargetGroupArn: arn('balanced'),
  });
  expect(TargetHealthDescriptions).toEqual([
    expect.objectContaining({
      TargetHealth: {
        State: 'unhealthy',
        Reason: 'Target.ResponseCodeMismatch',
        Description: 'Health checks failed with these codes: [404]',
      },
    }),
  ]);
  await call('DescribeTargetHealth', { TargetGroupArn: arn('balanced'), Targets: [{ Id: '10.0.0.1' }] });
  await refused('DescribeTargetGroups', { TargetGroupArns: [arn('none')] }, 'TargetGroupNotFound');
  await refused('DescribeTargetHealth', { TargetGroupArn: arn('none') }, 'TargetGroupNotFound');
  await control('clock', { speed: 'max' });
}
