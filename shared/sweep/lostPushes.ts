import { advance, type Runtime } from '../advance.ts';
import type { App } from '../domain/app.ts';
import type { Finding } from '../domain/events.ts';
import type { Listing } from '../domain/listing.ts';
import { rivalsOf } from '../domain/releases/ranking.ts';
import { compareImages, judgeTag } from '../domain/releases/tagPolicy.ts';
import type { AppState } from '../domain/state.ts';
import type { KnownImages, TaggedImage } from '../ports.ts';

/** Clocks of functions, and ECR's, may differ by this much. */
const CLOCK_SKEW = 60_000;

/** A listing that suddenly shows more old images than this follows one that left some out. */
const MOST_RETAGS = 50;

/** What an app's search for lost pushes goes by. */
interface Search {
  readonly runtime: Runtime;
  readonly app: App;
  /** Everything that is tagged now, each name once. */
  readonly listed: readonly TaggedImage[];
  /** What the earlier listings have shown; undefined before the first one was processed whole. */
  readonly known?: KnownImages;
  /** When the listing before this one began. */
  readonly previous?: number;
  /** Images of this time and before are from before Fairway. */
  readonly begin: number;
}

/** A search that has begun. */
interface Progress extends Search {
  /** Whether what the listing before did not show came after it. */
  readonly inOrder: boolean;
}

/**
 * Compares what ECR has with what earlier listings have shown, and processes what is new. Answers false when
 * `mayGoOn` ended it before: then it continues from there the next time.
 */
export async function findLostPushes(
  runtime: Runtime,
  app: App,
  images: readonly TaggedImage[],
  listing: Listing,
  mayGoOn: () => boolean,
): Promise<boolean> {
  const adoptedAt = await adopted(runtime, app);
  // The look at what runs is retried, and announced, like every other effect.
  if (adoptedAt === undefined) return true;
  const stored = await runtime.store.knownImages(app.name);
  const isOther = stored?.repository !== undefined && stored.repository !== app.image.repository;
  const search: Search = {
    runtime,
    app,
    listed: [...new Map(images.map((image) => [nameOf(image), image])).values()],
    ...(stored && !isOther && { known: stored }),
    ...(listing.listedAt !== undefined && { previous: listing.listedAt }),
    begin: isOther ? Math.max(adoptedAt, listing.since) : adoptedAt,
  };
  return processUnseen(search, mayGoOn);
}

/** When the app was first seen: now, where that was not yet. */
async function adopted(runtime: Runtime, app: App): Promise<number | undefined> {
  const stored = await runtime.store.load(app.name);
  if (stored?.state.adoptedAt !== undefined) return stored.state.adoptedAt;
  await advance(runtime, app, { type: 'tick' });
  return (await runtime.store.load(app.name))?.state.adoptedAt;
}

async function processUnseen(search: Search, mayGoOn: () => boolean): Promise<boolean> {
  const { runtime, app, listed, known } = search;
  const shown = listed.map(nameOf).filter((name) => known?.names.has(name));
  const unseen = listed.filter((image) => !known?.names.has(nameOf(image)));
  const isFirst = known === undefined || known.partial === true;
  if (!isFirst && unseen.length === 0 && shown.length === known.names.size) return true;
  const { repository } = app.image;
  const remember = (names: Iterable<string>, partial: boolean) =>
    runtime.store.saveKnownImages(app.name, {
      names: new Set(names),
      repository,
      ...(partial && { partial }),
    });
  // Where a tag pointed before is forgotten first: if this invocation dies, and the tag comes back, that push is seen.
  if (known && shown.length < known.names.size) await remember(shown, isFirst);
  const old = unseen.filter((image) => isOlderThan(image, search.previous));
  const progress = { ...search, inOrder: old.length <= MOST_RETAGS };
  const done = new Set(shown);
  let isWhole = false;
  try {
    for (const image of newestFirst(app, unseen)) {
      if (!mayGoOn()) return false;
      const isEarlier = isFirst && image.pushedAt <= search.begin;
      await (isEarlier ? recordEarlier(runtime, app, image) : seeThrough(progress, image));
      done.add(nameOf(image));
    }
    isWhole = true;
    return true;
  } finally {
    await remember(done, isFirst && !isWhole);
  }
}

/** What comes first is released at once, and the others are older. */
function newestFirst(app: App, images: readonly TaggedImage[]): readonly TaggedImage[] {
  return images.toSorted((a, b) => compareImages(app.image, b, a) || b.pushedAt - a.pushedAt);
}

async function recordEarlier(
  runtime: Runtime,
  app: App,
  { tag, digest, pushedAt, notAnImage }: TaggedImage,
): Promise<void> {
  if (notAnImage !== undefined && !judgeTag(app.image, tag).counts) return;
  const reason =
    notAnImage ?? 'pushed before Fairway looked after this app: deploy it by hand if it is wanted';
  const entry = { app: app.name, tag, digest, at: runtime.now(), pushedAt, outcome: 'ignored', reason };
  await runtime.store.recordPush(entry, false);
}

async function seeThrough(search: Progress, image: TaggedImage): Promise<void> {
  const { runtime, app } = search;
  const { tag, digest, pushedAt, notAnImage } = image;
  if (await isProcessed(search, image)) return;
  runtime.log('a push was found whose event was lost', { app: app.name, tag, digest });
  const state = (await runtime.store.load(app.name))?.state;
  await advance(runtime, app, {
    type: 'imagePushed',
    tag,
    digest,
    at: pushedAt,
    source: 'sweep',
    ...(notAnImage !== undefined && { notAnImage }),
    ...(state && search.inOrder && { found: findingOf(search, image, state) }),
  });
}

/**
 * Whether the ledger has this push already: its event came since the last listing. A tag that points back at an image
 * it pointed at before is a new push; an image that was only absent for a while is none.
 */
async function isProcessed({ runtime, app, known, previous }: Search, image: TaggedImage): Promise<boolean> {
  if (app.image.tags.kind === 'digest') return false;
  const entries = await runtime.store.pushes(app.name, image.tag);
  const entry = entries.find(({ digest }) => digest === image.digest);
  if (!entry) return false;
  if (previous === undefined || entry.at >= previous - CLOCK_SKEW) return true;
  const pointsBack = entries.some(
    (other, place) =>
      other.digest !== image.digest && (place === 0 || known?.names.has(nameOf(other)) === true),
  );
  return !pointsBack;
}

function findingOf({ listed, known, previous }: Search, image: TaggedImage, state: AppState): Finding {
  const tags = listed.filter(({ digest }) => digest === image.digest);
  const earlier = rivalsOf(state).filter(
    (rival) =>
      known?.names.has(nameOf(rival)) === true &&
      (previous === undefined || rival.pushedAt <= previous + CLOCK_SKEW),
  );
  return {
    after: earlier.map(nameOf),
    retag: isOlderThan(image, previous) || tags.length > 1,
    ...(previous !== undefined && { since: previous - CLOCK_SKEW }),
  };
}

/** Whether ECR had the digest when the listing before this one began, or may have had. */
function isOlderThan({ pushedAt }: TaggedImage, previous: number | undefined): boolean {
  return previous !== undefined && pushedAt <= previous + CLOCK_SKEW;
}

function nameOf({ tag, digest }: { readonly tag: string; readonly digest: string }): string {
  return `${tag}@${digest}`;
}
