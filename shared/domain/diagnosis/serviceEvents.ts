import { redact } from '../redaction/redact.ts';
import type { Cause } from '../release.ts';
import { heals, type Wording } from './wording.ts';
import { WORDINGS } from './wordings.ts';

/**
 * How a service's own events word what keeps a deployment from going on, most specific first.
 * Source: Amazon ECS Developer Guide, "Service event messages".
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
    /tasks? under protection/i,
    'scaleInProtection',
    (service) => `${service} cannot stop its old tasks: they are protected from scaling in.`,
    'Wait until they are done, or end their protection (UpdateTaskProtection).',
  ),
  heals(
    /closest matching .*insufficient (CPU|memory)/i,
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
    /no container instance met all of its requirements|closest matching .*missing an attribute/i,
    'placement',
    (service) => `No container instance satisfies what a task of ${service} asks for.`,
    'Check its placement constraints and required attributes, and that instances are registered.',
  ),
  heals(
    /\(port (\d+)\) is unhealthy in .*(Request timed out|Health checks failed)(?: with these codes: (\[[^\]]*\]))?/i,
    'targetHealth',
    (service, [, port, how = '', codes]) =>
      /timed out/i.test(how)
        ? `Nothing answers the load balancer on port ${port} of ${service}: its health checks time out.`
        : `Tasks of ${service} fail the load balancer's health checks on port ${port}: ${codes ? `codes ${codes}` : how.toLowerCase()}.`,
    'Check that the container listens on that port, the path of the check, its start-up time (healthCheckGracePeriodSeconds) and the security groups.',
  ),
  heals(
    /failed container health checks/i,
    'containerHealth',
    (service) => `Tasks of ${service} fail their container health check.`,
    'Check the command, its start period and the logs.',
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

/**
 * Why a deployment does not go on, by the service's events, oldest first; undefined when none of them says.
 * For what no task tells: tasks that cannot be placed never stop.
 */
export function diagnoseEvents(service: string, messages: readonly string[]): Cause | undefined {
  for (const message of messages.map(redact)) {
    const text = message.replace(/\s+/g, ' ');
    for (const { pattern, kind, say, advice, canHeal } of [...EVENTS, ...placementWordings]) {
      const found = pattern.exec(text);
      if (!found) continue;
      const sentence = say(service, found);
      return { kind, sentence, ...(advice === undefined ? {} : { advice }), evidence: [message], canHeal };
    }
  }
  return undefined;
}

/** "was unable to place a task. Reason: …" goes on in the words of stopped tasks. */
const placementWordings = WORDINGS.filter(({ kind }) =>
  ['capacity', 'placement', 'network', 'networkGone', 'quota', 'roleDenied'].includes(kind),
);
