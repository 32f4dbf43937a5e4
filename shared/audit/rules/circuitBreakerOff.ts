import { type JsonObject, objectAt } from '../../infrastructure/json.ts';
import { isRolling, serviceName, updateService } from '../parts.ts';
import type { Rule } from '../rule.ts';

export const circuitBreakerOff: Rule = {
  id: 'circuit-breaker-off',
  title: 'Circuit breaker or its rollback off',
  severity: 'medium',
  rule: 'A service with rolling deployments has the deployment circuit breaker with rollback. Services whose deployments shift traffic (BLUE_GREEN, LINEAR, CANARY) and services with another deployment controller are excepted.',
  why: 'A deployment that fails outside of a release keeps starting tasks until someone stops it.',
  check(workload) {
    const { service } = workload;
    if (service === undefined || !isRolling(service)) return [];
    const configuration = objectAt(service, 'deploymentConfiguration');
    const breaker = objectAt(configuration, 'deploymentCircuitBreaker');
    if (breaker.enable === true && breaker.rollback === true) return [];
    return [
      {
        resource: serviceName(workload),
        found:
          breaker.enable === true
            ? 'the circuit breaker does not roll back'
            : 'the deployment circuit breaker is off',
        fix: updateService(workload, `--deployment-configuration '${withBreaker(configuration)}'`),
      },
    ];
  },
  failing: { service: { serviceName: 'web-app', deploymentConfiguration: { maximumPercent: 200 } } },
  passing: {
    service: {
      serviceName: 'web-app',
      deploymentConfiguration: { strategy: 'BLUE_GREEN', maximumPercent: 200 },
    },
  },
};

/** The whole block: ECS may reset the members that a request leaves out. */
function withBreaker(configuration: JsonObject): string {
  const deploymentCircuitBreaker = {
    ...objectAt(configuration, 'deploymentCircuitBreaker'),
    enable: true,
    rollback: true,
  };
  return JSON.stringify({ ...configuration, deploymentCircuitBreaker });
}
