import { advance } from '../advance.ts';
import type { App } from '../domain/app.ts';
import type { Finding, Listing } from '../domain/listing.ts';
import { repositoryKey } from '../domain/registry.ts';
import { rivalsOf } from '../domain/releases/ranking.ts';
import { seenElsewhere } from '../domain/releases/seenTags.ts';
import { compareImages, judgeTag } from '../domain/releases/tagPolicy.ts';
import type { AppState } from '../domain/state.ts';
import type { LedgerEntry } from '../domain/summaries.ts';
import type { TaggedImage } from '../ports.ts';
import type { Runtime } from '../runtime.ts';
import type { KnownImages } from '../store.ts';

/** How much the clocks of the functions and of ECR can differ, milliseconds. */
const CLOCK_SKEW = 60_000;

/** Within this time the event of a push arrives, milliseconds. Until then, it is not looked for. */
const ARRIVES_WITHIN = 10_000;

/** If a listing shows more old images than this for the first time, the one before it was incomplete. */
const MOST_RETAGS = 50;

/** All images of a repository. */
interface Listed {
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly images: readonly TaggedImage[];
}

/** What the search for an app's lost pushes needs. */
interface Search {
  readonly runtime: Runtime;
  readonly app: App;
  /** All tagged images, each name once. */
  readonly listed: readonly TaggedImage[];
  /**
   * What earlier listings showed; undefined until the first one is processed completely. Without images whose tag was
   * on another one since.
   */
  readonly known?: KnownImages;
  /** Images whose tag was seen on another image since the previous listing, and when: by name. */
  readonly returned: ReadonlyMap<string, number>;
  /** When the previous listing started, and this one. */
  readonly previous?: number;
  readonly startedAt: number;
  /** Images pushed at or before this time are older than Fairway. */
  readonly begin: number;
}

/** A search in progress. */
interface Progress extends Search {
  /** Whether images that the previous listing did not show were pushed after it. */
  readonly inOrder: boolean;
}

/**
 * Compares the images in ECR with what earlier listings showed, and processes new ones. Returns false if `mayGoOn`
 * stopped it: the next call continues there.
 */
export async function findLostPushes(
  runtime: Runtime,
  app: App,
  { startedAt, images }: Listed,
  listing: Listing,
  mayGoOn: () => boolean,
): Promise<boolean> {
  const state = await adopted(runtime, app);
  // Adopting what runs is an effect: it is retried, and announced if it keeps failing.
  if (state?.adoptedAt === undefined) return true;
  const stored = await runtime.store.knownImages(app.name);
  const isOther = stored?.repository !== undefined && stored.repository !== repositoryKey(app.image);
  const listed = [...new Map(images.map((image) => [nameOf(image), image])).values()];
  const returned = whatReturned(state, listed, listing, startedAt);
  const search: Search = {
    runtime,
    app,
    listed,
    returned,
    startedAt,
    ...(stored && !isOther && { known: without(stored, returned) }),
    ...(listing.listedAt !== undefined && { previous: listing.listedAt }),
    begin: isOther ? Math.max(state.adoptedAt, listing.since) : state.adoptedAt,
  };
  return processUnseen(search, mayGoOn);
}

/** The state of the app; adopts it now if Fairway has not yet. */
async function adopted(runtime: Runtime, app: App): Promise<AppState | undefined> {
  const stored = await runtime.store.load(app.name);
  if (stored?.state.adoptedAt !== undefined) return stored.state;
  await advance(runtime, app, { type: 'tick' });
  return (await runtime.store.load(app.name))?.state;
}

/** ECR shows nothing of a tag that left its image and returned; the look-up of the push between the two does. */
function whatReturned(
  state: AppState,
  listed: readonly TaggedImage[],
  { listedAt: previous, since }: Listing,
  startedAt: number,
): ReadonlyMap<string, number> {
  if (previous === undefined) return new Map();
  // Earlier than `since`, the app may have followed another repository.
  const from = Math.max(since, previous - CLOCK_SKEW);
  return new Map(
    listed.flatMap((image): [string, number][] => {
      const at = seenElsewhere(state, image);
      return at === undefined || at < from || at >= startedAt ? [] : [[nameOf(image), at]];
    }),
  );
}

function without(known: KnownImages, returned: ReadonlyMap<string, number>): KnownImages {
  if (returned.size === 0) return known;
  return { ...known, names: new Set([...known.names].filter((name) => !returned.has(name))) };
}

