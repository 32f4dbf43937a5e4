import { heals, type Wording } from './wording.ts';

/** Why a task that was started did not go on. Source: Amazon ECS Developer Guide, "Stopped tasks error messages". */
export const RUNNING: readonly Wording[] = [
  heals(
    /dependency .*(fail|not|timed out)|did not (?:become healthy|complete|start).*depend/i,
    'dependency',
    (subject) => `${subject} was not started: a container that it depends on did not do what dependsOn asks.`,
    'Look at that container first: its exit code, its health check and its logs.',
  ),
  heals(
    /(Host EC2|instance) .*(terminated|stopped|deregistered)|instance deregistration forced|performing maintenance on the underlying|scheduled for retirement/i,
    'infrastructure',
    () => 'The task was stopped: what it ran on went away.',
    'Nothing has to be mended: ECS starts another one.',
  ),
  heals(
    /OutOfMemory/i,
    'outOfMemory',
    (subject) => `${subject} used more memory than it has and was killed.`,
    'Give it more memory, or make it use less.',
  ),
  heals(
    /failed ELB health checks(?: in \(target-group [^)]*targetgroup\/([^/)]+))?(?:.*(codes: \[[^\]]*\]|timed out))?/i,
    'targetHealth',
    (subject, [, group, why]) =>
      `${subject} failed the load balancer's health checks${group ? ` (target group ${group})` : ''}${why ? `: ${why}` : ''}.`,
    'Check its port, the path of the check, the security groups and its start-up time.',
  ),
  heals(
    /failed container health checks/i,
    'containerHealth',
    (subject) => `${subject} failed its container health check.`,
    'Check the command, its start period and the logs.',
  ),
  heals(
    /Spot (Task|capacity|instance)\b.*interrupt|SpotInterruption/i,
    'spotInterruption',
    () => 'The task was interrupted: its Spot capacity was taken away.',
    'Run what must not be interrupted on demand.',
  ),
  heals(
    /ResourceInitializationError|provisioning to complete/i,
    'initialization',
    (subject) => `${subject}: ECS could not prepare what the task needs.`,
    'Check its execution role, its volumes and the network of its subnet.',
  ),
  heals(
    /CannotStartContainer|CannotCreateContainer/i,
    'cannotStart',
    (subject) => `${subject} could not be started.`,
    "Look at AWS's own words: they name the part of the definition that is refused.",
  ),
  heals(
    /ContainerRuntime(Timeout)?Error|DockerTimeoutError|CannotInspectContainer|CannotStopContainer|ContainerVanished|DockerStateError|InternalError/i,
    'runtime',
    (subject) => `${subject}: the container runtime failed.`,
    'If it happens again on one container instance, replace that instance.',
  ),
];
