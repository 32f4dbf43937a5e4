import type { JsonObject } from '../contract.ts';
import { capacityOf, withoutReplaced } from './capacity.ts';
import type { Tag, TaskDefinition } from './definition.ts';
import type { Cluster, Context, Service } from './model.ts';
import { invalid, object, objects, present, texts } from './read.ts';
import type { Launch } from './tasks.ts';

/** Launch type, capacity provider and network of tasks. Shared by services and RunTask. */

type Where = Pick<
  Launch,
  'launchType' | 'capacityProvider' | 'network' | 'volumes' | 'tags' | 'enableExecuteCommand'
>;

/** The members of a request for launch type, capacity and network. Throws InvalidParameterException as ECS does. */
export function whereOf(
  ctx: Context,
  input: JsonObject,
  definition: TaskDefinition,
  cluster: Cluster,
): Where {
  const awsvpc = object(object(input, 'networkConfiguration') ?? {}, 'awsvpcConfiguration');
  if (definition.networkMode === 'awsvpc' && awsvpc === undefined) {
    throw invalid("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  }
  if (awsvpc !== undefined && definition.networkMode !== 'awsvpc') {
    throw invalid('Network Configuration is not valid for the given networkMode of this task definition.');
  }
  if (awsvpc !== undefined) checkNetwork(awsvpc);
  const capacity = capacityOf(ctx, input, definition, cluster);
  const volumes = objects(input, 'volumeConfigurations');
  return { ...capacity, volumes, ...(awsvpc === undefined ? {} : { network: awsvpc }) };
}

function checkNetwork(awsvpc: JsonObject): void {
  const subnets = texts(awsvpc, 'subnets');
  if (subnets.length === 0) throw invalid('subnets can not be empty.');
  if (subnets.length > 16) throw invalid('subnets can have at most 16 items.');
  if (texts(awsvpc, 'securityGroups').length > 5) throw invalid('securityGroups can have at most 5 items.');
}

/** The launch settings with which a service starts a task of `definition`. */
export function launchSettings(ctx: Context, service: Service, definition: TaskDefinition): Where {
  const { settings } = service;
  const managed: Tag[] =
    settings.enableECSManagedTags === true
      ? [
          { key: 'aws:ecs:clusterName', value: service.cluster.name },
          { key: 'aws:ecs:serviceName', value: service.name },
        ]
      : [];
  const propagated =
    settings.propagateTags === 'SERVICE'
      ? service.tags
      : settings.propagateTags === 'TASK_DEFINITION'
        ? definition.tags
        : [];
  return {
    ...whereOf(ctx, withoutReplaced(settings), definition, service.cluster),
    tags: [...propagated, ...managed],
    enableExecuteCommand: settings.enableExecuteCommand === true,
  };
}

/** Members of CreateService and UpdateService that ECS stores unchanged. */
const KEPT = [
  'capacityProviderStrategy',
  'enableECSManagedTags',
  'enableExecuteCommand',
  'gatewayConnectors',
  'launchType',
  'loadBalancers',
  'monitoring',
  'networkConfiguration',
  'placementConstraints',
  'placementStrategy',
  'platformVersion',
  'propagateTags',
  'role',
  'serviceConnectConfiguration',
  'serviceRegistries',
  'volumeConfigurations',
  'vpcLatticeConfigurations',
  'availabilityZoneRebalancing',
] as const;

export function keptMembers(input: JsonObject): JsonObject {
  return present(Object.fromEntries(KEPT.map((member) => [member, input[member] ?? undefined])));
}
