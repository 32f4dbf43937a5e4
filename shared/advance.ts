import type { Answer } from './domain/answers.ts';
import type { App } from './domain/app.ts';
import { dueAt } from './domain/decide/ticks.ts';
import { decide, initialState } from './domain/decide.ts';
import type { Decision, DomainEvent } from './domain/events.ts';
import type { AppState, PendingEffect } from './domain/state.ts';
import { nextBatch, waitForRate } from './perform/batch.ts';
import { performEffect, retryOf } from './perform/effect.ts';
import { AwsFault, type Lease, type Stored } from './ports.ts';
import type { Runtime } from './runtime.ts';

/** Time that one more effect may need. */
const LAST_MOMENT = 8_000;
/** As long as an invocation waits for ECS's rates without a look at what else was ordered, milliseconds. */
const LONGEST_WAIT = 5_000;
/** Clocks of two functions may differ by this much. */
const CLOCK_SKEW = 60_000;

/**
 * Takes an app one event further: decides, saves what was decided together with what is to be done,
 * and performs that, unless another invocation is performing already: then that one will.
 * Throws when the store cannot be reached; the event is then delivered again.
 */
export async function advance(runtime: Runtime, app: App, event: DomainEvent): Promise<Decision> {
  const { decision, mine } = await decideAndClaim(runtime, app, event);
  if (mine) await performAll(runtime, app, mine);
  return decision;
}

/** Saves the decision about an event, and takes the lease if there is something to do and no one does it. */
async function decideAndClaim(
  runtime: Runtime,
  app: App,
  event: DomainEvent,
): Promise<{ decision: Decision; mine?: Stored }> {
  for (;;) {
    const stored = (await runtime.store.load(app.name)) ?? { state: initialState(app.name), version: 0 };
    const held = stored.lease !== undefined && stored.lease.until > runtime.now();
    const died = !held && stored.lease !== undefined;
    const before = died ? suspectDue(stored.state, runtime.now()) : stored.state;
    const decision = decide(before, event, circumstances(runtime, app, held));
    logDecision(runtime, app, event, decision);
    const claims = !held && hasMore(runtime, decision.state);
    if (!decision.changed && !claims) return { decision };

    const next = await save(
      runtime,
      stored,
      decision.state,
      claims ? newLease(runtime) : held ? stored.lease : undefined,
    );
    if (next) return claims ? { decision, mine: next } : { decision };
  }
}

/** Performs what is pending, in batches, until nothing is, or time runs short. */
async function performAll(runtime: Runtime, app: App, taken: Stored): Promise<void> {
  let stored: Stored | undefined = taken;
  while (stored?.lease) {
    const batch = hasTime(runtime) ? nextBatch(runtime, stored.state) : [];
    if (batch.length > 0) {
      const performed = await performBatch(runtime, app, stored.state, batch);
      stored = await saveAnswersOrRetry(runtime, app, stored, performed);
      continue;
    }
    const wait = hasTime(runtime) ? waitForRate(runtime, stored.state) : undefined;
    stored =
      wait === undefined
        ? await giveBackLease(runtime, app, stored)
        : await afterWaiting(runtime, app, stored, wait);
  }
}

/** The item as it is after the wait, so that what was ordered meanwhile is performed first. */
async function afterWaiting(
  runtime: Runtime,
  app: App,
  stored: Stored,
  wait: number,
): Promise<Stored | undefined> {
  await runtime.sleep(Math.max(100, Math.min(wait, LONGEST_WAIT)));
  return reload(runtime, app, stored);
}

function hasTime(runtime: Runtime): boolean {
  return runtime.deadline() - runtime.now() >= LAST_MOMENT;
}

/** An effect and its answer. */
interface Performed {
  readonly entry: PendingEffect;
  readonly answer: Answer;
}

/** Performs effects side by side. If this invocation dies, all of them may have been done: the next one knows that. */
function performBatch(
  runtime: Runtime,
  app: App,
  state: AppState,
  batch: readonly PendingEffect[],
): Promise<readonly Performed[]> {
  return Promise.all(
    batch.map(async (entry) => ({ entry, answer: await attempt(runtime, app, state, entry) })),
  );
}

/** Performs an effect. What that throws becomes a retry: one effect must not stop the whole app. */
async function attempt(runtime: Runtime, app: App, state: AppState, entry: PendingEffect): Promise<Answer> {
  try {
    return await performEffect(runtime, app, state, entry);
  } catch (error) {
    return retryAfter(runtime, app, entry, error);
  }
}

/**
 * Saves the answers. Answers that cannot be decided on or saved become retries as well. An outage of the table is thrown,
 * so that Lambda retries; so is what saving the retries throws.
 */
