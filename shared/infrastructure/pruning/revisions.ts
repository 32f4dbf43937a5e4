import type { App } from '../../domain/app.ts';
import { APP_TAG, isOurs, STACK_TAG } from '../../domain/revisionTags.ts';
import { type JsonObject, objectAt, objectsAt, textAt } from '../json.ts';
import type { Aws } from '../kind.ts';
import { batches, listed } from '../reading.ts';
import { tagsIn } from '../tags.ts';
import type { KnownRevision } from './prunable.ts';

/** How many old revisions of releases one run reads of one family: the next run continues. */
const MOST_READ = 200;

/** Whose revisions: of a family, other stacks may register revisions for apps of the same name. */
interface ReleaseTags {
  readonly app: string;
  readonly stack: string;
}

/** The families in which releases and runs of an app register revisions. */
export function prunedFamilies(app: Pick<App, 'services' | 'before' | 'after' | 'tasks'>): readonly string[] {
  const users = [...app.services, ...app.before, ...app.after, ...app.tasks];
  return [...new Set(users.map(({ family }) => family))];
}

/** The revisions of these families, as far as one run reads them: the newest ones only by name. */
export async function readRevisions(
  of: ReleaseTags,
  families: readonly string[],
  keep: number,
  aws: Aws,
): Promise<readonly KnownRevision[]> {
  const found = await Promise.all(families.map((family) => revisionsOf(of, family, keep, aws)));
  return found.flat();
}

async function revisionsOf(
  of: ReleaseTags,
  family: string,
  keep: number,
  aws: Aws,
): Promise<readonly KnownRevision[]> {
  const list = (status: string) =>
    listed('ListTaskDefinitions', { familyPrefix: family, status, sort: 'ASC' }, 'taskDefinitionArns', aws);
  const [active, inactive] = await Promise.all([list('ACTIVE'), list('INACTIVE')]);
  const old = active.slice(0, Math.max(0, active.length - keep));
  const described = [
    ...(await describeOldest(of, family, old, aws)),
    ...(await describeOldest(of, family, inactive, aws)),
  ];
  return [...described, ...active.slice(old.length).map((arn) => named(arn, family))];
}

/** Revisions that no release registered do not count: any number of them may come first. */
async function describeOldest(
  of: ReleaseTags,
  family: string,
  arns: readonly string[],
  aws: Aws,
): Promise<readonly KnownRevision[]> {
  const found: KnownRevision[] = [];
  for (const some of batches(arns, MOST_READ)) {
    found.push(...(await Promise.all(some.map((arn) => describe(of, family, arn, aws)))));
    if (found.filter(({ isOurs }) => isOurs).length >= MOST_READ) break;
  }
  return found;
}

/** One that stays anyway, and is not read. */
function named(arn: string, family: string): KnownRevision {
  return { arn, number: numberOf(arn), family, isOurs: false, digests: [] };
}

function numberOf(arn: string): number {
  return Number(/:(\d+)$/.exec(arn)?.[1] ?? 0);
}

async function describe(of: ReleaseTags, family: string, arn: string, aws: Aws): Promise<KnownRevision> {
  const answer = await aws('ecs', 'DescribeTaskDefinition', { taskDefinition: arn, include: ['TAGS'] });
  const definition = objectAt(answer, 'taskDefinition');
  const tags = tagsIn(answer);
  const isRegisteredByUs = isOurs(Object.entries(tags).map(([key, value]) => ({ key, value })));
  return {
    arn,
    number: numberOf(arn),
    family,
    isOurs: isRegisteredByUs && tags[APP_TAG] === of.app && tags[STACK_TAG] === of.stack,
    digests: digestsIn(definition),
    ...(definition.status === 'INACTIVE'
      ? { deregisteredAt: Number(definition.deregisteredAt ?? Number.NaN) * 1_000 }
      : {}),
  };
}

function digestsIn(definition: JsonObject): readonly string[] {
  return objectsAt(definition, 'containerDefinitions').flatMap(
    (container) => /@(sha256:[0-9a-f]{64})$/.exec(textAt(container, 'image') ?? '')?.[1] ?? [],
  );
}
