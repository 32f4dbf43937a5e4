import { AwsError, type JsonObject, type ServiceApi } from '../contract.ts';
import type { CapacityProvider, Context } from './model.ts';
import { arnOf, clusterOf, lastPart, tagsOf } from './names.ts';
import { invalid, object, page, present, required, text, texts } from './read.ts';

/** Capacity providers, created and described. They have no instances and unlimited capacity. */

const NAME = /^[A-Za-z0-9_-]{1,255}$/;
/** AWS API: CreateCapacityProvider, name. */
const RESERVED = /^(aws|ecs|fargate)/i;

export function capacityProviderOperations(ctx: Context): ServiceApi['operations'] {
  return {
    CreateCapacityProvider(input) {
      const made = newProvider(ctx, input);
      ctx.capacityProviders.set(made.name, made);
      return { capacityProvider: providerView(made) };
    },

    DescribeCapacityProviders(input) {
      const wanted = texts(input, 'capacityProviders').map(lastPart);
      const cluster = text(input, 'cluster') === undefined ? undefined : clusterOf(ctx, input).name;
      const all = [...builtIn(ctx), ...ctx.capacityProviders.values()].filter(
        (each) => cluster === undefined || each.cluster === undefined || each.cluster === cluster,
      );
      const found = wanted.length === 0 ? all : all.filter(({ name }) => wanted.includes(name));
      const { items, next } = page(found, input, { usual: 10, most: 10 });
      const known = new Set(all.map(({ name }) => name));
      return {
        capacityProviders: items.map(providerView),
        failures: wanted
          .filter((name) => !known.has(name))
          .map((name) => ({ arn: arnOf(ctx, `capacity-provider/${name}`), reason: 'MISSING' })),
        ...next,
      };
    },
  };
}

function newProvider(ctx: Context, input: JsonObject): CapacityProvider {
  const name = required(input, 'name');
  if (!NAME.test(name) || RESERVED.test(name)) throw invalid(`Invalid capacity provider name ${name}.`);
  if (ctx.capacityProviders.has(name)) throw invalid('The specified capacity provider already exists.');
  const group = object(input, 'autoScalingGroupProvider');
  const managed = object(input, 'managedInstancesProvider');
  if ((group === undefined) === (managed === undefined)) {
    throw invalid('Specify either an autoScalingGroupProvider or a managedInstancesProvider.');
  }
  if (managed !== undefined && text(input, 'cluster') === undefined) {
    throw new AwsError('ClientException', 'cluster is required for a managedInstancesProvider.');
  }
  return {
    arn: arnOf(ctx, `capacity-provider/${name}`),
    name,
    type: managed === undefined ? 'EC2_AUTOSCALING' : 'MANAGED_INSTANCES',
    ...(managed === undefined ? {} : { cluster: clusterOf(ctx, input).name }),
    document: present({ autoScalingGroupProvider: group, managedInstancesProvider: managed }),
    tags: tagsOf(input),
  };
}

/** The providers of every account. */
function builtIn(ctx: Context): readonly CapacityProvider[] {
  return (['FARGATE', 'FARGATE_SPOT'] as const).map((name) => ({
    arn: arnOf(ctx, `capacity-provider/${name}`),
    name,
    type: name,
    document: {},
    tags: [],
  }));
}

function providerView(provider: CapacityProvider): JsonObject {
  return present({
    capacityProviderArn: provider.arn,
    name: provider.name,
    cluster: provider.cluster,
    status: 'ACTIVE',
    type: provider.type,
    tags: provider.tags.map((tag) => ({ ...tag })),
    ...provider.document,
  });
}
