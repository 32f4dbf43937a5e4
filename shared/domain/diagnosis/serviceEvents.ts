import { redact } from '../redaction/redact.ts';
import type { Cause } from '../release.ts';
import { UNKNOWN_ADVICE } from './advice.ts';
import { DEPLOYMENTS } from './deployments.ts';
import { HEALTH_CODES } from './healthCodes.ts';
import { oneLine, plain } from './plain.ts';
import { TARGET_HEALTH } from './weight.ts';
import { fatal, foundIn, heals, type Wording } from './wording.ts';
import { WORDINGS } from './wordings.ts';

const UNHEALTHY = '(?:is|are) (?:un|not )healthy in .*';
const REGISTER = 'failed to \\w*(?:register|describe) target.* in .*';
const PORT = '(?:\\(port (\\d+)\\) )?';

/**
 * How a service's own events word what keeps a deployment from going on, most specific first.
 * Sources: Amazon ECS Developer Guide, "Service event messages"; Elastic Load Balancing API reference, TargetHealth,
 * for what the reasons of health checks mean.
 */
export const EVENTS: readonly Wording[] = [
  ...DEPLOYMENTS,
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
    /(?:closest matching|could not launch) .*insufficient (CPU|memory|GPU)/i,
    'capacity',
    (service, [, what = '']) =>
      `No container instance has room for a task of ${service}: ${what} is used up.`,
    'Add container instances, or reduce what the tasks reserve.',
  ),
  heals(
    /closest matching .*(?:already using a port|too many ports)/i,
    'capacity',
    (service) => `No container instance is left whose port a task of ${service} could take.`,
    'Add container instances, or use dynamic host ports.',
  ),
  heals(
    /closest matching .*(?:network interface|\bENI\b)/i,
    'capacity',
    (service) => `No container instance takes another network interface for a task of ${service}.`,
    'Add container instances or larger ones, or turn on awsvpcTrunking.',
  ),
  heals(
    /No Container Instances were found/i,
    'capacity',
    (service) => `No container instance is registered where ${service} may run.`,
    'Add container instances, or check why they do not register (their agent, its cluster and role, the Auto Scaling group).',
  ),
  heals(
    /no container instance met all of its requirements(?!.*(?:encountered error ["']?(?:AGENT|RESOURCE)|agent connected))|closest matching .*missing an attribute/i,
    'placement',
    (service) => `No container instance satisfies what a task of ${service} asks for.`,
    'Check its placement constraints and required attributes, and that instances are registered.',
  ),
  heals(
    /(?:un|not )healthy in \(?service.?registry|failed to (?:de)?register\w* .*(?:service.?registry|Cloud Map)/i,
    'serviceDiscovery',
    (service) => `Tasks of ${service} cannot be kept in their service registry (Cloud Map).`,
    "Check that the service registry exists, that ECS's service-linked role may use it, and the container health check.",
  ),
  heals(
    new RegExp(
      `${PORT}${UNHEALTHY}(?:not configured to receive traffic)|${REGISTER}not have an associated load balancer`,
      'i',
    ),
    TARGET_HEALTH,
    (service) => `The target group of ${service} gets no traffic: no listener of a load balancer uses it.`,
    'Let a rule of a listener forward to it, or correct the load balancers of the service.',
  ),
  heals(
    new RegExp(
      `${PORT}${UNHEALTHY}(?:registration is (?:still )?in progress|Initial health checks|HealthyThreshold)`,
      'i',
    ),
    TARGET_HEALTH,
    (service, [, port]) =>
      `Tasks of ${service} are not healthy yet${on(port)}: the load balancer is still at its first checks.`,
    'Wait; if ECS stops them before they answer, raise healthCheckGracePeriodSeconds.',
  ),
  heals(
    new RegExp(`${PORT}${UNHEALTHY}Request timed out`, 'i'),
    TARGET_HEALTH,
    (service, [, port]) =>
      `Nothing of ${service} answers the load balancer in time${on(port)}: its health checks time out.`,
    'Check the security groups between the load balancer and the tasks, that the container listens on that port, and that it answers within the timeout of the check; if it needs longer to start, raise healthCheckGracePeriodSeconds.',
  ),
  ...HEALTH_CODES.map(({ codes, advice }) =>
    heals(
      new RegExp(
        `${PORT}${UNHEALTHY}Health checks failed with these codes: (\\[(?:${codes})[^\\]]*\\])`,
        'i',
      ),
      TARGET_HEALTH,
      (service, [, port, found]) =>
        `Tasks of ${service} fail the load balancer's health checks${on(port)}: codes ${found ?? `[${codes.split('|')[0]}]`}.`,
      advice,
    ),
  ),
  heals(
    new RegExp(`${PORT}${UNHEALTHY}Health checks failed with these codes: (\\[[^\\]]+\\])`, 'i'),
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
    new RegExp(`${UNHEALTHY}TARGET GROUP IS NOT FOUND|${REGISTER}target groups? not found`, 'i'),
    'targetGroupGone',
    (service) => `The target group of ${service} does not exist.`,
    'Create the service again with another target group, or update its load balancers.',
  ),
  heals(
    new RegExp(
      `${UNHEALTHY}(?:TARGET IS NOT FOUND|deregistration is in progress|Target is not registered)`,
      'i',
    ),
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
    'Check the command of the check (its tool has to be in the image), its port, its start period and the logs.',
  ),
  heals(
    /failed ELB health checks(?: in \(target-group [^)]*targetgroup\/([^/)]+))?/i,
    TARGET_HEALTH,
    (service, [, group]) =>
      `Tasks of ${service} fail the load balancer's health checks${group ? ` (target group ${group})` : ''}.`,
    'Check the port, the path of the check, the security groups between the load balancer and the tasks, and the start-up time (healthCheckGracePeriodSeconds).',
  ),
  heals(
    /deployment failed:? .*alarm(?: detected:? (\S+?)[.,]?(?=\s|$))?|alarm detected(?::? (\S+?)[.,]?(?=\s|$))?/i,
    'deploymentAlarm',
    (service, [, alarm, other]) =>
      `ECS marked a deployment of ${service} as failed: ${alarm === undefined && other === undefined ? 'one of its CloudWatch alarms' : `its CloudWatch alarm ${alarm ?? other}`} went into ALARM.`,
    "Check the alarms that the service's deployment configuration names: what they measure got worse.",
  ),
  heals(
    /IAM permissions policies have been misconfigured|target.* with \(error .*(?:not authorized|AccessDenied)/i,
    'permissions',
    (service) => `ECS lacks permissions to manage ${service}.`,
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
    (service) => `Tasks of ${service} repeatedly fail to start; ECS starts them less and less often.`,
    'Check the stopped tasks: their reasons say why.',
  ),
  heals(
    /operations are being throttled|target.* with \(error .*(?:Rate exceeded|Throttling)/i,
    'throttled',
    (service) => `AWS throttles what ECS does for ${service}.`,
    'Wait: ECS continues automatically.',
  ),
];

/** Kinds that say that something fails, and not why. */
const GENERAL: readonly string[] = ['startImpaired', 'throttled', 'unknown'];

/** What ECS's reasons for ending a deployment mean; undefined where they say that something fails, and not why. */
export function meaningOfReasons(service: string, words: readonly string[]): Cause | undefined {
  const cause = diagnoseEvents(service, words);
  return cause && !GENERAL.includes(cause.kind) ? cause : undefined;
}

/** Such events continue in the words of stopped tasks: "was unable to place a task. Reason: …". */
const GOES_ON =
  /unable to place|unable to launch|unable to create|unable to register|unable to reach|unable to assume|failed to launch|could not launch|Amazon ECS Agent|can no longer maintain|failed to register/i;

/**
 * A stopped task says that the load balancer's checks failed; the service's events say how: the port, the codes, or
 * without an answer. The same cause where they do not, or where it is another one.
 */
export function withTargetHealth(cause: Cause, service: string, messages: readonly string[]): Cause {
  if (cause.kind !== TARGET_HEALTH) return cause;
  const causes = messages.flatMap((message) => causeOf(service, redact(message)) ?? []);
  const how = causes.find(({ kind }) => kind === TARGET_HEALTH);
  if (!how) return cause;
  const age = /, \d+ s after it had started\.$/.exec(cause.sentence)?.[0] ?? '.';
  const evidence = [...new Set([...cause.evidence, ...how.evidence])];
  return { ...cause, ...how, sentence: how.sentence.replace(/\.$/, age), evidence };
}

/**
 * Why a deployment does not go on, by the service's events, oldest first; undefined when none of them says.
 * For causes that no task shows: tasks that cannot be placed never stop.
 */
export function diagnoseEvents(service: string, messages: readonly string[]): Cause | undefined {
  const causes = messages.flatMap((message) => causeOf(service, redact(message)) ?? []);
  return causes.find(({ kind }) => !GENERAL.includes(kind)) ?? causes[0];
}

function causeOf(service: string, message: string): Cause | undefined {
  const whole = oneLine(message);
  const masked = plain(message.replaceAll(`service ${service}`, 'service'));
  const goesOn = GOES_ON.test(masked);
  for (const wording of goesOn ? [...EVENTS, ...WORDINGS] : EVENTS) {
    const found = foundIn(wording, masked, whole);
    if (!found) continue;
    const { kind, advice, canHeal } = wording;
    const sentence = wording.say(service, found, whole);
    return { kind, sentence, ...(advice === undefined ? {} : { advice }), evidence: [message], canHeal };
  }
  // Unknown words are shown unchanged, where they are about trouble.
  return goesOn ? unknown(message) : undefined;
}

/** Events of a service that is well, or that only say that a deployment failed. */
const ROUTINE =
  /has started \d|registered \d|deregistered|steady state|deployment completed|begun draining|has stopped \d|stopped \d+ (?:pending|running)|rolling back to|AZ balanced|AZ rebalanc|tasks failed to start|desired count|service connect .*(?:enabled|updated)/i;

/** The last event that is not routine, where none has words that are known: evidence rather than silence. */
export function lastWord(messages: readonly string[]): Cause | undefined {
  const message = messages.findLast((text) => text.trim() !== '' && !ROUTINE.test(plain(withoutName(text))));
  return message === undefined ? undefined : unknown(redact(message));
}

/** What the events say beside a symptom: the cause itself, or, where their words are not known, more evidence. */
export function beside(symptom: Cause | undefined, said: Cause | undefined): Cause | undefined {
  if (symptom === undefined || said === undefined) return symptom ?? said;
  if (said.kind === 'unknown') return { ...symptom, evidence: [...symptom.evidence, ...said.evidence] };
  return { ...said, evidence: [...said.evidence, ...symptom.evidence] };
}

function unknown(message: string): Cause {
  return {
    kind: 'unknown',
    sentence: oneLine(message),
    advice: UNKNOWN_ADVICE,
    evidence: [message],
    canHeal: true,
  };
}

/** Without "(service NAME)": a name is no word of AWS. */
function withoutName(text: string): string {
  return text.replace(/^\(service [^)\s]*/, '(service');
}

function on(port: string | undefined): string {
  return port === undefined ? '' : ` on port ${port}`;
}
