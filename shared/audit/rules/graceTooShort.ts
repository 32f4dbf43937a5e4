import { type JsonObject, objectAt } from '../../infrastructure/json.ts';
import { containersOf, serviceName, updateService } from '../parts.ts';
import type { Rule } from '../rule.ts';
import type { Workload } from '../workload.ts';

export const graceTooShort: Rule = {
  id: 'grace-too-short',
  title: 'Health check grace period too short',
  severity: 'medium',
  rule: "Where a container declares how long it starts (`healthCheck.startPeriod`), a target group's unhealthy threshold times its interval, or the grace period of the service, lasts as long.",
  why: 'Under load or with a slow start ECS stops tasks that were about to become healthy, and the rollout fails.',
  check(workload) {
    const { service, targetGroups = [] } = workload;
    const start = longestStart(workload);
    const grace = Number(service?.healthCheckGracePeriodSeconds ?? 0);
    const patience = Math.min(...targetGroups.map(patienceOf));
    if (service === undefined || targetGroups.length === 0 || start <= Math.max(grace, patience)) return [];
    return [
      {
        resource: serviceName(workload),
        found: `its containers may take ${start} s to start, the load balancer gives up after ${patience} s, and the grace period is ${grace} s`,
        fix: updateService(workload, `--health-check-grace-period-seconds ${start}`),
      },
    ];
  },
  failing: {
    service: { serviceName: 'web-app', healthCheckGracePeriodSeconds: 30 },
    definition: {
      family: 'web-app',
      containerDefinitions: [{ name: 'web', healthCheck: { command: ['CMD', 'check'], startPeriod: 120 } }],
    },
    targetGroups: [{ HealthCheckIntervalSeconds: 10, UnhealthyThresholdCount: 2 }],
  },
  passing: {
    service: { serviceName: 'web-app', healthCheckGracePeriodSeconds: 120 },
    definition: {
      family: 'web-app',
      containerDefinitions: [{ name: 'web', healthCheck: { command: ['CMD', 'check'], startPeriod: 120 } }],
    },
    targetGroups: [{ HealthCheckIntervalSeconds: 10, UnhealthyThresholdCount: 2 }],
  },
};

function longestStart(workload: Workload): number {
  const starts = containersOf(workload).map((each) => Number(objectAt(each, 'healthCheck').startPeriod ?? 0));
  return Math.max(0, ...starts);
}

function patienceOf({ HealthCheckIntervalSeconds, UnhealthyThresholdCount }: JsonObject): number {
  return Number(HealthCheckIntervalSeconds ?? 30) * Number(UnhealthyThresholdCount ?? 2);
}
