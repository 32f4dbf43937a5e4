import { actionIn, roleIn } from './names.ts';
import { anyOf, heals, type Wording } from './wording.ts';

const AGAIN = 'Name more Availability Zones or another capacity provider, or add container instances.';

/** AWS takes no more calls for now; registries that do not word it as "toomanyrequests". */
export const THROTTLED: readonly Wording[] = [
  heals(
    /^(?!.*(?:toomanyrequests:|rate limit)).*(?:Throttling|Rate exceeded|RequestLimitExceeded|TooManyRequestsException)/i,
    'throttled',
    (subject) => `${subject}: AWS throttles the calls that start the task.`,
    'Wait: ECS tries again. If it goes on, start fewer tasks at once, or ask AWS to raise that rate.',
  ),
];

/** Roles that ECS takes to start a task. Source: Amazon ECS Developer Guide, "TaskFailedToStart errors". */
export const ROLES: readonly Wording[] = [
  heals(
    /unable to assume the configured ECS Infrastructure Role/i,
    'roleDenied',
    () => "ECS's infrastructure role could not be assumed.",
    'Check that the infrastructure role exists and that ecs.amazonaws.com may assume it (its trust policy).',
  ),
  // IAM needs a while until a new role can be assumed everywhere.
  heals(
    anyOf(
      "unable to assume (?:the )?(?:IAM )?role(?: '?(?:arn:\\S*?role/)?([^\\s']+?)'?(?= that was provided|[.)]*$))?",
      'IAM trust relationship has been misconfigured',
      '^(?:\\w+: )?Role is not valid',
    ),
    'roleDenied',
    (_, [, role]) => `The task's role${isName(role) ? ` ${role}` : ''} could not be assumed.`,
    'Check that the role exists and that ecs-tasks.amazonaws.com may assume it (its trust policy).',
  ),
  heals(
    /launch instance\(s\) for capacity provider.*(UnauthorizedOperation|AccessDenied|not authorized)/i,
    'capacityProviderDenied',
    (_, __, whole) =>
      `A capacity provider could not launch an instance: ${roleIn(whole) === undefined ? 'its infrastructure role' : `role ${roleIn(whole)}`} may not${actionIn(whole) === undefined ? '' : ` ${actionIn(whole)}`}.`,
    'Check the permissions of the infrastructure role, iam:PassRole for the instance profile among them.',
  ),
  heals(
    /No instance types match.*capacity provider (\S+?)\.?$|No instance types match/i,
    'capacity',
    (_, [, provider]) =>
      `There is no capacity for the task: no instance type matches the requirements of capacity provider ${provider ?? 'that the service uses'}.`,
    'Widen instanceRequirements of the capacity provider (vCPU, memory, architecture, allowed instance types), or reduce what the task reserves.',
  ),
  heals(
    /sufficient (\S+) capacity in the Availability Zone.*?\(([\w-]+)\)/i,
    'capacity',
    (_, [, type, zone]) =>
      `There is no capacity for the task: AWS has no ${type ?? 'such'} instances left in ${zone ?? 'that Availability Zone'}.`,
    'Allow more instance types or Availability Zones, or try again later.',
  ),
  heals(
    /launch instance\(s\) for capacity provider.*(ValidationError|launch template|InvalidParameter)/i,
    'capacity',
    () =>
      'There is no capacity for the task: a capacity provider could not launch an instance with its settings.',
    "Correct the capacity provider's launch template or instance requirements, as AWS's message says.",
  ),
  heals(
    /iam:PassRole|not authorized to pass role/i,
    'passRoleDenied',
    () => 'A role of the task could not be passed to ECS: the caller lacks iam:PassRole.',
    'Name the role as taskRole or executionRole in fairway.yml and deploy its stack again.',
  ),
];

/**
 * Room for a task, and a place that suits it.
 * Sources: Amazon ECS Developer Guide, "TaskFailedToStart errors" and "API failure reasons".
 */
