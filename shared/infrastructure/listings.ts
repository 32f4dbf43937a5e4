import type { App } from '../domain/app.ts';
import { isSameRegistry, type Registry, type Repository, repositoryOf } from '../domain/registry.ts';
import { newestOf } from '../domain/releases/tagPolicy.ts';
import type { ActualState } from './actual.ts';
import { ecrImageOf } from './import/images.ts';
import { imagesIn } from './indexes.ts';
import { isObject, type JsonObject, listAt, objectsAt, stableText, textAt } from './json.ts';
import type { Aws, Resource } from './kind.ts';
import { imageIn, type Pushes, type RepositoryImage } from './lifecycle.ts';
import type { ImageUse, Listing } from './lifecycleCheck.ts';
import { batches, pages, unless } from './reading.ts';

/** Reads the images of repositories whose lifecycle policy is about to change, and what uses them. */

/** What an app has live, and what it rolls back to: digests, as the functions answer them. */
export interface LiveImages {
  readonly live?: string;
  readonly before?: string;
}

interface ListingPorts {
  readonly aws: Aws;
  /** The registry of the declared repositories: that of the account and region. */
  readonly home: Registry;
  readonly liveImages: (app: string) => Promise<LiveImages>;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** DescribeTasks takes 100. Source: ECS API reference. */
const MOST_TASKS = 100;

export async function readListings(
  resources: readonly Resource[],
  actual: ActualState,
  apps: readonly App[],
  { aws, home, liveImages, now }: ListingPorts,
): Promise<ReadonlyMap<string, Listing>> {
  const changing = resources.filter((resource) => changesLifecycle(resource, actual));
  if (changing.length === 0) return new Map();
  const running = await readRunning(resources, actual, apps, aws);
  const listings = changing.map(async ({ name }): Promise<[string, Listing]> => {
    const mine = apps.filter((app) => isHomeRepository(repositoryOf(home, app), name, home));
    const details = await pages(aws, 'ecr', 'DescribeImages', { repositoryName: name }, 'imageDetails');
    const released = await Promise.all(mine.map(async (app) => usesOf(app.name, await liveImages(app.name))));
    const listed = details.map(imageIn);
    const uses = [
      ...released.flat(),
      ...running.flatMap((container) => useIn(container, name, home, listed)),
    ];
    const used = new Set(uses.map(({ digest }) => digest));
    const images = await imagesIn(name, details, (digest) => used.has(digest), aws);
    return [name, { images, uses: distinct(uses), pushes: pushesTo(mine[0], images), now }];
  });
  return new Map(await Promise.all(listings));
}

/** Another account or region can have a repository of the same name. */
function isHomeRepository(found: Repository, name: string, home: Registry): boolean {
  return found.name === name && isSameRegistry(found, home);
}

function changesLifecycle({ kind, name, members }: Resource, actual: ActualState): boolean {
  const existing = kind === 'repository' ? actual.get(kind, name) : undefined;
  const declared = members.lifecyclePolicy;
  return (
    existing !== undefined &&
    isObject(declared) &&
    stableText(declared) !== stableText(existing.members.lifecyclePolicy)
  );
}

function usesOf(app: string, { live, before }: LiveImages): readonly ImageUse[] {
  return [
    ...(live === undefined ? [] : [{ digest: live, as: `live in ${app}` }]),
    ...(before === undefined ? [] : [{ digest: before, as: `what ${app} rolls back to` }]),
  ];
}

/** A container that runs an image. */
interface Running {
  readonly image: string;
  readonly digest?: string;
  readonly as: string;
}

/** Containers of running tasks in the clusters of the apps, and of the revisions that declared services run. */
async function readRunning(
  resources: readonly Resource[],
  actual: ActualState,
  apps: readonly App[],
  aws: Aws,
): Promise<readonly Running[]> {
  const services = resources.filter(({ kind }) => kind === 'service');
  const declared = services.flatMap(({ name }) =>
    objectsAt(actual.get('service', name)?.running ?? {}, 'containerDefinitions').map((container) => ({
      image: textAt(container, 'image') ?? '',
      as: `what the service ${name} runs`,
    })),
  );
  const clusters = [...new Set(apps.map(({ cluster }) => cluster))];
  const tasks = await Promise.all(clusters.map((cluster) => readTasks(cluster, aws)));
  return [...declared, ...tasks.flat()];
}

async function readTasks(cluster: string, aws: Aws): Promise<readonly Running[]> {
  const arns: string[] = [];
  let nextToken: string | undefined;
  do {
    const input = { cluster, ...(nextToken && { nextToken }) };
    const answer = (await unless('ClusterNotFoundException', aws('ecs', 'ListTasks', input))) ?? {};
    arns.push(...listAt(answer, 'taskArns').map(String));
    nextToken = textAt(answer, 'nextToken');
  } while (nextToken !== undefined);
  const described = await Promise.all(
    batches(arns, MOST_TASKS).map((tasks) => aws('ecs', 'DescribeTasks', { cluster, tasks })),
  );
  return described.flatMap((answer) => objectsAt(answer, 'tasks').flatMap(containersOf));
}

function containersOf(task: JsonObject): readonly Running[] {
  const group = textAt(task, 'group') ?? textAt(task, 'taskArn') ?? '';
  return objectsAt(task, 'containers').map((container) => {
    const digest = textAt(container, 'imageDigest');
    return {
      image: textAt(container, 'image') ?? '',
      ...(digest === undefined ? {} : { digest }),
      as: `what a task of ${group} uses`,
    };
  });
}

/** The digest in a reference counts first: a task reports that of one platform. */
function useIn(
  { image, digest, as }: Running,
  repository: string,
  home: Registry,
  images: readonly RepositoryImage[],
): readonly ImageUse[] {
  const named = ecrImageOf(image);
  if (!named || !isHomeRepository({ ...named, name: named.repository }, repository, home)) return [];
  const { tag, digest: pinned } = named;
  const tagged = images.find(({ tags }) => tag !== undefined && tags.includes(tag))?.digest;
  const found = pinned ?? digest ?? tagged;
  return found === undefined ? [] : [{ digest: found, as }];
}

function distinct(uses: readonly ImageUse[]): readonly ImageUse[] {
  return uses.filter(({ digest }, index) => uses.findIndex((other) => other.digest === digest) === index);
}

/** A push looks like the newest image. */
export function pushesTo(app: App | undefined, images: readonly RepositoryImage[]): Pushes {
  const tagged = images.flatMap(({ tags, pushedAt }) => tags.map((tag) => ({ tag, tags, pushedAt })));
  const newest =
    (app && newestOf(app.image, tagged)) ?? tagged.toSorted((a, b) => b.pushedAt - a.pushedAt)[0];
  const followed = app?.image.tags.kind === 'digest' ? [app.image.tags.tag] : [];
  return { tags: newest?.tags ?? [], moving: [...followed, 'latest'] };
}
