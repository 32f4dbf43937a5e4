import { AwsError, type JsonObject, type ServiceApi } from '../contract.ts';
import type { Cluster, Context } from './model.ts';
import { arnOf, clusterName, clusterOf, mergeTags, tagsOf } from './names.ts';
import { objects, page, present, text, texts } from './read.ts';

export function createCluster(ctx: Context, name: string, input: JsonObject = {}): Cluster {
  const existing = ctx.clusters.get(name);
  if (existing?.status === 'ACTIVE') return existing;
  const cluster: Cluster = {
    arn: arnOf(ctx, `cluster/${name}`),
    name,
    status: 'ACTIVE',
    settings: present({
      capacityProviders: input.capacityProviders,
      defaultCapacityProviderStrategy: input.defaultCapacityProviderStrategy,
      settings: input.settings,
      configuration: input.configuration,
      serviceConnectDefaults: input.serviceConnectDefaults,
    }),
    tags: tagsOf(input),
    services: new Map(),
    tasks: new Map(),
    stopped: [],
    tokens: new Map(),
  };
  ctx.clusters.set(name, cluster);
  return cluster;
}

export function clusterOperations(ctx: Context): ServiceApi['operations'] {
  return {
    CreateCluster(input) {
      const cluster = createCluster(ctx, text(input, 'clusterName') ?? 'default', input);
      return { cluster: clusterView(cluster) };
    },

    DescribeClusters(input) {
      const asked = texts(input, 'clusters');
      const names = asked.length > 0 ? asked.map(clusterName) : ['default'];
      const found = names.flatMap((name) => ctx.clusters.get(name) ?? []);
      const missing = names.filter((name) => !ctx.clusters.has(name));
      return {
        clusters: found.map(clusterView),
        failures: missing.map((name) => ({ arn: arnOf(ctx, `cluster/${name}`), reason: 'MISSING' })),
      };
    },

    ListClusters(input) {
      const arns = [...ctx.clusters.values()]
        .filter(({ status }) => status === 'ACTIVE')
        .map(({ arn }) => arn);
      const { items, next } = page(arns, input, { usual: 100, most: 100 });
      return { clusterArns: items, ...next };
    },

    UpdateCluster(input) {
      const cluster = clusterOf(ctx, input);
      cluster.settings = { ...cluster.settings, ...present(updated(input)) };
      return { cluster: clusterView(cluster) };
    },

    PutClusterCapacityProviders(input) {
      const cluster = clusterOf(ctx, input);
      cluster.settings = {
        ...cluster.settings,
        capacityProviders: texts(input, 'capacityProviders'),
        defaultCapacityProviderStrategy: objects(input, 'defaultCapacityProviderStrategy'),
      };
      return { cluster: clusterView(cluster) };
    },

    DeleteCluster(input) {
      const cluster = clusterOf(ctx, input);
      const active = [...cluster.services.values()].some(({ status }) => status === 'ACTIVE');
      if (active) {
        const message = 'The Cluster cannot be deleted while Services are active.';
        throw new AwsError('ClusterContainsServicesException', message);
      }
      cluster.status = 'INACTIVE';
      return { cluster: clusterView(cluster) };
    },

    ...tagOperations(ctx),
  };
}

/** The members of UpdateCluster that a cluster shows. */
function updated({ settings, configuration, serviceConnectDefaults }: JsonObject): JsonObject {
  return { settings, configuration, serviceConnectDefaults };
}

function clusterView(cluster: Cluster): JsonObject {
  const tasks = [...cluster.tasks.values()];
  const services = [...cluster.services.values()].filter(({ status }) => status === 'ACTIVE');
  return {
    clusterArn: cluster.arn,
    clusterName: cluster.name,
    status: cluster.status,
    registeredContainerInstancesCount: 0,
    runningTasksCount: tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING').length,
    pendingTasksCount: tasks.filter(({ lastStatus }) =>
      ['PROVISIONING', 'PENDING', 'ACTIVATING'].includes(lastStatus),
    ).length,
    activeServicesCount: services.length,
    statistics: [],
    settings: [],
    tags: cluster.tags.map((tag) => ({ ...tag })),
    ...cluster.settings,
  };
}

interface Tagged {
  readonly arn: string;
  tags: Cluster['tags'];
}

/** What has tags, apart from tasks. Deregistered revisions and deleted services count. */
export function taggedResources(ctx: Context): readonly Tagged[] {
  const clusters = [...ctx.clusters.values()];
  return [
    ...clusters,
    ...clusters.flatMap(({ services }) => [...services.values()]),
    ...[...ctx.families.values()].flat(),
  ];
}

function tagOperations(ctx: Context): ServiceApi['operations'] {
  function tagged(input: JsonObject): Tagged {
    const arn = text(input, 'resourceArn') ?? '';
    const found = resourceOf(ctx, arn);
    if (found) return found;
    throw new AwsError('InvalidParameterException', `The specified resource ${arn} was not found.`);
  }
  return {
    TagResource(input) {
      const resource = tagged(input);
      resource.tags = mergeTags(resource.tags, tagsOf(input));
      return {};
    },
    UntagResource(input) {
      const resource = tagged(input);
      const keys = texts(input, 'tagKeys');
      resource.tags = resource.tags.filter(({ key }) => !keys.includes(key));
      return {};
    },
    ListTagsForResource: (input) => ({ tags: tagged(input).tags.map((tag) => ({ ...tag })) }),
  };
}

function resourceOf(ctx: Context, arn: string): Tagged | undefined {
  const [, type, first = '', second = ''] = /:([a-z-]+)\/([^/]+)(?:\/(.+))?$/.exec(arn) ?? [];
  switch (type) {
    case 'cluster':
      return ctx.clusters.get(first);
    case 'service':
      return ctx.clusters.get(first)?.services.get(second);
    case 'task':
      return ctx.clusters.get(first)?.tasks.get(second);
    case 'task-definition': {
      const [family = '', revision] = first.split(':');
      return ctx.families.get(family)?.[Number(revision) - 1];
    }
    default:
      return undefined;
  }
}
