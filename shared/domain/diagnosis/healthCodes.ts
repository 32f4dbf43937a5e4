/** What codes of a failed health check mean, and what to do. `codes` is a pattern; the most frequent one comes first. */
interface HealthCode {
  readonly codes: string;
  readonly advice: string;
}

const LATER = 'If it needs longer to start, raise healthCheckGracePeriodSeconds.';

export const HEALTH_CODES: readonly HealthCode[] = [
  {
    codes: '301|302|303|307|308',
    advice: `The path of the check is answered with a redirect, to a login page or to https: use a path that answers 200 without one, or add the code to the success codes (matcher) of the target group. ${LATER}`,
  },
  {
    codes: '400|421',
    advice: `The application refuses the request of the check: it may not accept the Host header (an IP address: ALLOWED_HOSTS, allowedHosts), or it speaks HTTPS and the target group HTTP. ${LATER}`,
  },
  {
    codes: '401|403|407',
    advice: `The path of the check asks for authentication: use a path without a login, or exclude it from authentication and from firewalls. ${LATER}`,
  },
  {
    codes: '404|405|410',
    advice: `The application has no such path, or not for GET: correct the path of the check in the target group, or add the route. ${LATER}`,
  },
  {
    codes: '502|503|504',
    advice: `The application, or a proxy in front of it in the task, answers that what is behind it is not ready: check its dependencies and the log of the container behind the proxy. ${LATER}`,
  },
  {
    codes: '429',
    advice: `The application limits the rate of the checks: exclude their path from the limit. ${LATER}`,
  },
  {
    codes: '5\\d\\d',
    advice: `The handler of the check fails: look for the error in the log at the time of the check, often a database or a migration that is missing. ${LATER}`,
  },
];
