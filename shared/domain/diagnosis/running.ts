import { SERVICE_CONNECT_ADVICE } from './injected.ts';
import { anyOf, heals, type Wording } from './wording.ts';

/** Where to look for a person's name. */
export const WHO_STOPPED = 'CloudTrail names who called StopTask.';

/** Seconds after its start in which a task may still be starting. */
export const SOON = 300;

/** Why a task that was started did not keep running. Source: Amazon ECS Developer Guide, "Stopped tasks error messages". */
export const RUNNING: readonly Wording[] = [
  heals(
    /^.*?(?:ordering dependency \[?|dependency container )([^\s([\]]+)|dependency .*(?:fail|not|never|timed out)|did not (?:become healthy|complete|start).*depend|dependent container .*(?:exited|fail|not)/i,
    'dependency',
    (subject, [, other]) =>
      `${subject} was not started: ${other ? `container ${other}, on which it depends,` : 'a container that it depends on'} did not do what dependsOn asks.`,
    'Check that container first: its exit code, its health check and its logs.',
  ),
  heals(
    anyOf(
      'Host EC2 \\(instance',
      'instance .*(?:terminated|stopped|deregistered|draining)',
      'instance deregistration forced',
      'performing maintenance on the underlying',
      'scheduled for retirement',
      'task retirement',
    ),
    'infrastructure',
    () => 'The task stopped because its host was terminated or is under maintenance.',
    'No action needed: ECS starts a replacement.',
  ),
  heals(
    /OutOfMemory|killed due to (?:high )?memory usage/i,
    'outOfMemory',
    (subject) => `${subject} exceeded its memory limit and was killed.`,
    'Raise its memory limit, or reduce its memory use.',
  ),
  heals(
    /failed ELB health checks(?: in \(target-group [^)]*targetgroup\/([^/)]+))?(?:.*(codes: \[[^\]]+\]|timed out))?/i,
    'targetHealth',
    (subject, [, group, why]) =>
      `${subject} failed the load balancer's health checks${group ? ` (target group ${group})` : ''}${why ? `: ${why}` : ''}.`,
    'Check its port, the path of the check, the security groups and its start-up time.',
  ),
  heals(
    /failed VPC Lattice health checks/i,
    'targetHealth',
    (subject) => `${subject} failed the health checks of VPC Lattice.`,
    'Check its port, the path of the check, the security groups and its start-up time.',
  ),
  heals(
    /failed container health checks?/i,
    'containerHealth',
    (subject) => `${subject} failed its container health check.`,
    'Check the command of the check (its tool has to be in the image), its port, its start period and the logs.',
  ),
  heals(
    /\bService ?Connect\b|\bAppnet\b|\bApp ?Mesh\b/i,
    'serviceConnect',
    () => 'The Service Connect proxy of the task did not start, or is unhealthy.',
    SERVICE_CONNECT_ADVICE,
  ),
  heals(
    /Spot (Task|capacity|instance)\b.*interrupt|SpotInterruption/i,
    'spotInterruption',
    () => 'The task was interrupted: its Spot capacity was taken away.',
    'Run what must not be interrupted on demand.',
  ),
  // Only where there is no stop code: "UserInitiated" says it for certain.
  heals(
    /^Task stopped by user/i,
    'stoppedByPerson',
    () => 'Someone stopped the task: no reason was given.',
    WHO_STOPPED,
  ),
  heals(
    /DockerTimeoutError: Could not transition to (?:created|started)/i,
    'runtime',
    (subject) => `${subject} was not created or started in time by the container runtime.`,
    "Check the subnet's route to CloudWatch Logs (Fargate) or the throughput of the disk; if it happens again on one container instance, replace that instance.",
  ),
  heals(
    anyOf(
      'ContainerRuntime(?:Timeout)?Error',
      'DockerTimeoutError',
      'DockerStateError',
      'ContainerVanished',
      'CannotGetDockerclient',
      'Cannot(?:Inspect|Stop|Describe|List|Remove)\\w*(?:Container|Image|Volume)',
      'NoSuchContainerError',
      'TaskDependencyError',
      'ImpossibleStateTransition',
      'TaskStoppedBeforePullBegin',
      'devicemapper',
      'setup cgroup',
      'InternalError',
    ),
    'runtime',
    (subject, _, whole) =>
      `${subject}: the container runtime failed${/timed out|within/.test(whole) ? ' to start it in time' : ''}.`,
    'If it happens again on one container instance, replace that instance; on Fargate, check the size of the image, the CPU of the task, and the AWS Health Dashboard.',
  ),
  heals(
    /container runtime task: failed to start shim|shim: exit status/i,
    'runtime',
    (subject) => `${subject}: the container runtime could not start it.`,
    'On Fargate, check that cpu and memory of the task are enough, and try again; on a container instance, restart containerd or replace the instance.',
  ),
  heals(
    /CannotStartContainer|CannotCreateContainer|HostConfigError|DockerClientConfigError|container runtime task/i,
    'cannotStart',
    (subject) => `${subject} could not be started.`,
    "Read AWS's message: it names the part of the definition that is refused.",
  ),
  heals(
    /ResourceInitializationError|provisioning to complete/i,
    'initialization',
    (subject) => `${subject}: ECS could not prepare what the task needs.`,
    'Check its execution role, its volumes and the network of its subnet.',
  ),
];
