import { type JsonObject, objectAt } from '../../infrastructure/json.ts';
import { isDaemon, isRolling, serviceName, updateService } from '../parts.ts';
import type { Rule } from '../rule.ts';

export const cannotRoll: Rule = {
  id: 'cannot-roll',
  title: 'Percentages that no rollout can meet',
  severity: 'high',
  rule: 'minimumHealthyPercent (rounded up) and maximumPercent (rounded down) of the desired count leave a rolling deployment room to start a task before one stops, or to stop one before another starts.',
  why: 'Every release waits until its timeout, and then fails.',
  check(workload) {
    const { service } = workload;
    if (service === undefined || !isRolling(service) || canRoll(service)) return [];
    const configuration = objectAt(service, 'deploymentConfiguration');
    const { minimumHealthyPercent = 100, maximumPercent = 200 } = configuration;
    const change = isDaemon(service) ? { minimumHealthyPercent: 0 } : { maximumPercent: 200 };
    return [
      {
        resource: serviceName(workload),
        found: `with ${Number(service.desiredCount ?? 0)} desired tasks, minimumHealthyPercent ${minimumHealthyPercent} and maximumPercent ${maximumPercent} allow neither one task more nor one less`,
        fix: updateService(
          workload,
          `--deployment-configuration '${JSON.stringify({ ...configuration, ...change })}'`,
        ),
      },
    ];
  },
  failing: {
    service: {
      serviceName: 'web-app',
      desiredCount: 1,
      deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 150 },
    },
  },
  passing: {
    service: {
      serviceName: 'web-app',
      desiredCount: 2,
      deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 150 },
    },
  },
};

/** Source: Amazon ECS Developer Guide, "Deploy Amazon ECS services by replacing tasks". */
function canRoll(service: JsonObject): boolean {
  const { minimumHealthyPercent, maximumPercent } = objectAt(service, 'deploymentConfiguration');
  const desired = Number(service.desiredCount ?? 0);
  if (desired === 0) return true;
  const fewest = Math.ceil((desired * Number(minimumHealthyPercent ?? 100)) / 100);
  const most = isDaemon(service) ? desired : Math.floor((desired * Number(maximumPercent ?? 200)) / 100);
  return fewest < desired || most > desired;
}
