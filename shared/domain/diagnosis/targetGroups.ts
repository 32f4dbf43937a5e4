import { redact } from '../redaction/redact.ts';
import type { Cause } from '../release.ts';
import { withTargetHealth } from './serviceEvents.ts';
import { graceIn, withGracePeriod } from './targetHealth.ts';
import { TARGET_HEALTH } from './weight.ts';

/** A target group: how its health check is configured, and what it says of its targets. */
export interface ObservedTargetGroup {
  readonly name: string;
  /** Of the health check: HTTP, HTTPS, TCP, … */
  readonly protocol: string;
  /** Of the health check; "traffic-port" where it is that of each target. */
  readonly port: string;
  /** "GET /healthz"; absent where only a connection is checked. */
  readonly request?: string | undefined;
  /** Codes of a healthy answer: "200", "200-299", "gRPC code 0". */
  readonly expects?: string | undefined;
  /** Seconds. */
  readonly interval: number;
  /** Seconds. */
  readonly timeout: number;
  /** Failures in a row. */
  readonly unhealthyAfter: number;
  readonly targets: readonly ObservedTarget[];
}

/** Source: Elastic Load Balancing API reference, TargetHealth. */
export interface ObservedTarget {
  /** "healthy", "unhealthy", "initial", "draining", "unused", … */
  readonly state: string;
  readonly reason?: string | undefined;
  readonly description?: string | undefined;
}

/** Whether AWS's words say how a check fails. */
const SAYS_HOW = /codes: \[|timed out/i;

/** The target group that AWS names in a failed health check of the load balancer; undefined for every other cause. */
export function targetGroupIn({ kind, evidence }: Cause): string | undefined {
  if (kind !== TARGET_HEALTH) return undefined;
  return /arn:[\w-]+:elasticloadbalancing:[^\s()]*:targetgroup\/[\w-]+\/\w+/.exec(evidence.join('\n'))?.[0];
}

/** The cause with the settings of the health check, the number of healthy targets and, where AWS did not say it, how the checks fail. */
export function withTargetGroup(cause: Cause, service: string, group: ObservedTargetGroup): Cause {
  const how = SAYS_HOW.test(cause.evidence.join('\n')) ? cause : byTargets(cause, service, group);
  const parts = [how.sentence.replace(/\.$/, ''), checkOf(group), ...healthOf(group)];
  return { ...how, sentence: `${parts.join('; ')}.`, ...otherPort(how, group) };
}

/** The cause, and what Fairway could not see. */
export function unreadTargetGroup(cause: Cause, why: string): Cause {
  const advice = `${cause.advice ?? ''} Fairway could not read its target group: ${why}.`.trim();
  return { ...cause, advice };
}

/** How the checks fail, by what the target group says of its targets now, in the words of service events. */
function byTargets(cause: Cause, service: string, { port, targets }: ObservedTargetGroup): Cause {
  const failing = targets.find(
    ({ state, description = '' }) => state === 'unhealthy' && SAYS_HOW.test(description),
  );
  if (!failing) return cause;
  const description = redact(failing.description ?? '');
  const on = /^\d+$/.test(port) ? `(port ${port}) ` : '';
  const event = `(service ${service}) ${on}is unhealthy in (target-group) due to (reason ${description})`;
  const how = withGracePeriod(withTargetHealth(cause, service, [event]), graceIn(cause));
  return { ...how, evidence: [...cause.evidence, `${failing.reason}: ${description}`] };
}

function checkOf({ name, protocol, port, request, expects, ...timings }: ObservedTargetGroup): string {
  const { interval, timeout, unhealthyAfter } = timings;
  const what = request === undefined ? 'checks for connections' : `expects ${expects} for ${redact(request)}`;
  const where = /^\d+$/.test(port) ? `port ${port}` : 'the traffic port';
  const often = `every ${interval} s, within ${timeout} s, unhealthy after ${unhealthyAfter} failures`;
  return `target group ${name} ${what} by ${protocol} on ${where} (${often})`;
}

function healthOf({ targets }: ObservedTargetGroup): readonly string[] {
  const registered = targets.filter(({ state }) => !LEAVING.includes(state));
  if (registered.length === 0) return [];
  const healthy = registered.filter(({ state }) => state === 'healthy').length;
  return [`healthy targets: ${healthy} of ${registered.length}`];
}

/** States of targets that get no requests. */
const LEAVING: readonly string[] = ['draining', 'unused'];

/** Advice on a check of another port than that of the targets, as the events name it. */
function otherPort({ evidence, advice }: Cause, { port }: ObservedTargetGroup): Pick<Cause, 'advice'> {
  const traffic = /\(port (\d+)\)/.exec(evidence.join('\n'))?.[1];
  if (traffic === undefined || traffic === port || !/^\d+$/.test(port)) return {};
  const both = `The check uses port ${port}, the targets have port ${traffic}: let the container listen on both, and the security group of the tasks allow both.`;
  return { advice: `${both} ${advice ?? ''}`.trim() };
}
