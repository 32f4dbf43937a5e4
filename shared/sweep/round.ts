import { advance } from '../advance.ts';
import type { App } from '../domain/app.ts';
import {
  failed,
  isDue,
  isOverdue,
  isStuck,
  type Listing,
  listingsOf,
  OVERDUE_MESSAGE,
  succeeded,
} from '../domain/listing.ts';
import { repositoryKey } from '../domain/registry.ts';
import { inParallel } from '../parallel.ts';
import { whyRefused } from '../perform/refusals.ts';
import { AwsFault, type Images, type TaggedImage } from '../ports.ts';
import type { Runtime } from '../runtime.ts';
import { findLostPushes } from './lostPushes.ts';
import { findMissedRuns } from './missedRuns.ts';

/** Nothing is started when less than this is left of the invocation, milliseconds: a call that hangs is retried. */
const LAST_MOMENT = 20_000;
/** How much time of an invocation one repository may take while others wait, milliseconds. */
const SLICE = 15_000;
/** How many repositories are listed at the same time. */
const WIDTH = 8;
/** Unfinished listings by repository. They are lost with the instance of the function. */
export type Unfinished = Map<string, Part>;
interface Part {
  readonly startedAt: number;
  readonly images: readonly TaggedImage[];
  /** Where the listing continues; absent if it is complete, but its images are not all processed. */
  readonly next?: string;
}

/** A repository and its apps, which share its listing. */
interface Repository {
  readonly key: string;
  readonly apps: readonly App[];
}

interface Round {
  readonly runtime: Runtime;
  readonly images: Images;
  readonly unfinished: Unfinished;
  readonly listings: Map<string, Listing>;
  readonly failures: { readonly app: string; readonly why: string }[];
}

/**
 * Lists the repositories that are due, and those of `wanted` apps. Starts with those that wait longest, and lists as
 * many as the invocation has time for.
 */
export async function listRepositories(
  runtime: Runtime,
  images: Images,
  unfinished: Unfinished,
  wanted: ReadonlySet<string>,
): Promise<void> {
  const { apps } = runtime.configuration;
  const listings = listingsOf(apps, await runtime.store.listings(), runtime.now());
  const round: Round = { runtime, images, unfinished, listings, failures: [] };
  const due = dueRepositories(round, wanted);
  if (due.length > 0) {
    await inParallel(due, { width: WIDTH, mayGoOn: () => hasTime(runtime, LAST_MOMENT) }, (repository) =>
      listOne(round, repository),
    );
    await announceFailures(round);
    await runtime.store.saveListings(listings);
  }
  report(round);
}

function dueRepositories(
  { runtime, unfinished, listings }: Round,
  wanted: ReadonlySet<string>,
): readonly Repository[] {
  const now = runtime.now();
  return [...appsByRepository(runtime.configuration.apps)]
    .map(([key, own]) => {
      const of = own.flatMap((app) => listings.get(app.name) ?? []);
      return { key, apps: own, of, waitsSince: waitsSince(of, unfinished.get(key)) };
    })
    .filter(
      ({ key, apps: own, of }) =>
        unfinished.has(key) ||
        own.some((app) => wanted.has(app.name)) ||
        of.some((listing) => isDue(listing, now)),
    )
    .toSorted((a, b) => a.waitsSince - b.waitsSince);
}

function appsByRepository(apps: readonly App[]): ReadonlyMap<string, readonly App[]> {
  const grouped = new Map<string, App[]>();
  for (const app of apps) {
    const key = repositoryKey(app.image);
    const own = grouped.get(key);
    if (own) own.push(app);
    else grouped.set(key, [app]);
  }
  return grouped;
}

function waitsSince(listings: readonly Listing[], part: Part | undefined): number {
  return part?.startedAt ?? Math.min(...listings.map(({ triedAt = 0 }) => triedAt));
}