export const CAPACITY: readonly Wording[] = [
  heals(
    anyOf(
      'reached the limit (?:on|of)\\b',
      '(vCPU|task) limit',
      'LimitExceeded',
      'SpotInstanceCountExceeded',
      'configuration is above your limit',
    ),
    'quota',
    (_, __, whole) => `The task was not started: an account quota is used up${quota(whole)}.`,
    'Raise the quota (Service Quotas), or run less.',
  ),
  heals(
    /(?:^|: )AGENT[.'"]*$|encountered error ["']?AGENT|waiting for Amazon ECS Agent|have the agent connected/i,
    'capacity',
    () => 'There is no capacity for the task: the ECS agent of its container instance is not connected.',
    'Check the agent on the instance (/var/log/ecs/ecs-agent.log), or replace the instance.',
  ),
  heals(
    /provisioning capacity limit was exceeded/i,
    'capacity',
    () => 'There is no capacity for the task: too many tasks of the cluster are provisioning at once.',
    'Wait, start services one after another, or add container instances.',
  ),
  heals(
    /No Container Instances were found|NO ACTIVE INSTANCES|EMPTY CAPACITY PROVIDER|(?:^|: )INACTIVE[.'"]*$/i,
    'capacity',
    () => 'There is no capacity for the task: no container instance is registered and active for it.',
    'Add container instances, or check why they do not register (their agent, its cluster and role, the Auto Scaling group).',
  ),
  heals(
    /\bRESOURCE:\s?PORTS?/i,
    'capacity',
    () => 'There is no capacity for the task (PORTS): no container instance has its host ports free.',
    'Use dynamic host ports (hostPort 0), or add container instances.',
  ),
  heals(
    /\bRESOURCE:\s?ENI/i,
    'capacity',
    () => 'There is no capacity for the task (ENI): no container instance takes another network interface.',
    'Add container instances or larger ones, or turn on awsvpcTrunking.',
  ),
  heals(
    /\bRESOURCE:\s?(?!FARGATE)(\w+)/i,
    'capacity',
    (_, [, what]) =>
      `There is no capacity for the task${what ? ` (${what})` : ''}: no container instance has enough left.`,
    'Add container instances or larger ones, or reduce what the task reserves.',
  ),
  heals(
    anyOf(
      'RESOURCE:FARGATE',
      'Capacity is unavailable',
      'capacity is not available',
      'UnfulfillableCapacity',
      'Insufficient\\w*[ -]?Capacity',
      'waiting for capacity',
      'launch instance\\(s\\) for capacity provider',
    ),
    'capacity',
    () => 'There is no capacity for the task: it has to be tried again.',
    AGAIN,
  ),
  heals(
    /not compatible with the selected compute strategy/i,
    'placement',
    () => 'The task definition does not fit the capacity that the service asks for.',
    "Correct requiresCompatibilities, or the service's launch type or capacity providers.",
  ),
  heals(
    /(?:not supported on|not support).*platform version|platform version.*not support|specified platform does not exist|PlatformUnknown|PlatformTaskDefinitionIncompatib/i,
    'platformVersion',
    (_, __, whole) =>
      `The task asks for something that its Fargate platform version${version(whole)} cannot do, or that version does not exist.`,
    'Let the service use platform version LATEST, or take that out of the task definition.',
  ),
  heals(
    /TaskDefinition (?:is inactive|not found)/i,
    'revisionInactive',
    () => 'The task definition that is to be started was deregistered.',
    'Deploy again: register the revision again, and let nothing deregister one that is in use.',
  ),
  heals(
    anyOf(
      'placement constraint',
      'MemberOf',
      '(?:^|: |error ["\']?)(?:ATTRIBUTE|LOCATION|MissingVersion)\\b["\'.]*$',
      'error ["\']?(?:ATTRIBUTE|LOCATION)\\b',
    ),
    'placement',
    () => 'No container instance satisfies what the task asks for.',
    'Check its placement constraints and required attributes.',
  ),
];

function isName(role: string | undefined): role is string {
  return role !== undefined && role !== '<reference>';
}

/** " (number of vCPUs)": which quota AWS names. */
function quota(whole: string): string {
  const named = /limit (?:on|of) (?:the )?(.{3,80}?)(?: you can| that|\.|$)|(\w*LimitExceeded)/.exec(whole);
  const name = named?.[1] ?? named?.[2];
  return name === undefined ? '' : ` (${name})`;
}

function version(whole: string): string {
  const number = /platform version (\d[\d.]*\d)/.exec(whole)?.[1];
  return number === undefined ? '' : ` ${number}`;
}
