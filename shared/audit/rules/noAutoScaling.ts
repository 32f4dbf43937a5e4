import { type JsonObject, objectAt, textAt } from '../../infrastructure/json.ts';
import { isDaemon, serviceName } from '../parts.ts';
import type { Rule } from '../rule.ts';

export const noAutoScaling: Rule = {
  id: 'no-auto-scaling',
  title: 'No auto scaling',
  severity: 'low',
  rule: 'A service has a scalable target. DAEMON services are excepted, and those that must run once only: one task, and a maximumPercent of at most 100.',
  why: 'Under load the service slows down or fails, and at night it costs as much as at noon.',
  check(workload) {
    const { service, isScaled, cluster } = workload;
    if (service === undefined || isScaled !== false || isDaemon(service) || isSingleton(service)) return [];
    const name = textAt(service, 'serviceName') ?? '';
    return [
      {
        resource: serviceName(workload),
        found: 'it has no scalable target',
        fix: `declare \`scaling: { min: 2, max: 10, cpu: 70 }\` of the service in fairway.yml, or \`aws application-autoscaling register-scalable-target --service-namespace ecs --scalable-dimension ecs:service:DesiredCount --resource-id service/${cluster}/${name} --min-capacity 2 --max-capacity 10\` with a scaling policy`,
      },
    ];
  },
  failing: { service: { serviceName: 'web-app', desiredCount: 2 }, isScaled: false },
  passing: {
    service: {
      serviceName: 'scheduler',
      desiredCount: 1,
      deploymentConfiguration: { minimumHealthyPercent: 0, maximumPercent: 100 },
    },
    isScaled: false,
  },
};

function isSingleton(service: JsonObject): boolean {
  const { maximumPercent } = objectAt(service, 'deploymentConfiguration');
  return Number(service.desiredCount ?? 0) <= 1 && Number(maximumPercent ?? 200) <= 100;
}