async function saveAnswersOrRetry(
  runtime: Runtime,
  app: App,
  before: Stored,
  performed: readonly Performed[],
): Promise<Stored | undefined> {
  try {
    return await saveAnswers(runtime, app, before, performed);
  } catch (error) {
    if (error instanceof AwsFault && error.passing) throw error;
    const retries = performed.map(({ entry }) => ({
      entry,
      answer: retryAfter(runtime, app, entry, error),
    }));
    return saveAnswers(runtime, app, before, retries);
  }
}

function retryAfter(runtime: Runtime, app: App, { effect, attempt }: PendingEffect, error: unknown): Answer {
  runtime.log('effect failed', { app: app.name, effect: effect.kind, attempt, error }, 'error');
  return retryOf(error, attempt);
}

/**
 * Saves the answers in one write; with nothing left to do, gives the lease back in the same write. Undefined: the lease
 * was lost.
 */
async function saveAnswers(
  runtime: Runtime,
  app: App,
  before: Stored,
  performed: readonly Performed[],
): Promise<Stored | undefined> {
  let stored = before;
  for (;;) {
    const state = decideOnAnswers(runtime, app, stored.state, performed);
    const next = await save(runtime, stored, state, hasMore(runtime, state) ? stored.lease : undefined);
    if (next) return next;
    const fresh = await reload(runtime, app, before);
    if (!fresh) return undefined;
    stored = fresh;
  }
}

/** One answer after the other. While some are not decided on yet, their effects may have been done. */
function decideOnAnswers(
  runtime: Runtime,
  app: App,
  before: AppState,
  performed: readonly Performed[],
): AppState {
  return setbacksLast(performed).reduce((state, { entry, answer }, index) => {
    const event: DomainEvent = { type: 'answered', key: entry.key, answer };
    const decision = decide(state, event, circumstances(runtime, app, index < performed.length - 1));
    logPerformed(runtime, app, entry, answer, decision);
    return decision.state;
  }, before);
}

/** What failed decides for the whole release: what was carried out beside it has to be known by then. */
function setbacksLast(performed: readonly Performed[]): readonly Performed[] {
  const isSetback = ({ answer: { kind } }: Performed) =>
    kind === 'refused' || kind === 'foreign' || kind === 'serviceDeploymentsRead';
  return [...performed.filter((one) => !isSetback(one)), ...performed.filter(isSetback)];
}

/** Whether there is something that this invocation can perform, now or after a short wait. */
function hasMore(runtime: Runtime, state: AppState): boolean {
  return nextBatch(runtime, state).length > 0 || waitForRate(runtime, state) !== undefined;
}

/** Gives the lease back. Answers the item again if something came in between that is to be done. */
async function giveBackLease(runtime: Runtime, app: App, before: Stored): Promise<Stored | undefined> {
  let stored = before;
  for (;;) {
    if (await save(runtime, stored, stored.state, undefined)) return undefined;
    const fresh = await reload(runtime, app, before);
    if (!fresh) return undefined;
    if (hasTime(runtime) && hasMore(runtime, fresh.state)) return fresh;
    stored = fresh;
  }
}

/**
 * The item as it is now, if the lease on it is still ours. If not, this is no failure: the event is saved, the invocation
 * that took over does the rest, and Lambda's retry would decide about the same event once more.
 */
async function reload(runtime: Runtime, app: App, before: Stored): Promise<Stored | undefined> {
  const fresh = await runtime.store.load(app.name);
  if (fresh?.lease?.owner === before.lease?.owner) return fresh;
  runtime.log('lease lost', { app: app.name, holder: fresh?.lease?.owner });
  return undefined;
}

async function save(
  runtime: Runtime,
  stored: Stored,
  state: AppState,
  lease: Lease | undefined,
): Promise<Stored | undefined> {
  const next: Stored = { state, version: stored.version + 1, ...(lease === undefined ? {} : { lease }) };
  const result = await runtime.store.save(next, dueAt(state, lease?.until));
  return result === 'saved' ? next : undefined;
}

/** The last holder died: whatever was due then, by its clock, may have been done. A decision has to know. */
function suspectDue(state: AppState, now: number): AppState {
  const outbox = state.outbox.map((entry) =>
    (entry.notBefore ?? 0) <= now + CLOCK_SKEW ? { ...entry, attempt: entry.attempt + 1 } : entry,
  );
  return { ...state, outbox };
}

function newLease(runtime: Runtime): Lease {
  return { owner: runtime.owner, until: runtime.deadline() + CLOCK_SKEW };
}

function circumstances(runtime: Runtime, app: App, contended: boolean) {
  return { app, now: runtime.now(), freshId: runtime.freshId(), contended };
}

function logDecision(runtime: Runtime, app: App, event: DomainEvent, decision: Decision): void {
  const { reason, changed } = decision;
  runtime.log('decided', { app: app.name, event: event.type, reason, changed });
}

function logPerformed(
  runtime: Runtime,
  app: App,
  { effect: { kind }, attempt }: PendingEffect,
  { kind: answer }: Answer,
  { reason }: Decision,
): void {
  runtime.log('performed', { app: app.name, effect: kind, attempt, answer, reason });
}
