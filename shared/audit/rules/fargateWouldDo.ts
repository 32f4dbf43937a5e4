import { type JsonObject, listAt } from '../../infrastructure/json.ts';
import { capacityOf, isDaemon, isOnFargate, serviceName } from '../parts.ts';
import type { Rule } from '../rule.ts';
import type { Workload } from '../workload.ts';

export const fargateWouldDo: Rule = {
  id: 'fargate-would-do',
  title: 'EC2 where Fargate would do',
  severity: 'hint',
  rule: 'A service on EC2 needs EC2: its task definition is not compatible with Fargate, it is a DAEMON, or it has placement rules.',
  why: 'On Fargate there are no instances to patch, to scale and to pay for when they are idle.',
  check(workload) {
    const { service, definition } = workload;
    if (service === undefined || isOnFargate(service) || isDaemon(service)) return [];
    if (isOnManagedInstances(workload, service)) return [];
    const isPlaced = [...listAt(service, 'placementConstraints'), ...listAt(service, 'placementStrategy')];
    if (isPlaced.length > 0 || !listAt(definition, 'compatibilities').includes('FARGATE')) return [];
    return [
      {
        resource: serviceName(workload),
        found: `it runs on ${capacityOf(service).join(', ')}, and its task definition is compatible with Fargate`,
        fix: 'create a second service with `launchType: FARGATE`, move the traffic, and delete this one; or change its `capacityProviderStrategy` to FARGATE with a new deployment',
      },
    ];
  },
  failing: {
    service: { serviceName: 'web-app', launchType: 'EC2' },
    definition: { family: 'web-app', compatibilities: ['EC2', 'FARGATE'] },
  },
  passing: {
    service: { serviceName: 'web-app', launchType: 'EC2' },
    definition: { family: 'web-app', compatibilities: ['EC2'] },
  },
};

/** AWS patches and scales these instances. */
function isOnManagedInstances({ definition }: Workload, { launchType }: JsonObject): boolean {
  const required = listAt(definition, 'requiresCompatibilities');
  return launchType === 'MANAGED_INSTANCES' || required.includes('MANAGED_INSTANCES');
}
