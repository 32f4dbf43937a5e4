import { UNKNOWN_ADVICE } from '../../shared/domain/diagnosis/advice.ts';
import { diagnoseEvents } from '../../shared/domain/diagnosis/serviceEvents.ts';
import { expectEventCause } from './reasons.ts';

/** Further wordings of a service's events, each with its cause and its advice; names and numbers are neutral. */

const EVENTS: readonly (readonly [kind: string, advice: RegExp, message: string])[] = [
  [
    'capacity',
    /agent/,
    `service shop was unable to place a task because no container instance met all of its requirements. The closest matching container-instance 0123 doesn't have the agent connected. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.`,
  ],
  [
    'capacity',
    /awsvpcTrunking/,
    `(service shop) was unable to place a task because no container instance met all of its requirements. Reason: encountered error "RESOURCE:ENI".`,
  ],
  [
    'networkMismatch',
    /one VPC/,
    `(service shop) failed to register targets in (target-group arn:aws:elasticloadbalancing:us-west-2:123456789012:targetgroup/shop/0123) with (error The following targets are not in the target group VPC 'vpc-01234567': 'i-0123456789abcdef0')`,
  ],
  [
    'targetHealth',
    /path of the check/,
    `(service shop) (deployment ecs-svc/0123456789012345678) deployment failed: tasks failed ELB health checks in (target-group arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/shop/0123).`,
  ],
  [
    'targetHealth',
    /success codes|path of the check|behind the proxy/,
    `(service shop) (instance i-0123456789abcdef0) (port 80) is unhealthy in (target-group arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/shop/0123) due to (reason Health checks failed with these codes: [502])`,
  ],
  [
    'targetHealth',
    /success codes|path of the check|behind the proxy/,
    `(service shop, taskSet ecs-svc/0123456789012345678) (task 0123) (port 80) is unhealthy in (target-group arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/shop/0123) due to (reason Health checks failed with these codes: [404])`,
  ],
  [
    'targetHealth',
    /success codes|path of the check|behind the proxy/,
    `(service shop) (task 0123) (instance i-0123456789abcdef0) (port 32768) is unhealthy in (target-group arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/shop/0123) due to (reason Health checks failed with these codes: [301])`,
  ],
  [
    'targetHealth',
    /0\.0\.0\.0/,
    `(service shop) (port 80) is unhealthy in (target-group arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/shop/0123) due to (reason Health checks failed with these codes: [])`,
  ],
  [
    'targetHealth',
    /healthCheckGracePeriodSeconds/,
    `(service shop) (instance i-0) is unhealthy in (elb shop) due to (reason Instance registration is still in progress)`,
  ],
  [
    'targetHealth',
    /healthCheckGracePeriodSeconds/,
    `(service shop) (task 0123) (port 80) is unhealthy in (target-group arn:x) due to (reason Initial health checks in progress)`,
  ],
  [
    'targetHealth',
    /healthCheckGracePeriodSeconds/,
    `(service shop) (task 0123) (port 80) is unhealthy in (target-group arn:x) due to (reason Target registration is in progress)`,
  ],
  [
    'targetHealth',
    /healthCheckGracePeriodSeconds/,
    `(service shop) (task 0123) (port 80) is unhealthy in (target-group arn:x) due to (reason Target deregistration is in progress)`,
  ],
  [
    'targetHealth',
    /listener/,
    `(service shop) (task 0123) (port 80) is unhealthy in (target-group arn:x) due to (reason Target is not in use: Target group is not configured to receive traffic from the load balancer)`,
  ],
  [
    'targetHealth',
    /listener/,
    `(service shop) (task 0123) (port 80) is unhealthy in (target-group arn:x) due to (reason Target group is not configured to receive traffic from the load balancer)`,
  ],
  [
    'targetHealth',
    /path of the check/,
    `(service shop) (task 0123) is unhealthy in (vpc-lattice-target-group arn:aws:vpc-lattice:us-east-1:123456789012:targetgroup/tg-0) due to (reason HealthCheckFailed)`,
  ],
  [
    'targetHealth',
    /healthCheckGracePeriodSeconds/,
    `(service shop) (instance i-0123456789abcdef0) is unhealthy in (elb shop) due to (reason Instance has not passed the configured HealthyThreshold number of health checks consecutively.)`,
  ],
  ['containerHealth', /start period/, `(service shop) (task 0123) failed container health checks.`],
  [
    'containerHealth',
    /start period/,
    `(service shop, taskSet ecs-svc/0123456789012345678) (task 0123) failed container health checks.`,
  ],
  [
    'startImpaired',
    /stopped tasks/,
    `service shop is unable to consistently start tasks successfully. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.`,
  ],
  [
    'startImpaired',
    /stopped tasks/,
    `(service shop, taskSet ecs-svc/0123) is unable to consistently start tasks successfully.`,
  ],
  ['throttled', /Wait/, `(service shop) operations are being throttled on elb. Will try again later.`],
  [
    'throttled',
    /Wait/,
    `(service shop) operations are being throttled on Elastic Load Balancing. Will try again later.`,
  ],
  [
    'throttled',
    /Wait/,
    `(service shop) is unable to place tasks because operations are being throttled on ec2. Will try again later.`,
  ],
  [
    'containerHealth',
    /start period/,
    `(service shop) (deployment ecs-svc/0123456789012345678) deployment failed: tasks failed container health checks.`,
  ],
  [
    'deploymentAlarm',
    /alarms/,
    `(service shop) (deployment ecs-svc/0123456789012345678) deployment failed: alarm detected.`,
  ],
  [
    'deploymentStuck',
    /minimumHealthyPercent/,
    `service shop was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.`,
  ],
  [
    'capacity',
    /reserve/,
    `(service shop) was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance 0123) has insufficient CPU units available. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.`,
  ],
  [
    'capacity',
    /reserve/,
    `(service shop) was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance 0123) has insufficient GPU resources available.`,
  ],
  [
    'capacity',
    /awsvpcTrunking/,
    `(service shop) was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance 0123) does not have sufficient network interface resources available.`,
  ],
  [
    'capacity',
    /awsvpcTrunking/,
    `(service shop) was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance 0123) encountered error "RESOURCE:ENI".`,
  ],
  [
    'capacity',
    /reserve/,
    `(service shop) was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance 0123) encountered error "RESOURCE:GPU". For more information, see the Troubleshooting section.`,
  ],
  [
    'placement',
    /placement constraints/,
    `(service shop) was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance 0123) is missing an attribute required by your task.`,
  ],
  [
    'placement',
    /placement constraints/,
    `(service shop) was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance 0123) encountered error "ATTRIBUTE".`,
  ],
  [
    'capacity',
    /Add container instances/,
    `(service shop) was unable to place a task because no container instance met all of its requirements. Reason: No Container Instances were found in your cluster. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.`,
  ],
  [
    'capacity',
    /dynamic host ports/,
    `(service shop) was unable to place a task because no container instance met all of its requirements. The closest matching container-instance 0123 is already using a port required by your task.`,
  ],
  [
    'capacity',
    /dynamic host ports/,
    `(service shop) was unable to place a task because no container instance met all of its requirements. The closest matching container-instance 0123 has too many ports registered`,
  ],
  [
    'capacity',
    /Add container instances/,
    `(service shop) was unable to place a task. Reason: No Container Instances were found in your cluster.`,
  ],
  [
    'placement',
    /placement constraints/,
    `service shop was unable to place a task because no container instance met all of its requirements. Reason: You have no container instances that satisfy the placement constraint memberOf.`,
  ],
  [
    'capacity',
    /Availability Zones/,
    `(service shop) was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a different availability zone. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.`,
  ],
  [
    'quota',
    /Raise the quota/,
    `(service shop) was unable to place a task. Reason: You've reached the limit on the number of tasks you can run concurrently. For more information, see the Troubleshooting section.`,
  ],
  [
    'quota',
    /Raise the quota/,
    `(service shop) was unable to place a task. Reason: The requested CPU configuration is above your limit.`,
  ],
  [
    'networkGone',
    /network configuration/,
    `(service shop) was unable to place a task. Reason: The subnet ID 'subnet-01234567' does not exist.`,
  ],
  [
    'networkGone',
    /network configuration/,
    `(service shop) failed to launch a task with (error The security group 'sg-0123456789abcdef0' does not exist).`,
  ],
  [
    'networkGone',
    /network configuration/,
    `(service shop) failed to launch a task with (error InvalidParameterException: The provided subnets are invalid).`,
  ],
  [
    'network',
    /free addresses.*larger subnets/,
    `(service shop) failed to launch a task with (error Unexpected EC2 error while attempting to Create Network Interface in subnet 'subnet-0': InsufficientFreeAddressesInSubnet).`,
  ],
  [
    'network',
    /ENI quota/,
    `(service shop) was unable to place a task. Reason: Timeout waiting for network interface provisioning to complete.`,
  ],
  [
    'roleDenied',
    /ecs-tasks/,
    `(service shop) failed to launch a task with (error ECS was unable to assume the role that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role.).`,
  ],
  [
    'passRoleDenied',
    /fairway\.yml/,
    `(service shop) failed to launch a task with (error User: arn:aws:sts::123456789012:assumed-role/x is not authorized to perform: iam:PassRole on resource: arn:aws:iam::123456789012:role/shop).`,
  ],
  [
    'revisionInactive',
    /Deploy again/,
    `(service shop) failed to launch a task with (error TaskDefinition is inactive).`,
  ],
  [
    'revisionInactive',
    /Deploy again/,
    `(service shop) failed to launch a task with (error ClientException: TaskDefinition is inactive).`,
  ],
  [
    'targetGroupGone',
    /target group/,
    `(service shop) failed to register targets in (target-group arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/shop/0123) with (error Target group not found).`,
  ],
  [
    'targetGroupGone',
    /target group/,
    `(service shop) failed to register targets in (target-group arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/shop/0123) with (error One or more target groups not found)`,
  ],
  [
    'targetHealth',
    /listener/,
    `(service shop) failed to register targets in (target-group arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/shop/0123) with (error The target group arn:x does not have an associated load balancer)`,
  ],
  [
    'permissions',
    /service-linked role/,
    `(service shop) failed to register targets in (target-group arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/shop/0123) with (error User: arn:aws:sts::123456789012:assumed-role/ecsServiceRole is not authorized to perform: elasticloadbalancing:RegisterTargets).`,
  ],
  [
    'permissions',
    /service-linked role/,
    `(service shop) failed to describe target health on (target-group arn:x) with (error AccessDenied)`,
  ],
  [
    'throttled',
    /Wait/,
    `(service shop) failed to register targets in (target-group arn:x) with (error Rate exceeded)`,
  ],
  [
    'roleDenied',
    /ecs-tasks/,
    `(service shop) was unable to assume role arn:aws:iam::123456789012:role/ecsServiceRole`,
  ],
  [
    'serviceDiscovery',
    /service-linked role/,
    `(service shop) failed to register (service-registry srv-0123) with (error ServiceNotFound)`,
  ],
  [
    'serviceDiscovery',
    /service-linked role/,
    `(service shop) (instance 0123) is unhealthy in (service-registry srv-0123)`,
  ],
  [
    'secretMissing',
    /Create it, or correct the reference/,
    `(service shop) was unable to place a task. Reason: ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: ResourceNotFoundException: Secrets Manager can't find the specified secret.`,
  ],
  [
    'platformVersion',
    /LATEST/,
    `(service shop) was unable to place a task. Reason: The specified platform does not exist.`,
  ],
  [
    'roleDenied',
    / ecs\.amazonaws\.com/,
    `(service shop) was unable to place a task. Reason: ECS was unable to assume the configured ECS Infrastructure Role 'arn:aws:iam::1:role/x'.`,
  ],
];

