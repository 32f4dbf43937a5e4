import { fatal, heals, type Wording } from './wording.ts';

/**
 * What a task needs before it runs: logs, secrets, roles, volumes, capacity, network. Logs come before secrets, since
 * a missing log group is a ResourceNotFoundException, too.
 * Source: Amazon ECS Developer Guide, "ResourceInitializationError errors".
 */
export const RESOURCES: readonly Wording[] = [
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
    'Allow logs:CreateLogStream and logs:PutLogEvents.',
  ),
  heals(
    /failed to (initialize|validate|create) (the )?logg|logging driver/i,
    'logging',
    (subject) => `${subject}: the log driver could not start.`,
    "Check the log configuration and the subnet's route to it.",
  ),

  fatal(
    /(ecr registry auth|ecr:GetAuthorizationToken).*(AccessDenied|not authorized)|not authorized.*ecr:/i,
    'pullDenied',
    (subject) => `${subject}: the execution role may not log in to ECR.`,
    'Allow ecr:GetAuthorizationToken.',
  ),
  fatal(
    /(secret|ssm|parameter|kms).*(AccessDenied|not authorized|Access to KMS is not allowed)/i,
    'secretDenied',
    (subject) => `${subject}: the execution role may not read a secret that the task definition names.`,
    "Allow it, and the secret's KMS key.",
  ),
  fatal(
    /ResourceInitializationError.*(ResourceNotFoundException|ParameterNotFound|invalid ssm parameters|did not contain json key)|can't find the specified secret/i,
    'secretMissing',
    (subject) => `${subject}: a secret that the task definition names does not exist.`,
    'Create it, or correct the reference.',
  ),
  heals(
    /(registry auth|secret|ssm).*(time-?out|timed out|deadline|connection|dial tcp|no such host|send request failed|context canceled)/i,
    'registryUnreachable',
    (subject) => `${subject}: the registry or a secret could not be reached.`,
    "Check the subnet's route (NAT gateway, public IP or VPC endpoints) and the security groups.",
  ),
  heals(
    /ResourceInitializationError.*(pull secrets|registry auth)/i,
    'secretsFailed',
    (subject) => `${subject}: secrets or registry credentials could not be fetched.`,
    'Check the execution role and the network.',
  ),

  fatal(
    /unable to assume the (?:IAM )?role(?: '?(?:arn:\S*?role\/)?([\w+=,.@/-]+?)'?)? that was provided/i,
    'roleDenied',
    (_, [, role]) => `The task's role${role ? ` ${role}` : ''} could not be assumed.`,
    'Check that the role exists and that ecs-tasks.amazonaws.com may assume it (its trust policy).',
  ),
  heals(
    /iam:PassRole|not authorized to pass role/i,
    'passRoleDenied',
    () => 'A role of the task could not be passed to ECS: whoever starts it lacks iam:PassRole.',
    'Name the role as taskRole or executionRole in fairway.yml and deploy its stack again.',
  ),
  fatal(
    /(InvalidSubnetID|InvalidGroup|InvalidSecurityGroupID|InvalidParameterValue)\S*.*?\b((?:subnet|sg)-[0-9a-f]+)?'? (?:does not exist|is invalid)/i,
    'networkGone',
    (_, [, , id]) => `A subnet or security group of the task${id ? `, ${id},` : ''} does not exist.`,
    "Correct the service's network configuration.",
  ),
  heals(
    /CannotCreateVolume|\bEFS\b|\bEBS\b|mount\.nfs4?|volume.*fail|fail\w* to mount/i,
    'volume',
    (subject) => `${subject}: a volume could not be mounted.`,
    'Check the file system, its mount targets and security groups.',
  ),
  heals(
    /network interface|(?<!RESOURCE:)\bENIs?\b|InsufficientFreeAddresses|NetworkInterfaceLimit|subnet.*(free address|IP address)/i,
    'network',
    () => "The task's network interface could not be made.",
    'Check free addresses in its subnets and the ENI quota.',
  ),
  heals(
    /reached the limit on the number of|(vCPU|task) limit|LimitExceeded/i,
    'quota',
    () => 'The task was not started: an account quota is used up.',
    'Ask AWS to raise it, or run less.',
  ),
  heals(
    /Capacity is unavailable|\bRESOURCE:\s?(\w+)|EMPTY CAPACITY PROVIDER|NO ACTIVE INSTANCES|(?:^|: )AGENT\b/,
    'capacity',
    (_, [, what]) =>
      `There is no capacity for the task${what ? ` (${what})` : ''}: it has to be tried again.`,
    'Name more Availability Zones or another capacity provider, or add container instances.',
  ),
  heals(
    /placement constraint|MemberOf|\bATTRIBUTE\b|\bLOCATION\b/,
    'placement',
    () => 'No container instance satisfies what the task asks for.',
    'Check its placement constraints and required attributes.',
  ),
];
