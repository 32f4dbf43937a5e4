import type { App } from '../domain/app.ts';
import { newestOf } from '../domain/releases/tagPolicy.ts';
import type { ActualState } from './actual.ts';
import { repositoriesIn } from './images.ts';
import { type JsonObject, listAt, textAt } from './json.ts';
import type { Aws, Resource } from './kind.ts';
import { pages, unless } from './reading.ts';

/** The image that a new task definition starts with: the newest eligible one of its repository. */

/** @param tag the tag that a person chose instead */
export async function readFirstImages(
  resources: readonly Resource[],
  actual: ActualState,
  apps: readonly App[],
  aws: Aws,
  tag?: string,
): Promise<ReadonlyMap<string, string>> {
  const missing = resources.filter(
    ({ kind, name }) => kind === 'taskDefinition' && actual.get(kind, name) === undefined,
  );
  const repositories = [...new Set(missing.flatMap(({ members }) => repositoriesIn(members)))];
  const found = await Promise.all(
    repositories.map(async (repository): Promise<readonly [string, string][]> => {
      const digest = await firstImage(repository, apps, aws, tag);
      return digest === undefined ? [] : [[repository, digest]];
    }),
  );
  return new Map(found.flat());
}

interface Tagged {
  readonly tag: string;
  readonly pushedAt: number;
  readonly digest: string;
}

async function firstImage(
  repositoryName: string,
  apps: readonly App[],
  aws: Aws,
  wanted: string | undefined,
): Promise<string | undefined> {
  const listing = pages(
    aws,
    'ecr',
    'DescribeImages',
    { repositoryName, filter: { tagStatus: 'TAGGED' } },
    'imageDetails',
  );
  const images = ((await unless('RepositoryNotFoundException', listing)) ?? []).flatMap(tagsOf);
  if (wanted !== undefined) return images.find(({ tag }) => tag === wanted)?.digest;
  const app = apps.find(({ image }) => image.repository === repositoryName);
  const newest =
    app === undefined ? images.toSorted((a, b) => b.pushedAt - a.pushedAt)[0] : newestOf(app.image, images);
  return newest?.digest;
}

function tagsOf(detail: JsonObject): readonly Tagged[] {
  const pushedAt = Number(detail.imagePushedAt ?? 0) * 1000;
  const digest = textAt(detail, 'imageDigest') ?? '';
  return listAt(detail, 'imageTags').map((tag) => ({ tag: String(tag), pushedAt, digest }));
}
