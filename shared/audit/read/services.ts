import type { App } from '../../domain/app.ts';
import { type JsonObject, listAt, objectAt, objectsAt, textAt } from '../../infrastructure/json.ts';
import type { Aws } from '../../infrastructure/kind.ts';
import { batches, namesOf, unless } from '../../infrastructure/reading.ts';

/** Services, and the revisions and tasks that run, as ECS describes them. */

/** DescribeServices takes 10, DescribeTasks 100. Source: ECS API reference. */
const MOST_SERVICES = 10;
const MOST_TASKS = 100;

export interface FoundService {
  readonly app: string;
  readonly cluster: string;
  readonly service: JsonObject;
}

/** The configured services that exist. */
export async function readServices(apps: readonly App[], aws: Aws): Promise<readonly FoundService[]> {
  const wanted = apps.flatMap(({ name: app, cluster, services }) =>
    services.map(({ name }) => ({ app, cluster, name })),
  );
  const found = await Promise.all(
    unique(wanted.map(({ cluster }) => cluster)).flatMap((cluster) => {
      const mine = wanted.filter((each) => each.cluster === cluster);
      return batches(mine, MOST_SERVICES).map(async (batch) => {
        const input = { cluster, services: batch.map(({ name }) => name) };
        const answer = await unless('ClusterNotFoundException', aws('ecs', 'DescribeServices', input));
        const views = objectsAt(answer ?? {}, 'services').filter(({ status }) => status === 'ACTIVE');
        return batch.flatMap(({ app, name }) => {
          const service = views.find(({ serviceName }) => serviceName === name);
          return service === undefined ? [] : [{ app, cluster, service }];
        });
      });
    }),
  );
  return found.flat();
}

/** A revision, or the newest one of a family; undefined where there is none. */
export async function readDefinition(reference: string, aws: Aws): Promise<JsonObject | undefined> {
  const call = aws('ecs', 'DescribeTaskDefinition', { taskDefinition: reference });
  const answer = await unless('ClientException', call);
  return answer && objectAt(answer, 'taskDefinition');
}

/** ARNs of the ACTIVE revisions of a family, newest first: a page of at most 100. */
export async function newestRevisions(family: string, aws: Aws): Promise<readonly string[]> {
  const input = { familyPrefix: family, status: 'ACTIVE', sort: 'DESC', maxResults: 100 };
  return listAt(await aws('ecs', 'ListTaskDefinitions', input), 'taskDefinitionArns').map(String);
}

/** Zones of the running tasks of each service of a cluster, by the name of the service. */
export async function readZones(cluster: string, aws: Aws): Promise<ReadonlyMap<string, readonly string[]>> {
  const tasks = await readTasks({ cluster, desiredStatus: 'RUNNING' }, aws);
  const zones = new Map<string, string[]>();
  for (const task of tasks) {
    const [kind, service] = (textAt(task, 'group') ?? '').split(':');
    const zone = textAt(task, 'availabilityZone');
    if (kind !== 'service' || service === undefined || zone === undefined) continue;
    zones.set(service, [...(zones.get(service) ?? []), zone]);
  }
  return zones;
}

/** Tasks as ListTasks filters them, described. */
export async function readTasks(filter: JsonObject, aws: Aws): Promise<readonly JsonObject[]> {
  const arns = await namesOf(aws, 'ecs', 'ListTasks', { ...filter, maxResults: MOST_TASKS }, 'taskArns');
  const described = await Promise.all(
    batches(arns, MOST_TASKS).map(async (tasks) =>
      objectsAt(await aws('ecs', 'DescribeTasks', { cluster: filter.cluster, tasks }), 'tasks'),
    ),
  );
  return described.flat();
}

export function unique<Item>(items: readonly Item[]): readonly Item[] {
  return [...new Set(items)];
}
