import { OUTPUT_ONLY } from '../../domain/revision.ts';
import { isOurs } from '../../domain/revisionTags.ts';
import { type Difference, differences, merged, missingFromLive } from '../compare.ts';
import { missingImage, withFirstImages, withoutImages, withoutKnownImages } from '../images.ts';
import { isList, type Json, type JsonObject, listAt, objectAt, omit, textAt } from '../json.ts';
import { type Actual, type Aws, arnIn, type Kind, type Place, type Resource } from '../kind.ts';
import { unless } from '../reading.ts';
import { INSTALLATION_TAG, tagDifferences, tagList, tagsForNew, tagsIn } from '../tags.ts';

/**
 * Task definitions. What exists is the newest revision that no release has registered, since releases copy it and
 * change only the image. A difference registers a new revision: the existing one with what is declared in its place.
 */

/** How many of the newest revisions are checked for one that no release has registered. */
const MOST_CHECKED = 10;

/** What a file does not declare: the name, and what only ECS sets. */
const NOT_DECLARED = ['family', ...OUTPUT_ONLY];

export const taskDefinition: Kind = {
  name: 'taskDefinition',
  title: 'task definition',
  grants: {
    // Neither can be granted for one family. Source: Service Authorization Reference, Amazon ECS.
    read: [{ actions: ['ecs:DescribeTaskDefinition', 'ecs:ListTaskDefinitions'] }],
    write: [
      {
        actions: ['ecs:RegisterTaskDefinition', 'ecs:TagResource'],
        on: ({ name }, place) => arnIn(place, 'ecs', `task-definition/${name}:*`),
      },
    ],
  },

  async read(resources, aws) {
    const found = await Promise.all(
      resources.map(async (resource): Promise<readonly [string, Actual][]> => {
        const actual = await readBase(resource, aws);
        return actual === undefined ? [] : [[resource.name, actual]];
      }),
    );
    return new Map(found.flat());
  },

  compare: (resource, actual) => contentDifferences(resource, actual),

  create(resource, { place, firstImage }) {
    const missing = missingImage(resource.members, firstImage);
    if (missing !== undefined) return { waitsFor: missing };
    return {
      calls: [
        register(resource.name, merged(resource.members, {}), tagsForNew(resource, place), place, firstImage),
      ],
    };
  },

  change(resource, actual, found, { place, firstImage }) {
    const absent = missingFromLive(found);
    if (absent.length > 0)
      return { calls: [], byHand: [`${absent.join(', ')} has no value in AWS to keep: declare its value`] };
    const whole = merged(withoutKnownImages(resource.members, actual.members), actual.members);
    const missing = missingImage(whole, firstImage);
    if (missing !== undefined)
      return { calls: [], byHand: [`a new container needs an image of ${missing}: push one first`] };
    const tags = { ...keptTags(actual), ...tagsForNew(resource, place) };
    return {
      calls: [register(resource.name, whole, tags, place, firstImage)],
    };
  },
};

/** How a revision differs from the declaration, apart from the images that releases change. */
export function contentDifferences(
  resource: Resource,
  actual: Pick<Actual, 'members' | 'tags'>,
): readonly Difference[] {
  return [
    ...differences(withoutImages(resource.members), actual.members),
    ...tagDifferences(resource.tags, actual.tags),
  ];
}

/** Of DescribeTaskDefinition's answer. */
export function revisionOf(answer: JsonObject): Actual {
  const definition = objectAt(answer, 'taskDefinition');
  return {
    members: omit(definition, NOT_DECLARED),
    tags: tagsIn(answer),
    arn: textAt(definition, 'taskDefinitionArn') ?? '',
  };
}

export async function describeRevision(reference: string, aws: Aws): Promise<Actual | undefined> {
  const input = { taskDefinition: reference, include: ['TAGS'] };
  const answer = await unless('ClientException', aws('ecs', 'DescribeTaskDefinition', input));
  return answer && revisionOf(answer);
}

/** The newest revision where it is as declared, otherwise the newest one that no release has registered. */
async function readBase(resource: Resource, aws: Aws): Promise<Actual | undefined> {
  const newest = await describeRevision(resource.name, aws);
  if (newest === undefined || !isOfRelease(newest)) return newest;
  if (contentDifferences(resource, newest).length === 0) return newest;
  const input = { familyPrefix: resource.name, status: 'ACTIVE', sort: 'DESC', maxResults: MOST_CHECKED };
  const arns = listAt(await aws('ecs', 'ListTaskDefinitions', input), 'taskDefinitionArns').map(String);
  for (const arn of arns.filter((each) => each.includes(`/${resource.name}:`) && each !== newest.arn)) {
    const revision = await describeRevision(arn, aws);
    if (revision !== undefined && !isOfRelease(revision)) return revision;
  }
  return newest;
}

function isOfRelease({ tags }: Actual): boolean {
  return isOurs(Object.entries(tags).map(([key, value]) => ({ key, value })));
}

/** The tags that a new revision takes over. */
function keptTags({ tags }: Actual): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(tags).filter(([key]) => !key.startsWith('aws:') && !key.startsWith('fairway:')),
  );
}

function register(
  family: string,
  members: JsonObject,
  tags: Readonly<Record<string, string>>,
  place: Place,
  firstImage: (repository: string) => string | undefined,
) {
  const input = {
    family,
    ...withFirstImages(members, place, firstImage),
    tags: tagList({ ...tags, [INSTALLATION_TAG]: place.installation }),
  };
  return { service: 'ecs', operation: 'RegisterTaskDefinition', input };
}

/** As ECS answers it: "512" for 512 and "0.5 vCPU", "1024" for "1 GB". */
export function normalSize(value: Json | undefined): Json | undefined {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string' || isList(value)) return value;
  const [, amount = '', unit = ''] = /^([\d.]+)\s*(vcpu|gb)$/i.exec(value.trim()) ?? [];
  return unit === '' ? value : String(Number(amount) * 1024);
}
