import type {
  EBSTagSpecification,
  RunTaskRequest,
  Service,
  ServiceManagedEBSVolumeConfiguration,
  ServiceVolumeConfiguration,
  Tag,
  TaskVolumeConfiguration,
} from '@aws-sdk/client-ecs';
import type { Network, TaskCapacity } from '../domain/app.ts';
import type { Launch, LaunchVolume, ServiceLaunch } from '../domain/launch.ts';
import { overridesOf } from '../domain/overrides.ts';
import type { RevisionTag } from '../domain/revisionTags.ts';
import type { RunTaskInput } from '../ports.ts';

/** The network, capacity and launch settings of a service, as domain types and as the input of RunTask. */

interface NetworkAndCapacity {
  readonly network?: Network;
  readonly capacity?: TaskCapacity;
  /** Absent if the service does not exist. */
  readonly launch?: ServiceLaunch;
}

export function networkAndCapacityOf(service: Service | undefined): NetworkAndCapacity {
  const config = service?.networkConfiguration?.awsvpcConfiguration;
  const network = config && {
    subnets: config.subnets ?? [],
    securityGroups: config.securityGroups ?? [],
    assignPublicIp: config.assignPublicIp === 'ENABLED',
  };
  const capacity = capacityOf(service);
  return {
    ...(network && { network }),
    ...(capacity && { capacity }),
    ...(service && { launch: launchOf(service) }),
  };
}

function launchOf(service: Service): ServiceLaunch {
  const { platformVersion, propagateTags } = service;
  // Volumes are members of the deployment. Source: ECS API reference, Deployment.
  const primary = service.deployments?.find(({ status }) => status === 'PRIMARY');
  return {
    ...(platformVersion === undefined ? {} : { platformVersion }),
    placementConstraints: (service.placementConstraints ?? []).flatMap(({ type, expression }) =>
      type === undefined ? [] : [{ type, ...(expression !== undefined && { expression }) }],
    ),
    placementStrategy: (service.placementStrategy ?? []).flatMap(({ type, field }) =>
      type === undefined ? [] : [{ type, ...(field !== undefined && { field }) }],
    ),
    ...(propagateTags === undefined ? {} : { propagateTags }),
    managedTags: service.enableECSManagedTags === true,
    tags: tagsOf(service.tags),
    volumes: (primary?.volumeConfigurations ?? []).flatMap(volumeOf),
    ofServicesOnly: [
      ...(primary?.serviceConnectConfiguration?.enabled ? ['Service Connect'] : []),
      ...((service.serviceRegistries ?? []).length > 0 ? ['service discovery'] : []),
      ...((service.loadBalancers ?? []).length > 0 ? ['load balancers'] : []),
      ...((primary?.vpcLatticeConfigurations ?? []).length > 0 ? ['VPC Lattice'] : []),
    ],
    exec: service.enableExecuteCommand === true,
  };
}

function tagsOf(tags: readonly Tag[] | undefined): readonly RevisionTag[] {
  return (tags ?? []).flatMap(({ key, value = '' }) => (key === undefined ? [] : [{ key, value }]));
}

function volumeOf({ name, managedEBSVolume: ebs }: ServiceVolumeConfiguration): readonly LaunchVolume[] {
  if (name === undefined || ebs?.roleArn === undefined) return [];
  const { roleArn, tagSpecifications = [], ...rest } = ebs;
  const [tags] = tagSpecifications;
  return [
    {
      name,
      role: roleArn,
      ...defined(rest),
      tags: tagsOf(tags?.tags),
      ...(tags?.propagateTags !== undefined && { propagateTags: tags.propagateTags }),
    },
  ];
}

type Sizes = Omit<ServiceManagedEBSVolumeConfiguration, 'roleArn' | 'tagSpecifications'>;

function defined(sizes: Sizes): { [Name in keyof Sizes]?: NonNullable<Sizes[Name]> } {
  return Object.fromEntries(Object.entries(sizes).filter(([, value]) => value !== undefined));
}

/** The launch settings as input of RunTask. Volumes are deleted with their task, as those of a service are. */
export function launchInput(launch: Launch | undefined): Partial<RunTaskRequest> {
  if (!launch) return {};
  const { platformVersion, placementConstraints, placementStrategy, tags, propagateTags, volumes } = launch;
  return {
    ...(platformVersion !== undefined && { platformVersion }),
    ...(placementConstraints && { placementConstraints: [...placementConstraints] }),
    ...(placementStrategy && { placementStrategy: [...placementStrategy] }),
    ...(tags && { tags: [...tags] }),
    ...(propagateTags && { propagateTags }),
    ...(launch.managedTags && { enableECSManagedTags: true }),
    ...(launch.exec && { enableExecuteCommand: true }),
    ...(volumes && { volumeConfigurations: volumes.map(volumeInput) }),
  };
}

function volumeInput({ name, role, tags, propagateTags, ...sizes }: LaunchVolume): TaskVolumeConfiguration {
  const ofVolume: EBSTagSpecification = {
    resourceType: 'volume',
    ...(tags.length > 0 && { tags: [...tags] }),
    ...(propagateTags === 'TASK_DEFINITION' && { propagateTags }),
  };
  const hasTags = tags.length > 0 || propagateTags === 'TASK_DEFINITION';
  return {
    name,
    managedEBSVolume: { ...sizes, roleArn: role, ...(hasTags && { tagSpecifications: [ofVolume] }) },
  };
}

/** RunTask accepts only one of the two; a strategy is more specific. Source: ECS API reference, RunTask. */
function capacityOf(service: Service | undefined): TaskCapacity | undefined {
  const providers = (service?.capacityProviderStrategy ?? []).map(
    ({ capacityProvider = '', weight = 0, base = 0 }) => ({ provider: capacityProvider, weight, base }),
  );
  if (providers.length > 0) return { providers };
  const launchType = service?.launchType;
  const known = launchType === 'FARGATE' || launchType === 'EC2' || launchType === 'EXTERNAL';
  return known ? { launchType } : undefined;
}

export function networkInput(network: Network | undefined): Pick<RunTaskRequest, 'networkConfiguration'> {
  if (!network) return {};
  const { subnets, securityGroups, assignPublicIp } = network;
  const awsvpcConfiguration = {
    subnets: [...subnets],
    securityGroups: [...securityGroups],
    assignPublicIp: assignPublicIp ? ('ENABLED' as const) : ('DISABLED' as const),
  };
  return { networkConfiguration: { awsvpcConfiguration } };
}

export function capacityInput(
  wanted: TaskCapacity | undefined,
): Pick<RunTaskRequest, 'launchType' | 'capacityProviderStrategy'> {
  if (!wanted) return {};
  if ('launchType' in wanted) return { launchType: wanted.launchType };
  const capacityProviderStrategy = wanted.providers.map(({ provider, weight, base }) => ({
    capacityProvider: provider,
    weight,
    base,
  }));
  return { capacityProviderStrategy };
}

/** The overrides of the task definition. */
export function overridesInput(input: RunTaskInput): Pick<RunTaskRequest, 'overrides'> {
  const overrides = overridesOf(input);
  return overrides ? { overrides } : {};
}
