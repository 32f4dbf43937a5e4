export interface RevisionTag {
  readonly key: string;
  readonly value: string;
}

/** What our tags say of a revision. */
interface Provenance {
  readonly app: string;
  /** Other stacks of the account may register revisions of the same family for apps of the same name. */
  readonly stack: string;
  readonly release: { readonly id: string; readonly number: number };
  readonly image: { readonly tag: string };
  readonly gitRevision?: string;
  /** `family:revision` of the base, where that was chosen for being the newest of its family. */
  readonly latestBase?: string;
}

/** Most tags that ECS takes on a task definition. Source: Amazon ECS Developer Guide, "Tagging Amazon ECS resources". */
const MOST_TAGS = 50;
const RELEASE_ID = 'fairway:release-id';
const RELEASE = 'fairway:release';
const LATEST_BASE = 'fairway:latest-base';
/** The name of the app. */
export const APP_TAG = 'fairway:app';
/** The name of the stack that registered the revision. */
export const STACK_TAG = 'fairway:stack';

interface MergedTags {
  readonly tags: readonly RevisionTag[];
  /** Keys of the base's own tags that had to give way. */
  readonly dropped: readonly string[];
}

/** The base's tags, less those of AWS and of an earlier release, and ours. */
export function releaseTags(base: readonly RevisionTag[], provenance: Provenance): MergedTags {
  const { app, stack, release, image, gitRevision, latestBase } = provenance;
  const kept = base.filter((tag) => !isAws(tag) && !tag.key.startsWith('fairway:'));
  const rest = [
    ...(latestBase === undefined ? [] : [tag(LATEST_BASE, latestBase)]),
    tag(APP_TAG, app),
    tag(STACK_TAG, stack),
    tag(RELEASE, String(release.number)),
    tag('fairway:image-tag', image.tag),
    ...(gitRevision === undefined ? [] : [tag('fairway:git-revision', gitRevision)]),
  ];
  return merge(kept, tag(RELEASE_ID, release.id), rest);
}

/** The tags of a copy: what its image is stays true, who made it changes. */
export function copyTags(
  base: readonly RevisionTag[],
  release: { readonly id: string; readonly number: number; readonly stack: string },
): readonly RevisionTag[] {
  const changing = [RELEASE_ID, RELEASE, LATEST_BASE, STACK_TAG];
  const kept = base.filter((tag) => !isAws(tag) && !changing.includes(tag.key));
  return merge(kept, tag(RELEASE_ID, release.id), [
    tag(RELEASE, String(release.number)),
    tag(STACK_TAG, release.stack),
  ]).tags;
}

/** The id of the release that registered a revision; undefined for revisions that Fairway did not make. */
export function releaseIdOf(tags: readonly RevisionTag[]): string | undefined {
  return tags.find((tag) => tag.key === RELEASE_ID)?.value;
}

/** The base of a revision of ours, `family:revision`, if it was the newest that is not ours when this one was made. */
export function latestBaseOf(tags: readonly RevisionTag[]): string | undefined {
  return tags.find((tag) => tag.key === LATEST_BASE)?.value;
}

/** Whether Fairway made the revision. */
export function isOurs(tags: readonly RevisionTag[]): boolean {
  return releaseIdOf(tags) !== undefined;
}

/** Where they are too many ours give way, but for the release's id: it is how a lost answer is found again. */
function merge(kept: readonly RevisionTag[], id: RevisionTag, rest: readonly RevisionTag[]): MergedTags {
  const fitting = kept.slice(0, MOST_TAGS - 1);
  const room = MOST_TAGS - 1 - fitting.length;
  return {
    tags: [...fitting, id, ...rest.slice(0, room)],
    dropped: kept.slice(MOST_TAGS - 1).map(({ key }) => key),
  };
}

/** AWS reserves the prefix in any mixture of cases, and refuses a request that carries it. */
function isAws(tag: RevisionTag): boolean {
  return tag.key.toLowerCase().startsWith('aws:');
}

/** Values may hold letters, digits, spaces and `_ . : / = + - @`, 256 at most. Source: ECS API reference, Tag. */
function tag(key: string, value: string): RevisionTag {
  const allowed = value.replace(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, '-');
  return { key, value: [...allowed].slice(0, 256).join('') };
}
