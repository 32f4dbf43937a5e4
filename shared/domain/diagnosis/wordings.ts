/** A way in which AWS words a reason, and what it means. */
export interface Wording {
  readonly kind: string;
  readonly pattern: RegExp;
  /** False: however often ECS starts the task again, it will fail in the same way. */
  readonly canHeal: boolean;
  /** One sentence: what happened and what to do. `found` is the pattern's match. */
  readonly say: (subject: string, found: RegExpExecArray) => string;
}

const PULL = 'CannotPull\\w*:? .*';

/**
 * Reasons why a task stopped, most specific first: the first that matches is taken. They are held against text
 * whose image references are masked, so that "401" in a digest or "denied" in a repository's name says nothing.
 * On Fargate a container that cannot start is worded "CannotStartContainerError: ResourceInitializationError: …",
 * so what is wrong with a command comes before what is wrong with resources.
 * Sources: Amazon ECS Developer Guide, "Stopped tasks error messages", "CannotPullContainer task errors",
 * "ResourceInitializationError errors", "CannotStartContainerError errors".
 */
export const WORDINGS: readonly Wording[] = [
  // ── The image and its command ──
  fatal(
    /descriptor matching platform '?([\w/]+)?|no matching manifest for ([\w/]+)|image operating system/i,
    'wrongPlatform',
    (subject, [, platform, other]) =>
      `${subject} cannot run: its image was not built for ${platform ?? other ?? "the task's platform"}. Build it for that platform, or change the task definition's runtimePlatform.`,
  ),
  fatal(
    /exec format error/i,
    'wrongPlatform',
    (subject) =>
      `${subject} cannot run: its program was built for another processor (exec format error). Build the image for the task's platform.`,
  ),
  fatal(
    /executable file not found|(starting container|exec: |stat ).*no such file or dir/i,
    'commandNotFound',
    (subject) =>
      `${subject} cannot start: its command does not exist in the image. Check entryPoint, command and the Dockerfile.`,
  ),
  fatal(
    /(starting container|exec: ).*permission denied|permission denied.*\bexec\b/i,
    'commandNotExecutable',
    (subject) =>
      `${subject} cannot start: its command is not executable. Set the file's mode (chmod +x) in the image.`,
  ),

  // ── Pulling ──
  heals(
    of(`${PULL}token has expired`),
    'pullFailed',
    (subject) => `${subject}: its image could not be pulled, because a registry token had expired.`,
  ),
  // Docker words a missing permission as "does not exist or may require 'docker login'".
  fatal(
    of(
      `${PULL}(pull access denied|\\bdenied\\b|not authorized|unauthorized|no basic auth|40[13] (Forbidden|Unauthorized))`,
    ),
    'pullDenied',
    (subject) =>
      `${subject}: pulling its image was denied. Check the execution role's ECR permissions and the repository's policy.`,
  ),
  fatal(
    of(`${PULL}(not found|does not exist|manifest unknown|name unknown)`),
    'imageNotFound',
    (subject) =>
      `${subject}: its image does not exist in the repository. It was deleted (by a lifecycle policy, perhaps) or never pushed; push it again.`,
  ),
  heals(
    of(`${PULL}no space left`),
    'diskFull',
    (subject) => `${subject}: its image does not fit on the disk. Give the task more ephemeral storage.`,
  ),
  heals(
    of(`${PULL}(time-?out|timed out|dial tcp|no such host|connection|deadline exceeded|send request failed)`),
    'registryUnreachable',
    (subject) =>
      `${subject}: the registry could not be reached. Check the subnet's route to ECR and S3 (NAT gateway, public IP or VPC endpoints) and the security groups.`,
  ),
  heals(/CannotPull/i, 'pullFailed', (subject) => `${subject}: its image could not be pulled.`),

  // ── Logs: before secrets, since a missing log group is a ResourceNotFoundException too ──
  fatal(
    /log (group|stream).*(does not exist|not found)|logg(er|ing).*ResourceNotFoundException/i,
    'logging',
    (subject) =>
      `${subject} cannot log: its log group does not exist. Create it, or correct the log configuration.`,
  ),
  fatal(
    /(logg(er|ing)|log (group|stream)|logs:Create).*(AccessDenied|not authorized)/i,
    'logging',
    (subject) =>
      `${subject} cannot log: the execution role may not write to the log group. Allow logs:CreateLogStream and logs:PutLogEvents.`,
  ),
  heals(
    /failed to (initialize|validate|create) (the )?logg|logging driver/i,
    'logging',
    (subject) =>
      `${subject}: the log driver could not start. Check the log configuration and the subnet's route to it.`,
  ),

  // ── Registry credentials and secrets ──
  fatal(
    /(ecr registry auth|ecr:GetAuthorizationToken).*(AccessDenied|not authorized)|not authorized.*ecr:/i,
    'pullDenied',
    (subject) => `${subject}: the execution role may not log in to ECR. Allow ecr:GetAuthorizationToken.`,
  ),
  fatal(
    /(secret|ssm|parameter|kms).*(AccessDenied|not authorized|Access to KMS is not allowed)/i,
    'secretDenied',
    (subject) =>
      `${subject}: the execution role may not read a secret that the task definition names. Allow it, and the secret's KMS key.`,
  ),
  fatal(
    /ResourceInitializationError.*(ResourceNotFoundException|ParameterNotFound|invalid ssm parameters|did not contain json key)|can't find the specified secret/i,
    'secretMissing',
    (subject) =>
      `${subject}: a secret that the task definition names does not exist. Create it, or correct the reference.`,
  ),
  heals(
    /(registry auth|secret|ssm).*(time-?out|timed out|deadline|connection|dial tcp|no such host|send request failed|context canceled)/i,
    'registryUnreachable',
    (subject) =>
      `${subject}: the registry or a secret could not be reached. Check the subnet's route (NAT gateway, public IP or VPC endpoints) and the security groups.`,
  ),
  heals(
    /ResourceInitializationError.*(pull secrets|registry auth)/i,
    'secretsFailed',
    (subject) =>
      `${subject}: secrets or registry credentials could not be fetched. Check the execution role and the network.`,
  ),

  // ── What a task needs ──
  heals(
    /CannotCreateVolume|\bEFS\b|volume.*fail|fail\w* to mount/i,
    'volume',
    (subject) =>
      `${subject}: a volume could not be mounted. Check the file system, its mount targets and security groups.`,
  ),
  heals(
    /reached the limit on the number of|(vCPU|task) limit|LimitExceeded/i,
    'quota',
    () => 'The task was not started: an account quota is used up. Ask AWS to raise it, or run less.',
  ),
  heals(
    /Capacity is unavailable|\bRESOURCE:\s?(\w+)|EMPTY CAPACITY PROVIDER|NO ACTIVE INSTANCES|(?:^|: )AGENT\b/,
    'capacity',
    (_, [, what]) =>
      `There is no capacity for the task${what ? ` (${what})` : ''}: it has to be tried again.`,
  ),
  heals(
    /placement constraint|MemberOf|\bATTRIBUTE\b|\bLOCATION\b/,
    'placement',
    () =>
      'No container instance satisfies what the task asks for. Check its placement constraints and required attributes.',
  ),
  heals(
    /network interface|\bENIs?\b|subnet.*(free address|IP address)/i,
    'network',
    () =>
      "The task's network interface could not be made. Check free addresses in its subnets and the ENI quota.",
  ),

  // ── Running ──
  heals(
    /OutOfMemory/i,
    'outOfMemory',
    (subject) =>
      `${subject} used more memory than it has and was killed. Give it more memory, or make it use less.`,
  ),
  heals(
    /failed ELB health checks(?: in \(target-group [^)]*targetgroup\/([^/)]+))?(?:.*(codes: \[[^\]]*\]|timed out))?/i,
    'targetHealth',
    (subject, [, group, why]) =>
      `${subject} failed the load balancer's health checks${group ? ` (target group ${group})` : ''}${why ? `: ${why}` : ''}. Check its port, path and start-up time.`,
  ),
  heals(
    /failed container health checks/i,
    'containerHealth',
    (subject) =>
      `${subject} failed its container health check. Check the command, its start period and the logs.`,
  ),
  heals(
    /Spot (Task|capacity|instance)|SpotInterruption/i,
    'spotInterruption',
    () => 'The task was interrupted: its Spot capacity was taken away.',
  ),
  heals(
    /ResourceInitializationError|provisioning to complete/i,
    'initialization',
    (subject) => `${subject}: ECS could not prepare what the task needs.`,
  ),
  heals(
    /CannotStartContainer|CannotCreateContainer/i,
    'cannotStart',
    (subject) => `${subject} could not be started.`,
  ),
  heals(
    /ContainerRuntime(Timeout)?Error|DockerTimeoutError|CannotInspectContainer|CannotStopContainer|InternalError/i,
    'runtime',
    (subject) => `${subject}: the container runtime failed.`,
  ),
];

function of(pattern: string): RegExp {
  return new RegExp(pattern, 'i');
}

function fatal(pattern: RegExp, kind: string, say: Wording['say']): Wording {
  return { pattern, kind, say, canHeal: false };
}

function heals(pattern: RegExp, kind: string, say: Wording['say']): Wording {
  return { pattern, kind, say, canHeal: true };
}
