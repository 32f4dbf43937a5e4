import { counted } from '../../domain/counted.ts';
import { type JsonObject, listAt, objectAt } from '../../infrastructure/json.ts';
import { serviceName } from '../parts.ts';
import type { Rule } from '../rule.ts';
import type { Workload } from '../workload.ts';

const SUBNETS = 'name subnets of at least two zones in `networkConfiguration.awsvpcConfiguration.subnets`';
/** In the network modes bridge and host, the zone is that of the container instance. */
const INSTANCES =
  'run container instances in at least two zones, such as an Auto Scaling group with subnets of several, spread the tasks over them with `placementStrategy: [{ type: spread, field: attribute:ecs.availability-zone }]`';

export const singleZone: Rule = {
  id: 'single-zone',
  title: 'All in one Availability Zone',
  severity: 'medium',
  rule: 'A service has subnets to choose from, and its running tasks are in more than one Availability Zone if there are two or more of them.',
  why: 'When that zone fails, the service is down, and ECS cannot start it elsewhere.',
  check(workload) {
    const { service } = workload;
    const found = service === undefined ? undefined : whyInOneZone(workload, service);
    if (found === undefined) return [];
    return [
      {
        resource: serviceName(workload),
        found,
        fix: `${isOnSubnets(service ?? {}) ? SUBNETS : INSTANCES}, and set \`availabilityZoneRebalancing: ENABLED\``,
      },
    ];
  },
  failing: {
    service: {
      serviceName: 'web-app',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1', 'subnet-2'] } },
    },
    zones: ['us-east-1a', 'us-east-1a', 'us-east-1a'],
  },
  passing: {
    service: {
      serviceName: 'web-app',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1', 'subnet-2'] } },
    },
    zones: ['us-east-1a', 'us-east-1b'],
  },
};

function isOnSubnets(service: JsonObject): boolean {
  return objectAt(service, 'networkConfiguration').awsvpcConfiguration !== undefined;
}

function whyInOneZone({ zones = [] }: Workload, service: JsonObject): string | undefined {
  const network = objectAt(objectAt(service, 'networkConfiguration'), 'awsvpcConfiguration');
  if (listAt(network, 'subnets').length === 1) return 'it has one subnet';
  const [first] = zones;
  if (zones.length < 2 || zones.some((zone) => zone !== first)) return undefined;
  return `all its ${counted(zones.length, 'running task')} are in ${first}`;
}
