import { type JsonObject, objectsAt, omit, pick, present, textAt } from '../json.ts';
import type { Actual, Aws, Resource } from '../kind.ts';
import { batches, unless } from '../reading.ts';
import { tagsIn } from '../tags.ts';
import { describeRevision } from './taskDefinition.ts';

/** Reads services, as the members of CreateService describe them. */

/** DescribeServices takes 10. Source: ECS API reference. */
const MOST_DESCRIBED = 10;

/** Members of a described service that CreateService does not take. Source: ECS API model. */
const OUTPUT_ONLY = [
  'serviceArn',
  'serviceName',
  'clusterArn',
  'status',
  'runningCount',
  'pendingCount',
  'platformFamily',
  'deployments',
  'taskSets',
  'roleArn',
  'events',
  'createdAt',
  'createdBy',
  'tags',
  'currentServiceDeployment',
  'currentServiceRevisions',
  'resourceManagementType',
];

/** Members that a described service has in its deployments only. Source: ECS API reference, Deployment. */
const OF_DEPLOYMENT = ['serviceConnectConfiguration', 'volumeConfigurations', 'vpcLatticeConfigurations'];

/** Members that only the revisions of a service have. Source: ECS API model, ServiceRevision. */
const OF_REVISION = ['gatewayConnectors', 'monitoring'];

/** DescribeServiceRevisions takes 20. Source: ECS API reference. */
const MOST_REVISIONS = 20;

export function partsOf(name: string): { readonly cluster: string; readonly name: string } {
  const [cluster = '', service = ''] = name.split('/');
  return { cluster, name: service };
}

export async function readServices(
  resources: readonly Resource[],
  aws: Aws,
): Promise<ReadonlyMap<string, Actual>> {
  const clusters = [...new Set(resources.map((resource) => partsOf(resource.name).cluster))];
  const found = await Promise.all(
    clusters.flatMap((cluster) => {
      const mine = resources.filter((resource) => partsOf(resource.name).cluster === cluster);
      return batches(mine, MOST_DESCRIBED).map((batch) => readBatch(cluster, batch, aws));
    }),
  );
  return new Map(found.flat());
}

async function readBatch(
  cluster: string,
  batch: readonly Resource[],
  aws: Aws,
): Promise<readonly (readonly [string, Actual])[]> {
  const input = { cluster, services: batch.map(({ name }) => partsOf(name).name), include: ['TAGS'] };
  const answer = await unless('ClusterNotFoundException', aws('ecs', 'DescribeServices', input));
  // A deleted service is still described for a while.
  const views = objectsAt(answer ?? {}, 'services').filter(({ status }) => status === 'ACTIVE');
  const revisions = await readRevisions(views, batch, aws);
  return Promise.all(
    views.map(async (view): Promise<readonly [string, Actual]> => {
      const name = `${cluster}/${textAt(view, 'serviceName')}`;
      const actual = await actualOf(view, aws);
      const revision = pick(revisions.get(revisionIn(view)) ?? {}, OF_REVISION);
      return [name, { ...actual, members: { ...actual.members, ...revision } }];
    }),
  );
}

/** The newest revisions of the services, by ARN, where a service declares members that only they have. */
async function readRevisions(
  views: readonly JsonObject[],
  batch: readonly Resource[],
  aws: Aws,
): Promise<ReadonlyMap<string, JsonObject>> {
  const isDeclared = batch.some(({ members }) => OF_REVISION.some((member) => members[member] !== undefined));
  const arns = isDeclared ? views.map(revisionIn).filter((arn) => arn !== '') : [];
  const answers = await Promise.all(
    batches(arns, MOST_REVISIONS).map((serviceRevisionArns) =>
      aws('ecs', 'DescribeServiceRevisions', { serviceRevisionArns }),
    ),
  );
  const found = answers.flatMap((answer) => objectsAt(answer, 'serviceRevisions'));
  return new Map(found.map((revision) => [textAt(revision, 'serviceRevisionArn') ?? '', revision]));
}

/** During a deployment there are several: the first is that of its target. */
function revisionIn(view: JsonObject): string {
  return textAt(objectsAt(view, 'currentServiceRevisions')[0] ?? {}, 'arn') ?? '';
}

async function actualOf(view: JsonObject, aws: Aws): Promise<Actual> {
  const primary = objectsAt(view, 'deployments').find(({ status }) => status === 'PRIMARY') ?? {};
  const reference = textAt(view, 'taskDefinition') ?? textAt(primary, 'taskDefinition');
  const running = reference === undefined ? undefined : await describeRevision(reference, aws);
  return {
    members: present({
      ...omit(view, OUTPUT_ONLY),
      ...pick(primary, OF_DEPLOYMENT),
      taskDefinition: reference,
      role: view.roleArn,
    }),
    tags: tagsIn(view),
    arn: textAt(view, 'serviceArn') ?? '',
    ...(running === undefined ? {} : { running: running.members }),
    ...(view.resourceManagementType === 'ECS' ? { isExpress: true } : {}),
  };
}