async function processUnseen(search: Search, mayGoOn: () => boolean): Promise<boolean> {
  const { runtime, app, listed, known } = search;
  const shown = listed.map(nameOf).filter((name) => known?.names.has(name));
  const unseen = listed.filter((image) => !known?.names.has(nameOf(image)));
  const isFirst = known === undefined || known.partial === true;
  if (!isFirst && unseen.length === 0 && shown.length === known.names.size) return true;
  const repository = repositoryKey(app.image);
  const remember = (names: Iterable<string>, partial: boolean) =>
    runtime.store.saveKnownImages(app.name, {
      names: new Set(names),
      repository,
      ...(partial && { partial }),
    });
  // Former targets of a tag are forgotten first: if this invocation dies and a tag returns to one, that push is found.
  if (known && shown.length < known.names.size) await remember(shown, isFirst);
  const old = unseen.filter((image) => isOlderThan(image, search.previous));
  const progress = { ...search, inOrder: old.length <= MOST_RETAGS };
  const done = new Set(shown);
  let isWhole = false;
  let isEarly = false;
  try {
    for (const image of newestFirst(app, unseen)) {
      if (!mayGoOn()) return false;
      if (runtime.now() - image.pushedAt < ARRIVES_WITHIN) {
        isEarly = true;
        continue;
      }
      const isEarlier = isFirst && image.pushedAt <= search.begin;
      await (isEarlier ? recordEarlier(runtime, app, image) : processPush(progress, image));
      done.add(nameOf(image));
    }
    isWhole = !isEarly;
    return isWhole;
  } finally {
    await remember(done, isFirst && !isWhole);
  }
}

/** The first image is released at once, and the others are then older. */
function newestFirst(app: App, images: readonly TaggedImage[]): readonly TaggedImage[] {
  return images.toSorted((a, b) => compareImages(app.image, b, a) || b.pushedAt - a.pushedAt);
}

async function recordEarlier(
  runtime: Runtime,
  app: App,
  { tag, digest, pushedAt, notAnImage }: TaggedImage,
): Promise<void> {
  if (notAnImage !== undefined && !judgeTag(app.image, tag).counts) return;
  const reason = notAnImage ?? 'pushed before Fairway managed this app: run `fairway deploy` to release it';
  const entry = { app: app.name, tag, digest, at: runtime.now(), pushedAt, outcome: 'ignored', reason };
  await runtime.store.recordPush(entry, false);
}

async function processPush(search: Progress, image: TaggedImage): Promise<void> {
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
 * Whether the ledger already has this push, since its event arrived after the last listing. A tag that points to an
 * earlier image again is a new push. An image that was only absent for a while is not.
 */
async function isProcessed(search: Search, image: TaggedImage): Promise<boolean> {
  const { runtime, app, known, previous, returned } = search;
  if (app.image.tags.kind === 'digest' || returned.has(nameOf(image))) return false;
  // Of a release of many services, the ledger is written last.
  const unwritten = pendingEntries((await runtime.store.load(app.name))?.state, image.tag);
  const entries = [...unwritten, ...(await runtime.store.pushes(app.name, image.tag))];
  const entry = entries.find(({ digest }) => digest === image.digest);
  if (!entry) return false;
  if (previous === undefined || entry.at >= previous - CLOCK_SKEW) return true;
  const pointsBack = entries.some(
    (other, place) =>
      other.digest !== image.digest && (place === 0 || known?.names.has(nameOf(other)) === true),
  );
  return !pointsBack;
}

/** Entries of the ledger that are still to be written, newest first. */
function pendingEntries(state: AppState | undefined, tag: string): readonly LedgerEntry[] {
  const pending = (state?.outbox ?? []).flatMap(({ effect }) =>
    effect.kind === 'recordPush' && effect.entry.tag === tag ? [effect.entry] : [],
  );
  return pending.toSorted((a, b) => b.at - a.at);
}

function findingOf(search: Search, image: TaggedImage, state: AppState): Finding {
  const { listed, known, previous, returned, startedAt } = search;
  const returnedAfter = returned.get(nameOf(image));
  const after = returnedAfter ?? previous;
  const tags = listed.filter(({ digest }) => digest === image.digest);
  const earlier = rivalsOf(state).filter(
    (rival) =>
      known?.names.has(nameOf(rival)) === true &&
      (previous === undefined || rival.pushedAt <= previous + CLOCK_SKEW),
  );
  return {
    after: earlier.map(nameOf),
    until: startedAt + CLOCK_SKEW,
    retag: returnedAfter !== undefined || isOlderThan(image, previous) || tags.length > 1,
    ...(after !== undefined && { since: after - CLOCK_SKEW }),
  };
}

/** Whether ECR had the digest, or may have had it, when the previous listing started. */
function isOlderThan({ pushedAt }: TaggedImage, previous: number | undefined): boolean {
  return previous !== undefined && pushedAt <= previous + CLOCK_SKEW;
}

function nameOf({ tag, digest }: { readonly tag: string; readonly digest: string }): string {
  return `${tag}@${digest}`;
}
