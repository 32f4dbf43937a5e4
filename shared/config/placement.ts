import type { Network, Service, Task, TaskCapacity } from '../domain/app.ts';
import type { ReleaseTaskSource } from './releaseTaskSchema.ts';
import type { DefaultsSource, ServiceSource } from './schema.ts';

/** The network, capacity and ECS Exec settings of the task itself. */
export function placementOf({
  network,
  capacity,
  exec,
}: Pick<ReleaseTaskSource, 'network' | 'capacity' | 'exec'>): Pick<Task, 'network' | 'capacity' | 'exec'> {
  return {
    ...(network === undefined ? {} : { network: networkOf(network) }),
    ...(capacity === undefined ? {} : { capacity: capacityOf(capacity) }),
    ...(exec ? { exec } : {}),
  };
}

function networkOf(network: NonNullable<ReleaseTaskSource['network']>): Network {
  return {
    subnets: network.subnets,
    securityGroups: network.securityGroups ?? [],
    assignPublicIp: network.assignPublicIp ?? false,
  };
}

function capacityOf(capacity: NonNullable<ReleaseTaskSource['capacity']>): TaskCapacity {
  if ('launchType' in capacity) return { launchType: capacity.launchType };
  return {
    providers: capacity.providers.map(({ provider, weight = 1, base = 0 }) => ({ provider, weight, base })),
  };
}

/** The roles that are passed to ECS, and the log group of the containers. */
export function placesOf(
  source: Pick<ServiceSource, 'taskRole' | 'executionRole' | 'volumeRole' | 'logGroup'>,
  defaults: DefaultsSource,
): Pick<Service, 'taskRole' | 'executionRole' | 'volumeRole' | 'logGroup'> {
  const taskRole = source.taskRole ?? defaults.taskRole;
  const executionRole = source.executionRole ?? defaults.executionRole;
  const volumeRole = source.volumeRole ?? defaults.volumeRole;
  return {
    ...(taskRole === undefined ? {} : { taskRole }),
    ...(executionRole === undefined ? {} : { executionRole }),
    ...(volumeRole === undefined ? {} : { volumeRole }),
    ...(source.logGroup === undefined ? {} : { logGroup: source.logGroup }),
  };
}
