import { anyOf, fatal, heals, type Wording } from './wording.ts';

/**
 * What a task needs before it runs: logs, roles, volumes, capacity, network.
 * Source: Amazon ECS Developer Guide, "ResourceInitializationError errors" and "TaskFailedToStart errors".
 */
export const LOGGING: readonly Wording[] = [
  fatal(
    /log (group|stream).*(does not exist|not found)|logg(er|ing).*ResourceNotFoundException/i,
    'logging',
    (subject) => `${subject} cannot log: its log group does not exist.`,
    'Create it, or correct the log configuration.',
  ),
  fatal(
    /(logg(er|ing)|log (group|stream)|logs:Create).*(AccessDenied|not authorized)/i,
    'logging',
    (subject) => `${subject} cannot log: the execution role may not write to the log group.`,
    'Allow logs:CreateLogStream and logs:PutLogEvents, and logs:CreateLogGroup where awslogs-create-group is set.',
  ),
  heals(
    /failed to (initialize|validate|create) (the )?logg|logging driver/i,
    'logging',
    (subject) => `${subject}: the log driver could not start.`,
    "Check the log configuration and the subnet's route to it.",
  ),
];

export const RESOURCES: readonly Wording[] = [
  // IAM needs a while until a new role can be assumed everywhere.
  heals(
    anyOf(
      "unable to assume the (?:IAM )?role(?: '?(?:arn:\\S*?role/)?([^\\s']+?)'?)? that was provided",
      'IAM trust relationship has been misconfigured',
    ),
    'roleDenied',
    (_, [, role]) => `The task's role${isName(role) ? ` ${role}` : ''} could not be assumed.`,
    'Check that the role exists and that ecs-tasks.amazonaws.com may assume it (its trust policy).',
  ),
  heals(
    /launch instance\(s\) for capacity provider.*(UnauthorizedOperation|AccessDenied|not authorized)/i,
    'capacityProviderDenied',
    () => 'A capacity provider could not launch an instance: its infrastructure role may not.',
    'Check the permissions of the infrastructure role, iam:PassRole for the instance profile among them.',
  ),
  heals(
    /iam:PassRole|not authorized to pass role/i,
    'passRoleDenied',
    () => 'A role of the task could not be passed to ECS: whoever starts it lacks iam:PassRole.',
    'Name the role as taskRole or executionRole in fairway.yml and deploy its stack again.',
  ),
  // Of several subnets ECS may take another one next time; security groups are needed in all of them.
  heals(
    /InvalidSubnetID(?:.*?\b(subnet-[0-9a-f]+)'? does not exist)?/i,
    'networkGone',
    (_, [, id]) => `A subnet of the task${id ? `, ${id},` : ''} does not exist.`,
    "Correct the service's network configuration.",
  ),
  fatal(
    /(?:InvalidGroup\.NotFound|InvalidSecurityGroupID)(?:.*?\b(sg-[0-9a-f]+)'? does not exist)?/i,
    'networkGone',
    (_, [, id]) => `A security group of the task${id ? `, ${id},` : ''} does not exist.`,
    "Correct the service's network configuration.",
  ),
  heals(
    /network interface.*(TagPolicyViolation|AuthFailure|UnauthorizedOperation|AccessDenied|not authorized)/i,
    'networkDenied',
    () => "The task's network interface could not be made: a policy does not allow it.",
    "Check tag policies and service control policies for ec2:network-interface, and ECS's service-linked role.",
  ),
  heals(
    /\bEBS volume/i,
    'volume',
    (subject) => `${subject}: an EBS volume could not be created or attached.`,
    'Check the permissions of the infrastructure role, the EBS quota, and the settings of the volume.',
  ),
  heals(
    /CannotCreateVolume|EFS utils|\bEFS volume|mount\.nfs4?|volume.*fail|fail\w* to mount/i,
    'volume',
    (subject) => `${subject}: a volume could not be mounted.`,
    'Check the file system, its mount targets and security groups.',
  ),
  heals(
    /network interface|configure ENI|InsufficientFreeAddresses|NetworkInterfaceLimit|subnet.*(free address|IP address)/i,
    'network',
    () => "The task's network interface could not be made.",
    'Check free addresses in its subnets and the ENI quota.',
  ),
  heals(
    anyOf(
      'reached the limit on the number of',
      '(vCPU|task) limit',
      'LimitExceeded',
      'SpotInstanceCountExceeded',
      'configuration is above your limit',
    ),
    'quota',
    () => 'The task was not started: an account quota is used up.',
    'Ask AWS to raise it, or run less.',
  ),
  heals(
    /(?:^|: )AGENT\b|encountered error "?AGENT|waiting for Amazon ECS Agent/,
    'capacity',
    () => 'There is no capacity for the task: the ECS agent of its container instance is not connected.',
    'Look at the agent on the instance (/var/log/ecs/ecs-agent.log), or replace the instance.',
  ),
  heals(
    /provisioning capacity limit was exceeded/,
    'capacity',
    () => 'There is no capacity for the task: too many tasks of the cluster are provisioning at once.',
    'Wait, start services one after another, or add container instances.',
  ),
  heals(
    /Capacity is unavailable|\bRESOURCE:\s?(\w+)|EMPTY CAPACITY PROVIDER|NO ACTIVE INSTANCES|UnfulfillableCapacity|Insufficient\w*Capacity|launch instance\(s\) for capacity provider|No Container Instances were found in your capacity provider/,
    'capacity',
    (_, [, what]) =>
      `There is no capacity for the task${what ? ` (${what})` : ''}: it has to be tried again.`,
    'Name more Availability Zones or another capacity provider, or add container instances.',
  ),
  heals(
    /not compatible with the selected compute strategy/i,
    'placement',
    () => 'The task definition does not fit the capacity that the service asks for.',
    "Correct requiresCompatibilities, or the service's launch type or capacity providers.",
  ),
  heals(
    /placement constraint|MemberOf|\bATTRIBUTE\b|\bLOCATION\b/,
    'placement',
    () => 'No container instance satisfies what the task asks for.',
    'Check its placement constraints and required attributes.',
  ),
];

function isName(role: string | undefined): role is string {
  return role !== undefined && role !== '<reference>';
}
