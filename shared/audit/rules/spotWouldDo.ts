import { type JsonObject, objectAt, objectsAt } from '../../infrastructure/json.ts';
import { capacityOf, containersOf, hasLoadBalancer, isWindows, primaryOf, serviceName } from '../parts.ts';
import type { Rule } from '../rule.ts';
import type { Workload } from '../workload.ts';

export const spotWouldDo: Rule = {
  id: 'spot-would-do',
  title: 'On demand where Spot would do',
  severity: 'hint',
  rule: 'A worker on Fargate with two or more tasks also runs on FARGATE_SPOT. A worker is a service without load balancer, Service Connect, service registry and ports. Windows is excepted, which Fargate Spot does not run.',
  why: 'Fargate Spot costs up to 70 % less, and a worker that is interrupted starts again elsewhere.',
  check(workload) {
    const { service } = workload;
    if (service === undefined || !isWorker(workload, service) || isWindows(workload)) return [];
    if (Number(service.desiredCount ?? 2) <= 1) return [];
    if (capacityOf(service).some((name) => name !== 'FARGATE')) return [];
    return [
      {
        resource: serviceName(workload),
        found: 'it is a worker, and runs on demand only',
        fix: 'if it may be interrupted with a notice of two minutes, set `capacityProviderStrategy: [{ capacityProvider: FARGATE, base: 1, weight: 1 }, { capacityProvider: FARGATE_SPOT, weight: 3 }]`',
      },
    ];
  },
  failing: {
    service: { serviceName: 'worker', launchType: 'FARGATE' },
    definition: { family: 'worker', containerDefinitions: [{ name: 'worker' }] },
  },
  passing: {
    service: { serviceName: 'web-app', launchType: 'FARGATE' },
    definition: {
      family: 'web-app',
      containerDefinitions: [{ name: 'web', portMappings: [{ containerPort: 8080 }] }],
    },
  },
};

function isWorker(workload: Workload, service: JsonObject): boolean {
  const hasPorts = containersOf(workload).some((each) => objectsAt(each, 'portMappings').length > 0);
  const isConnected = objectAt(primaryOf(service), 'serviceConnectConfiguration').enabled === true;
  const isRegistered = objectsAt(service, 'serviceRegistries').length > 0;
  return !hasPorts && !isConnected && !isRegistered && !hasLoadBalancer(service);
}