describe("a service's event, by other words", () => {
  it.each(EVENTS)('%s, %s: %s', expectEventCause);

  it.each([
    '(service shop) has begun draining connections on 1 tasks.',
    '(service shop, taskSet ecs-svc/0123) has begun draining connections on 2 tasks.',
    '(service shop) is not AZ balanced with 2 tasks in us-east-1a, 0 tasks in us-east-1b. AZ Rebalancing in progress.',
    '(service shop) rolling back to deployment ecs-svc/0123456789012345678.',
    '(service shop) registered 1 instances in (service-registry srv-0123)',
  ])('says nothing of trouble: %s', (message) => {
    expect(diagnoseEvents('shop', [message])).toBeUndefined();
  });

  it.each([
    '(service shop) was unable to place a task. Reason: something never seen before.',
    '(service shop) could not launch 1 tasks for deployment ecs-svc/0123456789012345678.',
  ])('is shown unchanged if it is unknown: %s', (message) => {
    expect(diagnoseEvents('shop', [message])).toEqual({
      kind: 'unknown',
      advice: UNKNOWN_ADVICE,
      sentence: message,
      evidence: [message],
      canHeal: true,
    });
    const timedOut =
      '(service shop) (port 80) is unhealthy in (target-group x) due to (reason Request timed out).';
    expect(diagnoseEvents('shop', [message, timedOut])).toMatchObject({ kind: 'targetHealth' });
  });
});
