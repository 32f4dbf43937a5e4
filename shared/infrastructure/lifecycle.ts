import type { JsonObject } from './json.ts';
import { listAt, textAt } from './json.ts';
import type { LifecycleRule } from './lifecycleRules.ts';

/**
 * What an ECR lifecycle policy does to the images of a repository. Pure.
 * Source: ECR user guide, "Lifecycle policy evaluation rules" and "Lifecycle policy properties".
 */

/** One image of a listing. Times are epoch milliseconds. */
export interface RepositoryImage {
  readonly digest: string;
  readonly tags: readonly string[];
  readonly pushedAt: number;
  readonly pulledAt?: number;
  /** When it was last restored from the archive: counts in place of `pushedAt`. */
  readonly activatedAt?: number;
  readonly archivedAt?: number;
  /** It is in the archive, from where it cannot be pulled. */
  readonly isArchived?: boolean;
  /** It names the images of several platforms. */
  readonly isIndex?: boolean;
  /** Digests of the indexes that name it: it stays as long as one of them does. */
  readonly referencedBy?: readonly string[];
}

/** An image that a policy removes. */
export interface Removal {
  readonly digest: string;
  readonly does: 'expire' | 'archive';
  /** The priority of the rule. */
  readonly rule: number;
}

export const INDEX_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];

const DAY = 24 * 3_600_000;

/** What the rules remove now. */
export function removalsBy(
  rules: readonly LifecycleRule[],
  images: readonly RepositoryImage[],
  now: number,
): readonly Removal[] {
  const removed = new Map<string, Removal>();
  const selected = new Set<string>();
  for (const rule of rules.toSorted((a, b) => a.priority - b.priority)) {
    const mine = images.filter((image) => selects(rule, image));
    for (const { digest } of counted(rule, mine, now))
      if (!selected.has(digest)) removed.set(digest, { digest, does: rule.does, rule: rule.priority });
    // A rule of higher priority decides about everything that it selects, also about what it keeps.
    for (const { digest } of mine) selected.add(digest);
  }
  return images.flatMap((image) => {
    const removal = removed.get(image.digest);
    return removal === undefined || isHeld(image, images, removed) ? [] : [removal];
  });
}

/** An image that an index names stays as long as the index. */
function isHeld(
  { referencedBy = [] }: RepositoryImage,
  images: readonly RepositoryImage[],
  removed: ReadonlyMap<string, Removal>,
): boolean {
  return referencedBy.some(
    (index) =>
      !removed.has(index) && images.some(({ digest, isArchived }) => digest === index && !isArchived),
  );
}

function selects(rule: LifecycleRule, { tags, isArchived = false }: RepositoryImage): boolean {
  if (isArchived !== (rule.storage === 'archive')) return false;
  switch (rule.tagStatus) {
    case 'any':
      return true;
    case 'untagged':
      return tags.length === 0;
    case 'tagged':
      return tags.length > 0 && rule.matchers.every((matches) => tags.some(matches));
  }
}

/** Of what a rule selects, what its count or age removes. */
function counted(
  { countType, count }: LifecycleRule,
  selected: readonly RepositoryImage[],
  now: number,
): readonly RepositoryImage[] {
  const isOlder = (at: number) => now - at > count * DAY;
  switch (countType) {
    case 'imageCountMoreThan':
      return selected.toSorted(youngestFirst).slice(count);
    case 'sinceImagePushed':
      return selected.filter((image) => isOlder(ageFrom(image)));
    case 'sinceImagePulled':
      return selected.filter((image) => isOlder(Math.max(image.pulledAt ?? 0, ageFrom(image))));
    case 'sinceImageTransitioned':
      return selected.filter(({ archivedAt }) => archivedAt !== undefined && isOlder(archivedAt));
  }
}

function ageFrom({ pushedAt, activatedAt }: RepositoryImage): number {
  return activatedAt ?? pushedAt;
}

