import type { App, Configuration, ReleaseTask, Task } from '../shared/domain/app.ts';
import type { Registry } from '../shared/domain/registry.ts';
import { arn, longest, sub, type Template } from './names.ts';

/** EventBridge quotas, "Event pattern size". */
const LONGEST_PATTERN = 2048;

/** An image that ECR replicates from another region or account is a push, too. */
export const PUSH_EVENTS = ['ECR Image Action', 'ECR Replication Action'];

/** Patterns for pushes to the configured repositories, one per rule. */
export function imagePushedPatterns(configuration: Configuration): readonly Template[] {
  return registriesOf(configuration.apps).flatMap(({ registry, repositories }) =>
    pushPatterns(registry, repositories),
  );
}

/** Patterns for pushes to repositories of one registry. */
export function pushPatterns(
  registry: Registry | undefined,
  repositories: readonly string[],
): readonly Template[] {
  return pack(repositories, (some) => pushes(registry, some));
}

/** Forwarded events keep their account and region. Another one can have a repository of the same name. */
function pushes(registry: Registry | undefined, repositories: readonly string[]): Template {
  return {
    source: ['aws.ecr'],
    account: [registry?.account ?? sub('${AWS::AccountId}')],
    region: [registry?.region ?? sub('${AWS::Region}')],
    'detail-type': PUSH_EVENTS,
    detail: {
      'action-type': ['PUSH', 'REPLICATE'],
      result: ['SUCCESS'],
      'repository-name': repositories,
      // Children of a multi-platform push have an empty tag (ECR user guide, "Amazon ECR events and EventBridge").
      'image-tag': [{ 'anything-but': '' }],
    },
  };
}

/** Repositories of one registry, by name. */
interface RegistryRepositories {
  /** Absent: that of the stack. */
  readonly registry?: Registry;
  readonly repositories: readonly string[];
}

/** The repositories of these apps by registry, each once. */
export function registriesOf(apps: readonly App[]): readonly RegistryRepositories[] {
  const byRegistry = new Map(
    apps.map(({ image: { registry } }) => [registry && `${registry.account}:${registry.region}`, registry]),
  );
  return [...byRegistry].map(([key, registry]) => {
    const own = apps.filter(
      ({ image }) => (image.registry && `${image.registry.account}:${image.registry.region}`) === key,
    );
    const repositories = unique(own.map(({ image }) => image.repository));
    return { ...(registry && { registry }), repositories };
  });
}

/** Patterns, one per rule, for stopped tasks of services, started and stopped tasks of releases and runs, and service events. */
export function ecsChangedPatterns(configuration: Configuration): readonly Template[] {
  const services = unique(
    configuration.apps.flatMap((app) => app.services.map(({ name }) => `${app.cluster}/${name}`)),
  );
  const withTasks = configuration.apps.filter((app) => ownTasksOf(app).length > 0);
  return [
    ...pack(services, stoppedServiceTasks),
    ...pack(clustersOf(withTasks), ownTasks),
    ...pack(services, serviceEvents),
    ...pack(clustersOf(configuration.apps), hooks),
  ];
}

function stoppedServiceTasks(services: readonly string[]): Template {
  const byCluster = new Map<string, string[]>();
  for (const service of services) {
    const [cluster = '', name = ''] = service.split('/');
    byCluster.set(cluster, [...(byCluster.get(cluster) ?? []), `service:${name}`]);
  }
  // Cluster and group belong together: another cluster may have a service of the same name.
  const places = [...byCluster].map(([cluster, group]) => ({ clusterArn: [clusterArn(cluster)], group }));
  return {
    source: ['aws.ecs'],
    'detail-type': ['ECS Task State Change'],
    detail: {
      lastStatus: ['STOPPED'],
      startedBy: [{ prefix: 'ecs-svc/' }],
      // Leaves out scale-in and the old tasks of every rollout. `anything-but` alone never matches an absent member.
      stoppedReason: [{ 'anything-but': { prefix: 'Scaling activity' } }, { exists: false }],
      ...(places.length === 1 ? places[0] : { $or: places }),
    },
  };
}

/** RUNNING too: a task that starts after its release has ended is stopped. */
function ownTasks(clusters: readonly string[]): Template {
  return {
    source: ['aws.ecs'],
    'detail-type': ['ECS Task State Change'],
    detail: {
      lastStatus: ['RUNNING', 'STOPPED'],
      startedBy: [{ prefix: 'fairway/' }],
      clusterArn: clusters.map(clusterArn),
    },
  };
}

/** Ended deployments, and services that cannot start tasks. The event names are distinct. */
function serviceEvents(services: readonly string[]): Template {
  return {
    source: ['aws.ecs'],
    'detail-type': ['ECS Deployment State Change', 'ECS Service Action'],
    resources: services.map((service) => sub(arn('ecs', `service/${service}`))),
    detail: {
      eventName: [
        'SERVICE_DEPLOYMENT_COMPLETED',
        'SERVICE_DEPLOYMENT_FAILED',
        'SERVICE_TASK_CONFIGURATION_FAILURE',
        'SERVICE_TASK_PLACEMENT_FAILURE',
        'SERVICE_TASK_START_IMPAIRED',
      ],
    },
  };
}

/** Pauses of deployments, which are rare: by cluster. One of AWS's samples has no `resources`. */
function hooks(clusters: readonly string[]): Template {
  return {
    source: ['aws.ecs'],
    'detail-type': ['ECS Hook State Change'],
    detail: { clusterArn: clusters.map(clusterArn), hookType: ['PAUSE'] },
  };
}

/** As few patterns as the size limit allows. Each covers some of the items, in order. */
function pack(
  items: readonly string[],
  patternOf: (some: readonly string[]) => Template,
): readonly Template[] {
  const packed: Template[] = [];
  let some: readonly string[] = [];
  for (const item of items) {
    const more = [...some, item];
    if (some.length > 0 && longest(patternOf(more)).length > LONGEST_PATTERN) {
      packed.push(patternOf(some));
      some = [item];
      continue;
    }
    some = more;
  }
  return some.length === 0 ? packed : [...packed, patternOf(some)];
}

/** The tasks that Fairway starts: release tasks, and tasks outside releases. */
export function ownTasksOf(app: App): readonly (ReleaseTask | Task)[] {
  return [...app.before, ...app.after, ...app.tasks];
}

/** The clusters of these apps, each once. */
export function clustersOf(apps: readonly App[]): readonly string[] {
  return unique(apps.map((app) => app.cluster));
}

function clusterArn(cluster: string): Template {
  return sub(arn('ecs', `cluster/${cluster}`));
}

function unique(items: readonly string[]): readonly string[] {
  return [...new Set(items)].sort();
}
