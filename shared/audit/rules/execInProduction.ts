import { serviceName, updateService } from '../parts.ts';
import type { Rule } from '../rule.ts';

export const execInProduction: Rule = {
  id: 'exec-in-production',
  title: 'ECS Exec on in production',
  severity: 'medium',
  rule: 'ECS Exec is off where the name of the environment begins with `prod`, `prd` or `live`.',
  why: 'Everyone with ecs:ExecuteCommand has a shell with the rights and secrets of the application.',
  check(workload) {
    const { environment, service } = workload;
    if (!/^(?:prod|prd|live)/i.test(environment) || service?.enableExecuteCommand !== true) return [];
    return [
      {
        resource: serviceName(workload),
        found: 'enableExecuteCommand is true',
        fix: `${updateService(workload, '--no-enable-execute-command')}; running tasks keep it until they are replaced`,
      },
    ];
  },
  failing: { environment: 'production', service: { serviceName: 'web-app', enableExecuteCommand: true } },
  passing: { environment: 'staging', service: { serviceName: 'web-app', enableExecuteCommand: true } },
};