async function listOne(round: Round, { key, apps }: Repository): Promise<void> {
  const { runtime, unfinished, listings } = round;
  const until = runtime.now() + SLICE;
  const mayGoOn = () => runtime.now() < until && hasTime(runtime, LAST_MOMENT);
  for (const app of apps) {
    await checkSchedules(round, app);
    update(listings, app, (listing) => ({ ...listing, triedAt: runtime.now() }));
  }
  const part = await listPages(round, key, apps, mayGoOn);
  if (!part || part.next !== undefined) return;
  let isWhole = true;
  for (const app of apps) {
    const listing = listings.get(app.name);
    // Skips apps that are done: another app of the repository may have taken all the time of an earlier sweep.
    if (!listing || listing.listedAt === part.startedAt) continue;
    await attempt(round, app, async () => {
      const isDone = await findLostPushes(runtime, app, part, listing, mayGoOn);
      if (isDone) update(listings, app, (before) => succeeded(before, part.startedAt, runtime.now()));
      else isWhole = false;
    });
  }
  if (isWhole) unfinished.delete(key);
}

/** Continues the listing as far as the time allows. Undefined if it failed. */
async function listPages(
  round: Round,
  key: string,
  apps: readonly App[],
  mayGoOn: () => boolean,
): Promise<Part | undefined> {
  const { images, unfinished, runtime } = round;
  const [first] = apps;
  let part = unfinished.get(key);
  if (!first) return part;
  try {
    do {
      if (part && part.next === undefined) break;
      const page = await images.tagged(first.image, part?.next);
      part = {
        startedAt: part?.startedAt ?? runtime.now(),
        images: [...(part?.images ?? []), ...page.images],
        ...(page.next !== undefined && { next: page.next }),
      };
      unfinished.set(key, part);
    } while (mayGoOn());
    return part;
  } catch (error) {
    // ECR may no longer accept the token.
    if (!isPassing(error)) unfinished.delete(key);
    for (const app of apps) fail(round, app, error);
    return undefined;
  }
}

async function checkSchedules({ runtime, failures }: Round, app: App): Promise<void> {
  try {
    await findMissedRuns(runtime, app);
  } catch (error) {
    failures.push({ app: app.name, why: `its schedules could not be checked: ${String(error)}` });
  }
}

async function attempt(round: Round, app: App, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    fail(round, app, error);
  }
}

function fail({ listings, failures, runtime }: Round, app: App, error: unknown): void {
  const why = error instanceof AwsFault ? whyRefused(error) : String(error);
  failures.push({ app: app.name, why });
  update(listings, app, (listing) => failed(listing, why, isPassing(error), runtime.now()));
}

/** Other errors than faults of AWS may be temporary. */
function isPassing(error: unknown): boolean {
  return !(error instanceof AwsFault) || error.passing;
}

/** Announces once that a listing keeps failing. */
async function announceFailures(round: Round): Promise<void> {
  const { runtime, listings } = round;
  for (const app of runtime.configuration.apps) {
    const listing = listings.get(app.name);
    const { failure } = listing ?? {};
    if (!listing || !failure || !isStuck(listing, runtime.now())) continue;
    await attempt(round, app, async () => {
      const { since, why } = failure;
      await advance(runtime, app, { type: 'listingFailed', since, why });
      listings.set(app.name, { ...listing, failure: { ...failure, announced: true } });
    });
  }
}

/** Logs one line for all failures. */
function report({ runtime, listings, failures }: Round): void {
  const [first] = failures;
  if (first)
    runtime.log('failed to look for lost pushes', {
      apps: failures.map(({ app }) => app),
      why: first.why,
    });
  const overdue = [...listings].filter(([, listing]) => isOverdue(listing, runtime.now()));
  if (overdue.length > 0) runtime.log(OVERDUE_MESSAGE, { apps: overdue.map(([name]) => name) });
}

function update(listings: Map<string, Listing>, app: App, change: (listing: Listing) => Listing): void {
  const listing = listings.get(app.name);
  if (listing) listings.set(app.name, change(listing));
}

export function hasTime(runtime: Runtime, span: number): boolean {
  return runtime.deadline() - runtime.now() >= span;
}
