import { type JsonObject, listAt, objectAt } from '../../infrastructure/json.ts';
import { containersOf, familyOf, hasLoadBalancer, serviceName } from '../parts.ts';
import type { Rule } from '../rule.ts';

export const noHealthCheck: Rule = {
  id: 'no-health-check',
  title: 'No health check',
  severity: 'medium',
  rule: 'A service has a health check: of a target group, or in an essential container of its task definition.',
  why: 'A release counts as live as soon as its containers run, whether they work or not.',
  check(workload) {
    const { service } = workload;
    if (service === undefined || hasLoadBalancer(service)) return [];
    const essential = containersOf(workload).filter(({ essential }) => essential !== false);
    if (essential.some(hasHealthCheck)) return [];
    return [
      {
        resource: serviceName(workload),
        found: 'neither a target group nor an essential container checks its health',
        fix: `add \`healthCheck: { command: [CMD-SHELL, "…"], interval: 10, retries: 3, startPeriod: 30 }\` to an essential container of the task definition ${familyOf(workload)}`,
      },
    ];
  },
  failing: {
    service: { serviceName: 'worker', loadBalancers: [] },
    definition: { family: 'worker', containerDefinitions: [{ name: 'worker' }] },
  },
  passing: {
    service: { serviceName: 'worker', loadBalancers: [] },
    definition: {
      family: 'worker',
      containerDefinitions: [
        { name: 'worker', healthCheck: { command: ['CMD-SHELL', 'test -f /tmp/alive'] } },
      ],
    },
  },
};

/** `NONE` disables the check of the image. */
function hasHealthCheck(container: JsonObject): boolean {
  const [first = 'NONE'] = listAt(objectAt(container, 'healthCheck'), 'command');
  return first !== 'NONE';
}