function youngestFirst(a: RepositoryImage, b: RepositoryImage): number {
  return ageFrom(b) - ageFrom(a) || (a.digest < b.digest ? -1 : 1);
}

/** How further pushes look. */
export interface Pushes {
  /** The tags of a push: those of the newest image, which the same rules select. */
  readonly tags: readonly string[];
  /** Of these, the tags that move with each push: the image before loses them. */
  readonly moving: readonly string[];
}

/** How long an image stays. Absent: neither pushes nor time remove it. */
export interface Headroom {
  /** The push that removes it: 12 means that 11 more do not. */
  readonly pushes?: number;
  readonly days?: number;
}

/** Counts in ECR's quota: more images than this are not in a repository. */
const MOST_PUSHES = 4_096;
const MOST_DAYS = 3_650;

/** How soon the first of these digests is removed, if nothing else is deployed. */
export function headroomOf(
  digests: ReadonlySet<string>,
  rules: readonly LifecycleRule[],
  images: readonly RepositoryImage[],
  pushes: Pushes,
  now: number,
): Headroom {
  const removes = (listing: readonly RepositoryImage[], at: number) =>
    removalsBy(rules, listing, at).some(({ digest }) => digests.has(digest));
  const afterPushes = first(MOST_PUSHES, (count) => removes(pushed(images, count, pushes, now), now));
  const afterDays = first(MOST_DAYS, (count) => removes(images, now + count * DAY + 1));
  return {
    ...(afterPushes === undefined ? {} : { pushes: afterPushes }),
    ...(afterDays === undefined ? {} : { days: afterDays }),
  };
}

/** The listing after further pushes, each younger than the one before. */
function pushed(
  images: readonly RepositoryImage[],
  count: number,
  { tags, moving }: Pushes,
  now: number,
): readonly RepositoryImage[] {
  if (count === 0) return images;
  const own = tags.filter((tag) => !moving.includes(tag));
  const before = images.map((image) => ({
    ...image,
    tags: image.tags.filter((tag) => !moving.includes(tag)),
  }));
  const after = Array.from({ length: count }, (_, index) => ({
    digest: `push ${index + 1}`,
    tags: index + 1 === count ? tags : own,
    pushedAt: now + index + 1,
  }));
  const children = Array.from({ length: childrenOfEach(images) }, (_, index) => index + 1);
  const named = after.flatMap(({ digest, pushedAt }) =>
    children.map((child) => ({ digest: `${digest}, image ${child}`, tags: [], pushedAt })),
  );
  return [...before, ...after, ...named];
}

/** How many untagged images a push adds: those that its index names, on average. */
function childrenOfEach(images: readonly RepositoryImage[]): number {
  const indexes = images.filter(({ isIndex }) => isIndex).length;
  const children = images.filter(({ isIndex, tags }) => !isIndex && tags.length === 0).length;
  return indexes === 0 ? 0 : Math.round(children / indexes);
}

/** The lowest number up to `most` for which it holds, where it holds for every higher one. */
function first(most: number, holds: (count: number) => boolean): number | undefined {
  if (!holds(most)) return undefined;
  let [low, high] = [0, most];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Of the `imageDetails` of DescribeImages, which give times in seconds. */
export function imageIn(detail: JsonObject): RepositoryImage {
  const at = (member: string, name: string) =>
    typeof detail[member] === 'number' ? { [name]: Number(detail[member]) * 1000 } : {};
  return {
    digest: textAt(detail, 'imageDigest') ?? '',
    tags: listAt(detail, 'imageTags').map(String),
    pushedAt: Number(detail.imagePushedAt ?? 0) * 1000,
    ...at('lastRecordedPullTime', 'pulledAt'),
    ...at('lastActivatedAt', 'activatedAt'),
    ...at('lastArchivedAt', 'archivedAt'),
    ...(INDEX_TYPES.includes(textAt(detail, 'imageManifestMediaType') ?? '') ? { isIndex: true } : {}),
    ...(detail.imageStatus === 'ARCHIVED' ? { isArchived: true } : {}),
  };
}
