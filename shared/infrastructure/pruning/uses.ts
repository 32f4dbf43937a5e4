import type { App } from '../../domain/app.ts';
import { readStarts } from '../import/starts.ts';
import { type JsonObject, listAt, objectAt, objectsAt, textAt } from '../json.ts';
import type { Aws } from '../kind.ts';
import { batches, listed, namesOf } from '../reading.ts';

/** Which revisions are used in the account: by services and their deployments, by running tasks, rules and schedules. */

/** Most items of one call. Source: ECS API reference. */
const MOST_SERVICES = 10;
const MOST_TASKS = 100;
const MOST_REVISIONS = 20;

/** ARNs of the revisions of these families that something uses, in any cluster. */
export async function usedRevisions(
  app: App,
  families: readonly string[],
  aws: Aws,
): Promise<ReadonlySet<string>> {
  const clusters = await namesOf(aws, 'ecs', 'ListClusters', {}, 'clusterArns');
  const found = await Promise.all([
    ...clusters.flatMap((cluster) => [
      ofServices(cluster, aws),
      ofTasks(cluster, families, aws),
      ofStarts(cluster, aws),
    ]),
    ofDeployments(app, aws),
  ]);
  return new Set(await withNumbers(found.flat(), families, aws));
}

async function ofServices(cluster: string, aws: Aws): Promise<readonly string[]> {
  const arns = await listed('ListServices', { cluster, maxResults: 100 }, 'serviceArns', aws);
  const found = await Promise.all(
    batches(arns, MOST_SERVICES).map((services) => aws('ecs', 'DescribeServices', { cluster, services })),
  );
  return found.flatMap((answer) =>
    objectsAt(answer, 'services').flatMap((service) => [
      ...definitionIn(service),
      ...objectsAt(service, 'deployments').flatMap(definitionIn),
      ...objectsAt(service, 'taskSets').flatMap(definitionIn),
    ]),
  );
}

function definitionIn(view: JsonObject): readonly string[] {
  const reference = textAt(view, 'taskDefinition') ?? textAt(view, 'taskDefinitionArn');
  return reference === undefined ? [] : [reference];
}

async function ofTasks(cluster: string, families: readonly string[], aws: Aws): Promise<readonly string[]> {
  const lists = await Promise.all(
    families.map((family) =>
      listed('ListTasks', { cluster, family, maxResults: MOST_TASKS }, 'taskArns', aws),
    ),
  );
  const found = await Promise.all(
    batches(lists.flat(), MOST_TASKS).map((tasks) => aws('ecs', 'DescribeTasks', { cluster, tasks })),
  );
  return found.flatMap((answer) => objectsAt(answer, 'tasks').flatMap(definitionIn));
}

/** Rules and schedules, also those that are disabled. */
async function ofStarts(cluster: string, aws: Aws): Promise<readonly string[]> {
  const starts = await readStarts(cluster, aws);
  return starts.flatMap(({ parameters }) => textAt(parameters, 'TaskDefinitionArn') ?? []);
}

/** What the recorded deployments of the app's services started from and went to: a rollback by ECS returns there. */
async function ofDeployments({ cluster, services }: App, aws: Aws): Promise<readonly string[]> {
  const lists = await Promise.all(
    services.map(async ({ name }) =>
      objectsAt(await aws('ecs', 'ListServiceDeployments', { cluster, service: name }), 'serviceDeployments'),
    ),
  );
  const deployments = await Promise.all(
    batches(
      lists.flat().flatMap((each) => textAt(each, 'serviceDeploymentArn') ?? []),
      MOST_REVISIONS,
    ).map((serviceDeploymentArns) => aws('ecs', 'DescribeServiceDeployments', { serviceDeploymentArns })),
  );
  const arns = deployments
    .flatMap((answer) => objectsAt(answer, 'serviceDeployments'))
    .flatMap((deployment) => [
      ...objectsAt(deployment, 'sourceServiceRevisions').flatMap((each) => textAt(each, 'arn') ?? []),
      ...[textAt(objectAt(deployment, 'targetServiceRevision'), 'arn') ?? []].flat(),
    ]);
  const revisions = await Promise.all(
    batches([...new Set(arns)], MOST_REVISIONS).map((serviceRevisionArns) =>
      aws('ecs', 'DescribeServiceRevisions', { serviceRevisionArns }),
    ),
  );
  return revisions.flatMap((answer) => objectsAt(answer, 'serviceRevisions').flatMap(definitionIn));
}

/** Rules may name a family without a number: its newest revision. */
async function withNumbers(
  references: readonly string[],
  families: readonly string[],
  aws: Aws,
): Promise<readonly string[]> {
  const found = await Promise.all(
    [...new Set(references)].map(async (reference) => {
      if (/:\d+$/.test(reference)) return [reference];
      const family = reference.split('/').pop() ?? '';
      if (!families.includes(family)) return [];
      const input = { familyPrefix: family, status: 'ACTIVE', sort: 'DESC', maxResults: 1 };
      return listAt(await aws('ecs', 'ListTaskDefinitions', input), 'taskDefinitionArns').map(String);
    }),
  );
  return found.flat();
}
