import type { JsonObject } from '../contract.ts';
import type { TaskDefinition } from './definition.ts';
import type { Cluster, Context } from './model.ts';
import { invalid, number, objects, text, texts } from './read.ts';
import type { Launch } from './tasks.ts';

/** Which launch type and which capacity provider tasks run on. */

type Capacity = Pick<Launch, 'launchType' | 'capacityProvider'>;

const MANAGED_INSTANCES = 'MANAGED_INSTANCES';

/** The launch type or capacity provider of a request. Throws InvalidParameterException as ECS does. */
export function capacityOf(
  ctx: Context,
  input: JsonObject,
  definition: TaskDefinition,
  cluster: Cluster,
): Capacity {
  const launchType = text(input, 'launchType');
  const given = objects(input, 'capacityProviderStrategy');
  if (launchType !== undefined && given.length > 0) {
    throw invalid('Specifying both a launch type and capacity provider strategy is not supported.');
  }
  if (launchType === MANAGED_INSTANCES) {
    throw invalid(
      'To use Amazon ECS Managed Instances, specify a capacityProviderStrategy and omit the launchType.',
    );
  }
  const strategy = launchType === undefined && given.length === 0 ? usualStrategy(cluster) : given;
  const provider = heaviest(strategy);
  const type = launchType ?? launchTypeOf(ctx, provider, definition);
  if (type === 'FARGATE' && !texts(definition.document, 'compatibilities').includes('FARGATE')) {
    throw invalid('Task definition does not support launch_type FARGATE.');
  }
  const shown = provider ?? (type === 'FARGATE' ? 'FARGATE' : undefined);
  return { launchType: type, ...(shown === undefined ? {} : { capacityProvider: shown }) };
}

/**
 * What a new service keeps of its cluster, where it names neither: a later default changes nothing for it.
 * AWS API: CreateService, capacityProviderStrategy; Service shows one of the two.
 */
export function usualCapacity(input: JsonObject, cluster: Cluster): JsonObject {
  if (text(input, 'launchType') !== undefined) return {};
  if (objects(input, 'capacityProviderStrategy').length > 0) return {};
  const strategy = usualStrategy(cluster);
  return strategy.length > 0 ? { capacityProviderStrategy: strategy } : { launchType: 'EC2' };
}

/** A strategy replaces the launch type, until an empty strategy restores it. AWS API: UpdateService. */
export function withoutReplaced(settings: JsonObject): JsonObject {
  const { launchType, capacityProviderStrategy: _, ...rest } = settings;
  const strategy = objects(settings, 'capacityProviderStrategy');
  if (strategy.length > 0) return { ...rest, capacityProviderStrategy: strategy };
  return { ...rest, launchType: launchType ?? 'EC2' };
}

function usualStrategy(cluster: Cluster): readonly JsonObject[] {
  return objects(cluster.settings, 'defaultCapacityProviderStrategy');
}

function launchTypeOf(ctx: Context, provider: string | undefined, definition: TaskDefinition): string {
  if (provider === undefined) return 'EC2';
  if (provider === 'FARGATE' || provider === 'FARGATE_SPOT') return 'FARGATE';
  const known = ctx.capacityProviders.get(provider);
  if (known !== undefined) return known.type === MANAGED_INSTANCES ? MANAGED_INSTANCES : 'EC2';
  // A provider that was never created has the type that the definition requires.
  const needed = texts(definition.document, 'requiresCompatibilities');
  return needed.includes(MANAGED_INSTANCES) && !needed.includes('EC2') ? MANAGED_INSTANCES : 'EC2';
}

/** The provider of the first tasks: the one with a base, otherwise the one with the largest weight. */
function heaviest(strategy: readonly JsonObject[]): string | undefined {
  if (strategy.length === 0) return undefined;
  const rank = (each: JsonObject) => (number(each, 'base') ?? 0) * 1001 + (number(each, 'weight') ?? 0);
  const best = [...strategy].sort((a, b) => rank(b) - rank(a))[0];
  if (best === undefined || rank(best) === 0) {
    throw invalid(
      'The capacity provider strategy must have at least one provider with a weight greater than 0.',
    );
  }
  const provider = text(best, 'capacityProvider');
  return provider?.slice(provider.lastIndexOf('/') + 1);
}
