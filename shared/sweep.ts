import { advance, type World } from './advance.ts';
import type { App } from './domain/app.ts';
import { counted } from './domain/counted.ts';
import { judgeTag } from './domain/policy.ts';
import { scheduleName } from './domain/runs/schedules.ts';
import type { AppState } from './domain/state.ts';
import { missedTimes } from './missed.ts';
import type { Images, Stored, TaggedImage } from './ports.ts';
import { type FailingApps, tickFailed } from './sweepFailures.ts';

/** How many apps are taken further at the same time. */
const WIDTH = 8;
/** Tagged images are listed this often; a little less than five minutes, for ticks come a little early, too. */
const LISTING_EVERY = 4.5 * 60_000;

/** What an instance of the function remembers from one tick to the next. */
export interface SweepMemory {
  /** When images were last listed for every app, epoch milliseconds; 0 for a new instance. */
  listedAt: number;
  /** Apps whose last ticks failed. */
  failing?: FailingApps;
}

/**
 * Advances whatever is due; every few minutes also looks for pushes and schedules' calls that were lost.
 * Throws when an app could not be advanced, after all others had their turn: an alarm counts the function's errors.
 */
export async function sweep(world: World, images: Images, memory: SweepMemory): Promise<void> {
  const { apps } = world.configuration;
  const due = new Set(await world.store.due(world.now()));
  const errors = await advanceDue(
    world,
    apps.filter((app) => due.has(app.name)),
    memory,
  );
  await findAllLost(world, images, memory);
  if (errors.length > 0) throw new AggregateError(errors, `failed for ${counted(errors.length, 'app')}`);
}

/** Answers what was thrown. */
async function advanceDue(world: World, apps: readonly App[], memory: SweepMemory): Promise<unknown[]> {
  const errors: unknown[] = [];
  memory.failing ??= new Map();
  const { failing } = memory;
  await inParallel(
    apps,
    async (app) => {
      await advance(world, app, { type: 'tick' });
      failing.delete(app.name);
    },
    async (app, error) => {
      errors.push(error);
      await tickFailed(world, failing, app, error);
    },
  );
  return errors;
}

async function findAllLost(world: World, images: Images, memory: SweepMemory): Promise<void> {
  const { apps } = world.configuration;
  const now = world.now();
  if (now - memory.listedAt < LISTING_EVERY) return;
  const listing = rememberListings(images);
  let all = true;
  await inParallel(
    apps,
    (app) => findLost(world, listing, app),
    async (app, error) => {
      all = false;
      world.log('sweep failed for an app', { app: app.name, error }, 'error');
    },
  );
  if (all) memory.listedAt = now;
}

async function findLost(world: World, listing: Listing, app: App): Promise<void> {
  const stored = await world.store.load(app.name);
  await findMissedRuns(world, app, stored?.state.schedules ?? {});
  await findLostPushes(world, listing, app, stored);
}

/** Holds schedules against the calls that came. A schedule is first remembered when it is first seen. */
async function findMissedRuns(world: World, app: App, memories: AppState['schedules']): Promise<void> {
  for (const task of app.tasks.filter(({ schedule }) => schedule !== undefined)) {
    const memory = memories[task.name];
    const known = memory?.schedule === scheduleName(task);
    const missed = memory && known ? missedTimes(task, memory, world.now()) : [];
    if (known && missed.length === 0) continue;
    await advance(world, app, { type: 'scheduleChecked', task: task.name, missed });
  }
  const scheduled = app.tasks.flatMap(({ name, schedule }) => (schedule ? [name] : []));
  for (const task of Object.keys(memories).filter((name) => !scheduled.includes(name)))
    await advance(world, app, { type: 'scheduleChecked', task, missed: [] });
}

/** Holds what ECR has against what was seen before. */
async function findLostPushes(
  world: World,
  listing: Listing,
  app: App,
  loaded: Stored | undefined,
): Promise<void> {
  const listed = await listing(app.image.repository);
  let stored = loaded;
  if (stored?.state.adoptedAt === undefined) {
    await advance(world, app, { type: 'tick' });
    stored = await world.store.load(app.name);
  }
  const adoptedAt = stored?.state.adoptedAt;
  if (adoptedAt === undefined) return;
  const known = await world.store.knownImages(app.name);
  const unseen = listed.filter((image) => !known?.has(nameOf(image)));
  if (unseen.length === 0 && known !== undefined) return;
  await forgetMoved(world, app, listed, known);
  for (const image of unseen.toSorted((a, b) => a.pushedAt - b.pushedAt)) {
    // What a later listing shows for the first time came after Fairway, however old the image is.
    const before = known === undefined && image.pushedAt <= adoptedAt;
    await (before ? recordEarlier(world, app, image) : seeThrough(world, app, image));
  }
  await world.store.saveKnownImages(app.name, new Set(listed.map(nameOf)));
}

/**
 * What a tag does not point at any more is forgotten before anything else: if this invocation dies, and the tag comes
 * back meanwhile, that push is seen.
 */
async function forgetMoved(
  world: World,
  app: App,
  listed: readonly TaggedImage[],
  known: ReadonlySet<string> | undefined,
): Promise<void> {
  if (known === undefined) return;
  const still = listed.map(nameOf).filter((name) => known.has(name));
  if (still.length < known.size) await world.store.saveKnownImages(app.name, new Set(still));
}

async function recordEarlier(
  world: World,
  app: App,
  { tag, digest, pushedAt, notAnImage }: TaggedImage,
): Promise<void> {
  if (notAnImage !== undefined && !judgeTag(app.image, tag).counts) return;
  const reason =
    notAnImage ?? 'pushed before Fairway looked after this app: deploy it by hand if it is wanted';
  const entry = { app: app.name, tag, digest, at: world.now(), pushedAt, outcome: 'ignored', reason };
  await world.store.recordPush(entry, false);
}

async function seeThrough(world: World, app: App, image: TaggedImage): Promise<void> {
  const { tag, digest, pushedAt, notAnImage } = image;
  // A moving tag may come back to an image that the ledger knows already.
  if (app.image.tags.kind !== 'digest') {
    const entries = await world.store.pushes(app.name, tag);
    if (entries.some((entry) => entry.digest === digest)) return;
  }
  world.log('a push was found whose event was lost', { app: app.name, tag, digest });
  const why = notAnImage === undefined ? {} : { notAnImage };
  await advance(world, app, { type: 'imagePushed', tag, digest, at: pushedAt, source: 'sweep', ...why });
}

type Listing = (repository: string) => Promise<readonly TaggedImage[]>;

/** Apps that share a repository share its listing. */
function rememberListings(images: Images): Listing {
  const listings = new Map<string, Promise<readonly TaggedImage[]>>();
  return (repository) => {
    const known = listings.get(repository) ?? images.tagged(repository);
    listings.set(repository, known);
    return known;
  };
}

function nameOf(image: TaggedImage): string {
  return `${image.tag}@${image.digest}`;
}

/** One app's failure must not delay the others: it goes to `failed`, and the next sweep retries. */
async function inParallel(
  apps: readonly App[],
  work: (app: App) => Promise<void>,
  failed: (app: App, error: unknown) => Promise<void>,
): Promise<void> {
  const queue = [...apps];
  const worker = async () => {
    for (let app = queue.shift(); app; app = queue.shift()) {
      try {
        await work(app);
      } catch (error) {
        await failed(app, error);
      }
    }
  };
  await Promise.all(Array.from({ length: WIDTH }, worker));
}
