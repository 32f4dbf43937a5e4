import { AwsError, type JsonObject } from '../contract.ts';
import type { Cluster, Service, Tag, TaskDefinition } from './model.ts';
import { invalid, number, object, objects, present, text, texts } from './read.ts';
import type { Launch } from './tasks.ts';

/** How and where tasks run: launch type, capacity provider, network. Shared by services and RunTask. */

type Where = Pick<Launch, 'launchType' | 'capacityProvider' | 'network' | 'tags' | 'enableExecuteCommand'>;

/** Members of a request that say where tasks run. Throws InvalidParameterException as ECS does. */
export function whereOf(input: JsonObject, definition: TaskDefinition, cluster: Cluster): Where {
  const awsvpc = object(object(input, 'networkConfiguration') ?? {}, 'awsvpcConfiguration');
  if (definition.networkMode === 'awsvpc' && awsvpc === undefined) {
    throw invalid("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  }
  if (awsvpc !== undefined && definition.networkMode !== 'awsvpc') {
    throw invalid('Network Configuration is not valid for the given networkMode of this task definition.');
  }
  if (awsvpc !== undefined) checkNetwork(awsvpc);
  return { ...capacityOf(input, definition, cluster), ...(awsvpc === undefined ? {} : { network: awsvpc }) };
}

function checkNetwork(awsvpc: JsonObject): void {
  const subnets = texts(awsvpc, 'subnets');
  if (subnets.length === 0) throw invalid('subnets can not be empty.');
  if (subnets.length > 16) throw invalid('subnets can have at most 16 items.');
  if (texts(awsvpc, 'securityGroups').length > 5) throw invalid('securityGroups can have at most 5 items.');
}

function capacityOf(
  input: JsonObject,
  definition: TaskDefinition,
  cluster: Cluster,
): Pick<Launch, 'launchType' | 'capacityProvider'> {
  const launchType = text(input, 'launchType');
  const given = objects(input, 'capacityProviderStrategy');
  if (launchType !== undefined && given.length > 0) {
    throw invalid('Specifying both a launch type and capacity provider strategy is not supported.');
  }
  const strategy =
    launchType === undefined && given.length === 0
      ? objects(cluster.settings, 'defaultCapacityProviderStrategy')
      : given;
  const provider = heaviest(strategy);
  const type = launchType ?? (provider?.startsWith('FARGATE') === true ? 'FARGATE' : 'EC2');
  if (type === 'FARGATE' && !texts(definition.document, 'compatibilities').includes('FARGATE')) {
    throw invalid('Task definition does not support launch_type FARGATE.');
  }
  const shown = provider ?? (type === 'FARGATE' ? 'FARGATE' : undefined);
  return { launchType: type, ...(shown === undefined ? {} : { capacityProvider: shown }) };
}

/** The provider that the first tasks go to: the one with a base, else the heaviest. */
function heaviest(strategy: readonly JsonObject[]): string | undefined {
  if (strategy.length === 0) return undefined;
  const rank = (each: JsonObject) => (number(each, 'base') ?? 0) * 1001 + (number(each, 'weight') ?? 0);
  const best = [...strategy].sort((a, b) => rank(b) - rank(a))[0];
  if (best === undefined || rank(best) === 0) {
    throw invalid(
      'The capacity provider strategy must have at least one provider with a weight greater than 0.',
    );
  }
  return text(best, 'capacityProvider');
}

/** How a service starts a task of `definition`. */
export function launchSettings(service: Service, definition: TaskDefinition): Where {
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
    ...whereOf(settings, definition, service.cluster),
    tags: [...propagated, ...managed],
    enableExecuteCommand: settings.enableExecuteCommand === true,
  };
}

const SIMULATED_STRATEGY = 'ROLLING';

/** Members that ECS keeps of CreateService and UpdateService, as they are. */
const KEPT = [
  'capacityProviderStrategy',
  'enableECSManagedTags',
  'enableExecuteCommand',
  'launchType',
  'loadBalancers',
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

/** Throws when a deployment of this service is not a rolling one: nothing is made up here. */
export function refuseUnsimulated(service: Service): void {
  const strategy = text(service.configuration.document, 'strategy') ?? SIMULATED_STRATEGY;
  if (strategy === SIMULATED_STRATEGY) return;
  throw new AwsError(
    'UnsupportedFeatureException',
    `The local cloud does not simulate ${strategy} deployments.`,
  );
}
