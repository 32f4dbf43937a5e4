import { listAt, textAt } from '../json.ts';
import type { Actual, Aws } from '../kind.ts';
import { describeRevision } from '../kinds/taskDefinition.ts';
import { batches, listed } from '../reading.ts';
import type { FoundService } from './found.ts';
import { repositoriesOf } from './group.ts';
import { familyOf, namedContainers } from './images.ts';

/** Task definitions of an app that no service and no schedule runs, such as migrations. */

interface Known {
  readonly cluster: string;
  readonly services: readonly FoundService[];
  /** What rules and schedules run. */
  readonly started: ReadonlyMap<string, Actual>;
  readonly account: string;
  readonly region: string;
}

interface OneOffs {
  readonly definitions: ReadonlyMap<string, Actual>;
  readonly unread: number;
}

/** An account can have thousands of families: no more than these are described. */
const MOST_DESCRIBED = 100;

export async function readOneOffs(known: Known, aws: Aws): Promise<OneOffs> {
  const used = new Set([...known.services.map(({ family }) => family), ...known.started.keys()]);
  const repositories = new Set(
    [...repositoriesOf(known.services).values()].map(({ repository }) => repository),
  );
  if (repositories.size === 0) return { definitions: new Map(), unread: 0 };
  const families = (await listed('ListTaskDefinitionFamilies', { status: 'ACTIVE' }, 'families', aws)).filter(
    (family) => !used.has(family),
  );
  const revisions = await Promise.all(
    families.slice(0, MOST_DESCRIBED).map(async (family): Promise<readonly [string, Actual][]> => {
      const revision = await describeRevision(family, aws);
      return revision !== undefined && isOfApp(revision, repositories, known) ? [[family, revision]] : [];
    }),
  );
  const candidates = new Map(revisions.flat());
  const elsewhere = candidates.size === 0 ? new Set() : await familiesOfOtherClusters(known.cluster, aws);
  return {
    definitions: new Map([...candidates].filter(([family]) => !elsewhere.has(family))),
    unread: Math.max(0, families.length - MOST_DESCRIBED),
  };
}

function isOfApp({ members }: Actual, repositories: ReadonlySet<string>, home: Known): boolean {
  return namedContainers(members, home).some(
    ({ image, isEssential }) => isEssential && image !== undefined && repositories.has(image.repository),
  );
}

/** A family of the same image can be that of a service in another cluster, such as that of staging. */
async function familiesOfOtherClusters(own: string, aws: Aws): Promise<ReadonlySet<string>> {
  const clusters = await listed('ListClusters', {}, 'clusterArns', aws);
  const others = clusters.filter((arn) => arn.split('/').pop() !== own);
  const found = await Promise.all(others.map((cluster) => familiesOf(cluster, aws)));
  return new Set(found.flat());
}

async function familiesOf(cluster: string, aws: Aws): Promise<readonly string[]> {
  const arns = await listed('ListServices', { cluster, maxResults: 100 }, 'serviceArns', aws);
  const answers = await Promise.all(
    batches(arns, 10).map((services) => aws('ecs', 'DescribeServices', { cluster, services })),
  );
  return answers
    .flatMap((answer) => listAt(answer, 'services'))
    .flatMap((service) => {
      const reference = textAt(Object(service), 'taskDefinition');
      return reference === undefined ? [] : [familyOf(reference)];
    });
}
