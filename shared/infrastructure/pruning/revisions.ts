import { isOurs } from '../../domain/revisionTags.ts';
import { type JsonObject, objectAt, objectsAt, textAt } from '../json.ts';
import type { Aws } from '../kind.ts';
import { listed } from '../reading.ts';
import { tagsIn } from '../tags.ts';
import type { KnownRevision } from './prunable.ts';

const APP_TAG = 'fairway:app';
/** How many old revisions of one family one run reads: the next run continues. */
const MOST_READ = 200;

/** The revisions of these families, as far as one run reads them: the newest ones only by name. */
export async function readRevisions(
  app: string,
  families: readonly string[],
  keep: number,
  aws: Aws,
): Promise<readonly KnownRevision[]> {
  const found = await Promise.all(families.map((family) => revisionsOf(app, family, keep, aws)));
  return found.flat();
}

async function revisionsOf(
  app: string,
  family: string,
  keep: number,
  aws: Aws,
): Promise<readonly KnownRevision[]> {
  const list = (status: string) =>
    listed('ListTaskDefinitions', { familyPrefix: family, status, sort: 'ASC' }, 'taskDefinitionArns', aws);
  const [active, inactive] = await Promise.all([list('ACTIVE'), list('INACTIVE')]);
  const old = active.slice(0, Math.max(0, active.length - keep));
  const described = await Promise.all(
    [...old.slice(0, MOST_READ), ...inactive.slice(0, MOST_READ)].map((arn) =>
      describe(app, family, arn, aws),
    ),
  );
  return [...described, ...active.slice(old.length).map((arn) => named(arn, family))];
}

/** One that stays anyway, and is not read. */
function named(arn: string, family: string): KnownRevision {
  return { arn, number: numberOf(arn), family, isOurs: false, digests: [] };
}

function numberOf(arn: string): number {
  return Number(/:(\d+)$/.exec(arn)?.[1] ?? 0);
}

async function describe(app: string, family: string, arn: string, aws: Aws): Promise<KnownRevision> {
  const answer = await aws('ecs', 'DescribeTaskDefinition', { taskDefinition: arn, include: ['TAGS'] });
  const definition = objectAt(answer, 'taskDefinition');
  const tags = tagsIn(answer);
  const isRegisteredByUs = isOurs(Object.entries(tags).map(([key, value]) => ({ key, value })));
  return {
    arn,
    number: numberOf(arn),
    family,
    isOurs: isRegisteredByUs && tags[APP_TAG] === app,
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
