import { redact } from '../redaction/redact.ts';
import type { Cause } from '../release.ts';
import { oneLine, plain } from './plain.ts';
import { fatal, foundIn, heals, type Wording } from './wording.ts';
import { WORDINGS } from './wordings.ts';

/** Kind of what the load balancer's health checks find. */
export const TARGET_HEALTH = 'targetHealth';

const UNHEALTHY = '(?:is|are) (?:un|not )healthy in .*';
const PORT = '(?:\\(port (\\d+)\\) )?';

/**
 * How a service's own events word what keeps a deployment from going on, most specific first.
 * Sources: Amazon ECS Developer Guide, "Service event messages"; Elastic Load Balancing API reference, TargetHealth,
 * for what the reasons of health checks mean.
 */
export const EVENTS: readonly Wording[] = [
  heals(
    /unable to stop or start tasks during a deployment because of the service deployment configuration/i,
    'deploymentStuck',
    (service) =>
      `${service} can neither start nor stop a task: its minimum and maximum healthy percent leave no room.`,
    'Lower minimumHealthyPercent or raise maximumPercent, so that at least one task fits in between.',
  ),
  heals(
    /tasks? under protection|number of protected tasks/i,
    'scaleInProtection',
    (service) => `${service} cannot stop its old tasks: they are protected from scaling in.`,
    'Wait until they are done, or end their protection (UpdateTaskProtection).',
  ),
  heals(
    /(?:closest matching|could not launch) .*insufficient (CPU|memory)/i,
    'capacity',
    (service, [, what = '']) =>
      `No container instance has room for a task of ${service}: ${what} is used up.`,
    'Add container instances, or let the tasks ask for less.',
  ),
  heals(
    /closest matching .*already using a port/i,
    'capacity',
    (service) => `No container instance is left whose port a task of ${service} could take.`,
    'Add container instances, or use dynamic host ports.',
  ),
  heals(
    /no container instance met all of its requirements(?!.*encountered error "?AGENT)|closest matching .*missing an attribute/i,
    'placement',
    (service) => `No container instance satisfies what a task of ${service} asks for.`,
    'Check its placement constraints and required attributes, and that instances are registered.',
  ),
  heals(
    new RegExp(`${PORT}${UNHEALTHY}Request timed out`, 'i'),
    TARGET_HEALTH,
    (service, [, port]) =>
      `Nothing of ${service} answers the load balancer in time${on(port)}: its health checks time out.`,
    'Check the security groups between the load balancer and the tasks, that the container listens on that port, and that it answers within the timeout of the check; if it needs longer to start, raise healthCheckGracePeriodSeconds.',
  ),
  heals(
    new RegExp(`${PORT}${UNHEALTHY}Health checks failed with these codes: (\\[[^\\]]*\\])`, 'i'),
    TARGET_HEALTH,
    (service, [, port, codes]) =>
      `Tasks of ${service} fail the load balancer's health checks${on(port)}: codes ${codes ?? 'that it does not take'}.`,
    'The container listens, and answers with codes that the target group does not take: check the path of the check, its success codes and the logs; if it needs longer to start, raise healthCheckGracePeriodSeconds.',
  ),
  heals(
    new RegExp(`${PORT}${UNHEALTHY}Health checks failed`, 'i'),
    TARGET_HEALTH,
    (service, [, port]) =>
      `Tasks of ${service} fail the load balancer's health checks${on(port)}: it cannot connect, or is not answered properly.`,
    'Check that the container listens on that port, on all addresses (0.0.0.0), and speaks the protocol of the check; if it needs longer to start, raise healthCheckGracePeriodSeconds.',
  ),
  heals(
    new RegExp(`${PORT}${UNHEALTHY}Availability Zone that is not enabled`, 'i'),
    TARGET_HEALTH,
    (service) => `Tasks of ${service} run in an Availability Zone that the load balancer does not serve.`,
    'Enable that Availability Zone for the load balancer, or take its subnet out of the service.',
  ),
  fatal(
    new RegExp(`${UNHEALTHY}TARGET GROUP IS NOT FOUND`, 'i'),
    'targetGroupGone',
    (service) => `The target group of ${service} does not exist.`,
    'Create the service again with another target group, or update its load balancers.',
  ),
  heals(
    new RegExp(`${UNHEALTHY}TARGET IS NOT FOUND`, 'i'),
    TARGET_HEALTH,
    (service) => `Tasks of ${service} are not registered with their target group.`,
    'Find out who took them out: ECS registers every task that it starts.',
  ),
  heals(
    new RegExp(`${PORT}${UNHEALTHY}`, 'i'),
    TARGET_HEALTH,
    (service, [, port]) => `Tasks of ${service} fail the load balancer's health checks${on(port)}.`,
    'Check the port, the path of the check, the security groups between the load balancer and the tasks, and the start-up time (healthCheckGracePeriodSeconds).',
  ),
  heals(
    /failed container health checks/i,
    'containerHealth',
    (service) => `Tasks of ${service} fail their container health check.`,
    'Check the command, its start period and the logs.',
  ),
  heals(
    /IAM permissions policies have been misconfigured/i,
    'permissions',
    (service) => `ECS lacks permissions to look after ${service}.`,
    "Check the service's role, or the service-linked role of ECS, and service control policies.",
  ),
  heals(
    /unable to place a task\. Reason: Internal error/i,
    'network',
    (service) => `A task of ${service} could not be placed: AWS says no more than "internal error".`,
    'Check that Fargate serves the Availability Zones of its subnets; otherwise wait.',
  ),
  heals(
    /unable to consistently start tasks/i,
    'startImpaired',
    (service) => `Tasks of ${service} fail to start again and again; ECS starts them less and less often.`,
    'Look at the stopped tasks: their reasons tell why.',
  ),
  heals(
    /operations are being throttled/i,
    'throttled',
    (service) => `AWS throttles what ECS does for ${service}.`,
    'Wait: ECS goes on by itself.',
  ),
];

/** Kinds that say that something goes wrong, and not what. */
const GENERAL: readonly string[] = ['startImpaired', 'throttled'];

/** Such events go on in the words of stopped tasks: "was unable to place a task. Reason: …". */
const GOES_ON =
  /unable to place|unable to reach|failed to launch|could not launch|Amazon ECS Agent|can no longer maintain/i;

/**
 * A stopped task says that the load balancer's checks failed; the service's events say how: the port, the codes, or
 * that nobody answered. The same cause where they do not, or where it is another one.
 */
export function withTargetHealth(cause: Cause, service: string, messages: readonly string[]): Cause {
  if (cause.kind !== TARGET_HEALTH) return cause;
  const told = messages.flatMap((message) => causeOf(service, redact(message)) ?? []);
  const how = told.find(({ kind }) => kind === TARGET_HEALTH);
  if (!how) return cause;
  const age = /, \d+ s after it had started\.$/.exec(cause.sentence)?.[0] ?? '.';
  const evidence = [...new Set([...cause.evidence, ...how.evidence])];
  return { ...cause, ...how, sentence: how.sentence.replace(/\.$/, age), evidence };
}

/**
 * Why a deployment does not go on, by the service's events, oldest first; undefined when none of them says.
 * For what no task tells: tasks that cannot be placed never stop.
 */
export function diagnoseEvents(service: string, messages: readonly string[]): Cause | undefined {
  const causes = messages.flatMap((message) => causeOf(service, redact(message)) ?? []);
  return causes.find(({ kind }) => !GENERAL.includes(kind)) ?? causes[0];
}

function causeOf(service: string, message: string): Cause | undefined {
  const whole = oneLine(message);
  const masked = plain(message.replaceAll(`service ${service}`, 'service'));
  for (const wording of GOES_ON.test(masked) ? [...EVENTS, ...WORDINGS] : EVENTS) {
    const found = foundIn(wording, masked, whole);
    if (!found) continue;
    const { kind, advice, canHeal } = wording;
    const sentence = wording.say(service, found);
    return { kind, sentence, ...(advice === undefined ? {} : { advice }), evidence: [message], canHeal };
  }
  return undefined;
}

function on(port: string | undefined): string {
  return port === undefined ? '' : ` on port ${port}`;
}
