import type { RunTaskRequest, Service } from '@aws-sdk/client-ecs';
import type { Network, TaskCapacity } from '../domain/app.ts';
import { overridesOf } from '../domain/overrides.ts';
import type { RunTaskInput } from '../ports.ts';

/** Where a task runs: a service's network and capacity in domain words, and these as RunTask takes them. */

export function surroundingsOf(service: Service | undefined): { network?: Network; capacity?: TaskCapacity } {
  const config = service?.networkConfiguration?.awsvpcConfiguration;
  const network = config && {
    subnets: config.subnets ?? [],
    securityGroups: config.securityGroups ?? [],
    assignPublicIp: config.assignPublicIp === 'ENABLED',
  };
  const capacity = capacityOf(service);
  return { ...(network && { network }), ...(capacity && { capacity }) };
}

/** RunTask takes one or the other, and a strategy says more. Source: ECS API reference, RunTask. */
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

/** What differs from the definition. */
export function overridesInput(input: RunTaskInput): Pick<RunTaskRequest, 'overrides'> {
  const overrides = overridesOf(input);
  return overrides ? { overrides } : {};
}
