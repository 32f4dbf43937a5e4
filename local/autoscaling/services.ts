import type { Call, Json, JsonObject, ServiceApi } from '../contract.ts';
import { isObject, list, number, objects, text } from '../ecs/read.ts';
import type { ScalableServices } from './autoscaling.ts';

/** ECS's services, reached through its API by the service-linked role. */
export function scalableServices(ecs: ServiceApi, account: string, region: string): ScalableServices {
  const role = 'aws-service-role/ecs.application-autoscaling.amazonaws.com';
  const call: Call = {
    caller: 'application-autoscaling',
    callerArn: `arn:aws:sts::${account}:assumed-role/${role}/AutoScaling-UpdateDesiredCapacity`,
    account,
    region,
  };
  const perform = (operation: string, input: JsonObject): JsonObject => {
    const answer = ecs.operations[operation]?.(input, call);
    return isObject(answer as Json) ? (answer as JsonObject) : {};
  };

  return {
    look(cluster, service) {
      const [found] = describe(cluster, service);
      if (!found || text(found, 'status') !== 'ACTIVE') return undefined;
      const deploying = list(found, 'deployments').length > 1;
      return { desired: number(found, 'desiredCount') ?? 0, deploying };
    },
    scale: (cluster, service, count) =>
      void perform('UpdateService', { cluster, service, desiredCount: count }),
  };

  function describe(cluster: string, service: string): readonly JsonObject[] {
    try {
      return objects(perform('DescribeServices', { cluster, services: [service] }), 'services');
    } catch {
      // There is no such cluster, so there is no such service.
      return [];
    }
  }
}
