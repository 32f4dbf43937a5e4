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
  const TargetGroupArn = arn('balanced');
  const delay = { Key: 'deregistration_delay.timeout_seconds', Value: '30' };
  await call('ModifyTargetGroupAttributes', { TargetGroupArn, Attributes: [delay] });
  const { Attributes } = await call('DescribeTargetGroupAttributes', { TargetGroupArn });
  expect(Attributes).toContainEqual(delay);
  await refused('DescribeTargetGroupAttributes', { TargetGroupArn: arn('none') }, 'TargetGroupNotFound');
  await refused('DescribeTargetGroups', { TargetGroupArns: [arn('none')] }, 'TargetGroupNotFound');
  await refused('DescribeTargetHealth', { TargetGroupArn: arn('none') }, 'TargetGroupNotFound');
  await control('clock', { speed: 'max' });
  await rules({ call, refused, beside, control });
}

const ELB = 'arn:aws:elasticloadbalancing:us-east-1:123456789012';
const RULE = `${ELB}:listener-rule/app/web/1/2/3`;
const NETWORK = `${ELB}:listener/net/web/1/2`;

/** The rules that a service names, and a listener of a Network Load Balancer. */
async function rules({ call, refused, beside }: Pick<Caller, 'call' | 'refused' | 'beside' | 'control'>) {
  const shifting = (serviceName: string, productionListenerRule: string) => ({
    cluster: 'balanced',
    serviceName,
    taskDefinition: 'balanced',
    desiredCount: 0,
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'], securityGroups: ['sg-1'] } },
    deploymentConfiguration: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 0 },
    loadBalancers: [
      {
        targetGroupArn: arn(`${serviceName}-blue`),
        containerName: 'web',
        containerPort: 8080,
        advancedConfiguration: {
          alternateTargetGroupArn: arn(`${serviceName}-green`),
          productionListenerRule,
          roleArn: 'arn:aws:iam::123456789012:role/ecs-elb',
        },
      },
    ],
  });
  await beside('ecs').call('CreateService', shifting('app', RULE));
  await beside('ecs').call('CreateService', shifting('net', NETWORK));
  const { Rules } = await call('DescribeRules', { RuleArns: [RULE] });
  const forward = { Type: 'forward', TargetGroupArn: arn('app-green') };
  await call('ModifyRule', { RuleArn: RULE, Actions: [forward] });
  await call('CreateRule', {
    ListenerArn: `${ELB}:listener/app/web/1/2`,
    Priority: 50,
    Conditions: Rules[0].Conditions,
    Actions: [forward],
  });
  await call('DescribeRules', { ListenerArn: `${ELB}:listener/app/web/1/2` });
  await call('DescribeListeners', { ListenerArns: [NETWORK] });
  await call('DescribeListeners', { LoadBalancerArn: `${ELB}:loadbalancer/app/web/1` });
  await call('ModifyListener', { ListenerArn: NETWORK, DefaultActions: [forward] });
  await refused('DescribeRules', { RuleArns: [`${RULE}0`] }, 'RuleNotFound');
  await refused('DescribeListeners', { ListenerArns: [`${NETWORK}0`] }, 'ListenerNotFound');
  await refused('ModifyRule', { RuleArn: `${RULE}0`, Actions: [forward] }, 'RuleNotFound');
}
