import type { Call, Json, JsonObject, ServiceApi } from '../contract.ts';
import { isObject, number, objects, text } from '../ecs/read.ts';

/** How Application Auto Scaling uses ECS. Services by resource ID: `service/CLUSTER/SERVICE`. */
export interface ScalableServices {
  /** Undefined if there is no active service with this ID. */
  look(resourceId: string): ScalableService | undefined;
  /** Throws as UpdateService does. */
  scale(resourceId: string, count: number): void;
}

interface ScalableService {
  readonly desired: number;
  readonly running: number;
  readonly deploying: boolean;
}

/** Calls ECS's API with the service-linked role. */
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
    look(resourceId) {
      const [found] = describe(namesOf(resourceId));
      if (!found || text(found, 'status') !== 'ACTIVE') return undefined;
      const deployments = objects(found, 'deployments');
      const inProgress = deployments.some((each) => text(each, 'rolloutState') === 'IN_PROGRESS');
      return {
        desired: number(found, 'desiredCount') ?? 0,
        running: number(found, 'runningCount') ?? 0,
        deploying: inProgress || deployments.length > 1,
      };
    },
    scale: (resourceId, desiredCount) =>
      void perform('UpdateService', { ...namesOf(resourceId), desiredCount }),
  };

  function describe({ cluster, service }: Names): readonly JsonObject[] {
    try {
      return objects(perform('DescribeServices', { cluster, services: [service] }), 'services');
    } catch {
      // The cluster does not exist, and so neither does the service.
      return [];
    }
  }
}

interface Names {
  readonly cluster: string;
  readonly service: string;
}

function namesOf(resourceId: string): Names {
  const [, cluster = '', service = ''] = resourceId.split('/');
  return { cluster, service };
}
