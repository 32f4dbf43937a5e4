import type { App } from '../domain/app.ts';
import type { AppState, PendingEffect } from '../domain/state.ts';
import { AwsFault } from '../ports.ts';
import type { Runtime } from '../runtime.ts';
import { reload, save } from '../saving.ts';
import type { Lease, Stored } from '../store.ts';
import { asRetries, decideOnAnswers, type Performed, performBatch } from './answers.ts';
import { hasMore, isRead, isRepeatable, nextBatch, waitForRate } from './batch.ts';

/** Time that one more batch may need. */
const LAST_MOMENT = 8_000;
/** As long as an invocation waits for ECS's rates without a look at what else was ordered, milliseconds. */
const LONGEST_WAIT = 5_000;

/** How far the holder of a lease is: what was saved last, and what has been decided since. */
interface Progress {
  readonly saved: Stored;
  readonly state: AppState;
  /** Answers that `state` knows and the table does not. */
  readonly unsaved: readonly Performed[];
}

/**
 * Performs what is pending, in batches, until nothing is, or time runs short. Answers are saved at once, except for
 * those of effects that are repeated without harm: they are saved with the next ones, but before anything is done that
 * follows from them.
 */
export async function performAll(runtime: Runtime, app: App, taken: Stored): Promise<void> {
  let progress: Progress | undefined = savedAs(taken);
  while (progress?.saved.lease) progress = await step(runtime, app, progress);
}

async function step(runtime: Runtime, app: App, progress: Progress): Promise<Progress | undefined> {
  const batch = hasTime(runtime) ? nextBatch(runtime, progress.state) : [];
  const [first] = batch;
  if (first === undefined) return pause(runtime, app, progress);
  const follows = progress.unsaved.some(({ entry }) => isRead(entry.effect)) && !isRead(first.effect);
  if (follows || repeats(progress, batch)) return saveAnswers(runtime, app, progress);
  const performed = await performBatch(runtime, app, progress.state, batch);
  const next = decided(runtime, app, progress, performed);
  return isRepeatable(first.effect) && hasMore(runtime, next.state) ? next : saveAnswers(runtime, app, next);
}

/**
 * An unsaved answer is about the same key. Decided on again after a write of someone else, two answers of one key would
 * settle what that write wants, although it was not performed.
 */
function repeats({ unsaved }: Progress, batch: readonly PendingEffect[]): boolean {
  return batch.some(({ key }) => unsaved.some(({ entry }) => entry.key === key));
}

/** Nothing can be performed now: waits for ECS's rates, or gives the lease back. */
async function pause(runtime: Runtime, app: App, progress: Progress): Promise<Progress | undefined> {
  if (progress.unsaved.length > 0) return saveAnswers(runtime, app, progress);
  const wait = hasTime(runtime) ? waitForRate(runtime, progress.state) : undefined;
  if (wait === undefined) return giveBackLease(runtime, app, progress.saved);
  await runtime.sleep(Math.max(100, Math.min(wait, LONGEST_WAIT)));
  // What was ordered meanwhile is performed first.
  const fresh = await reload(runtime, app, progress.saved);
  return fresh && savedAs(fresh);
}

function savedAs(saved: Stored): Progress {
  return { saved, state: saved.state, unsaved: [] };
}

/** Decides on answers. Those on which no decision can be made become retries. */
function decided(runtime: Runtime, app: App, progress: Progress, performed: readonly Performed[]): Progress {
  const { saved, unsaved } = progress;
  try {
    const state = decideOnAnswers(runtime, app, progress.state, performed);
    return { saved, state, unsaved: [...unsaved, ...performed] };
  } catch (error) {
    const retries = asRetries(runtime, app, performed, error);
    const state = decideOnAnswers(runtime, app, progress.state, retries);
    return { saved, state, unsaved: [...unsaved, ...retries] };
  }
}

/**
 * Saves the answers together, or else one by one. One that cannot be saved becomes a retry. An outage of the table is
 * thrown, so that Lambda retries; so is what saving the retry throws.
 */
async function saveAnswers(runtime: Runtime, app: App, progress: Progress): Promise<Progress | undefined> {
  try {
    return await saveOrAgain(runtime, app, progress);
  } catch (error) {
    if (error instanceof AwsFault && error.passing) throw error;
    let next: Progress | undefined = savedAs(progress.saved);
    for (const one of progress.unsaved) {
      if (next)
        next = await saveOne(runtime, app, next, one, progress.unsaved.length === 1 ? error : undefined);
    }
    return next;
  }
}

/** `known`: why it cannot be saved, if that was tried. */
async function saveOne(
  runtime: Runtime,
  app: App,
  before: Progress,
  one: Performed,
  known: unknown,
): Promise<Progress | undefined> {
  try {
    if (known !== undefined) throw known;
    return await saveOrAgain(runtime, app, decided(runtime, app, before, [one]));
  } catch (error) {
    if (error instanceof AwsFault && error.passing) throw error;
    return saveOrAgain(runtime, app, decided(runtime, app, before, asRetries(runtime, app, [one], error)));
  }
}

/**
 * One write for all answers; with nothing left to do, it gives the lease back. If someone else has written since, the
 * answers are decided on again. Undefined: the lease was lost.
 */
async function saveOrAgain(runtime: Runtime, app: App, progress: Progress): Promise<Progress | undefined> {
  let { saved, state } = progress;
  for (;;) {
    const lease = hasMore(runtime, state) ? oneWriteOn(saved.lease) : undefined;
    const next = await save(runtime, saved, state, lease);
    if (next) return savedAs(next);
    const fresh = await reload(runtime, app, progress.saved);
    if (!fresh) return undefined;
    // The write succeeded unheard, and someone else has written after it: what they want now has no answer yet.
    if (lease && fresh.lease?.writes === lease.writes) return savedAs(fresh);
    saved = fresh;
    state = decideOnAnswers(runtime, app, fresh.state, progress.unsaved);
  }
}

function oneWriteOn(lease: Lease | undefined): Lease | undefined {
  return lease && { ...lease, writes: (lease.writes ?? 0) + 1 };
}

/** Gives the lease back. Answers the item again if something came in between that is to be done. */
async function giveBackLease(runtime: Runtime, app: App, before: Stored): Promise<Progress | undefined> {
  let stored = before;
  for (;;) {
    if (await save(runtime, stored, stored.state, undefined)) return undefined;
    const fresh = await reload(runtime, app, before);
    if (!fresh) return undefined;
    if (hasTime(runtime) && hasMore(runtime, fresh.state)) return savedAs(fresh);
    stored = fresh;
  }
}

function hasTime(runtime: Runtime): boolean {
  return runtime.deadline() - runtime.now() >= LAST_MOMENT;
}
