import { type JsonObject, objectAt } from '../../infrastructure/json.ts';
import { serviceName, updateService } from '../parts.ts';
import type { Rule } from '../rule.ts';

export const publicIp: Rule = {
  id: 'public-ip',
  title: 'Tasks with public IP addresses',
  severity: 'medium',
  rule: 'The tasks of a service have no public IP address.',
  why: 'Each task can be reached from the internet directly, past the load balancer, as far as its security groups allow.',
  check(workload) {
    const { service } = workload;
    if (service === undefined) return [];
    const network = objectAt(service, 'networkConfiguration');
    const vpc = objectAt(network, 'awsvpcConfiguration');
    if (vpc.assignPublicIp !== 'ENABLED') return [];
    return [
      {
        resource: serviceName(workload),
        found: 'assignPublicIp is ENABLED',
        fix: `choose private subnets with a NAT gateway, or with VPC endpoints for ECR, S3 and CloudWatch Logs, and \`assignPublicIp: DISABLED\`: hold the app, ${updateService(workload, `--network-configuration '${withoutPublicIp(vpc)}'`)}, resume it`,
      },
    ];
  },
  failing: {
    service: {
      serviceName: 'web-app',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'], assignPublicIp: 'ENABLED' } },
    },
  },
  passing: {
    service: {
      serviceName: 'web-app',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'], assignPublicIp: 'DISABLED' } },
    },
  },
};

function withoutPublicIp(vpc: JsonObject): string {
  return JSON.stringify({ awsvpcConfiguration: { ...vpc, assignPublicIp: 'DISABLED' } });
}
