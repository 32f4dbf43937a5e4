import type { Line } from '../logs/split.ts';
import { applicationCause } from './application.ts';

/** What a log says about health checks that fail, where it says anything. */
interface ProbeRow {
  readonly what: string;
  readonly pattern: RegExp;
  readonly advice: string;
  /** A line as applications and shells write it. */
  readonly example: string;
}

/** What says most comes first. */
export const PROBES: readonly ProbeRow[] = [
  {
    what: 'the tool of the check is not in the image',
    pattern:
      /(?:^|\/sh: (?:\d+: )?)(?:curl|wget|nc|grpc_health_probe|pg_isready|redis-cli|\S*health\S*): (?:command )?not found|exec: "(?:curl|wget|nc|\S*health\S*)": executable file not found/,
    advice:
      'Install the tool of the check (curl, wget) in the image, or let the check run a program that the image has.',
    example: '/bin/sh: curl: not found',
  },
  {
    what: 'the application listens on the loopback address only',
    pattern:
      /\b(?:listening|listen|running|started|serving|available|local|ready)\b.{0,60}(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?/i,
    advice:
      'Let it listen on all addresses (0.0.0.0): the load balancer cannot reach 127.0.0.1 of a container.',
    example: 'server listening on http://127.0.0.1:3000',
  },
  {
    what: 'the application refuses the host name of the check',
    pattern:
      /Invalid HTTP_HOST header|DisallowedHost|Blocked hosts?:|host (?:header )?.{0,40}not allowed|Invalid Host header|HostNotAllowed/i,
    advice:
      "Let the application accept the Host header of the check, which is the task's IP address (ALLOWED_HOSTS, config.hosts, allowedHosts), at least for the path of the check.",
    example:
      "DisallowedHost: Invalid HTTP_HOST header: '10.0.1.5:3000'. You may need to add '10.0.1.5' to ALLOWED_HOSTS.",
  },
  {
    what: 'the check itself reports why',
    pattern:
      /\b(?:health ?-?check|healthz?|readiness|liveness|probe)\b.{0,60}\b(?:fail\w*|unhealthy|error|down|refused|timed? ?out)\b/i,
    advice:
      'Fix what the check reports, often a dependency of the application; a check of the load balancer is better without dependencies.',
    example: 'health check failed: dial tcp 10.0.0.3:6379: connect: connection refused',
  },
  {
    what: 'the load balancer got this answer',
    pattern: /(?:ELB-HealthChecker\S*.*\b[345]\d\d\b|\b(?:GET|HEAD) \S+.*\b[345]\d\d\b.*ELB-HealthChecker)/,
    advice: '',
    example: 'GET /healthz 404 ELB-HealthChecker/2.0',
  },
];

interface Probe {
  /** Index among the lines. */
  readonly index: number;
  /** Empty: what the code of the answer says is enough. */
  readonly advice: string;
}

/** The line of a log that explains a failed health check: the last one of the first kind that the log has. */
export function probeIn(lines: readonly Line[]): Probe | undefined {
  for (const { pattern, advice } of PROBES) {
    const index = lines.findLastIndex(({ text }) => pattern.test(text));
    if (index >= 0) return { index, advice };
  }
  const index = lines.findLastIndex(isFailure);
  return index < 0 ? undefined : { index, advice: '' };
}

function isFailure({ text, level }: Line): boolean {
  return (
    level !== 'low' && level !== 'warning' && !STOPPING.test(text) && applicationCause(text) !== undefined
  );
}

/** A task that is stopped because of its health also logs errors. */
const STOPPING = /SIGTERM|SIGINT|interrupt|shut|cancell?ed|closing/i;
