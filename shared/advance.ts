import type { Answer } from './domain/answers.ts';
import type { App } from './domain/app.ts';
import { dueAt } from './domain/decide/ticks.ts';
import { decide, initialState } from './domain/decide.ts';
import { urgencyOf } from './domain/effects.ts';
import type { Decision, DomainEvent } from './domain/events.ts';
import type { AppState, PendingEffect } from './domain/state.ts';
import { performEffect, retryOf } from './perform/effect.ts';
import { AwsFault, type Lease, type Stored } from './ports.ts';
import type { Runtime } from './runtime.ts';

/** Time that one more effect may need. */
const LAST_MOMENT = 8_000;
/** An effect that was attempted this often waits for all others that are due. */
const KEEPS_FAILING = 3;
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
    const claims = !held && nextEffect(decision.state, runtime.now()) !== undefined;
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

/** Performs what is pending, one effect after the other, until nothing is, or time runs short. */
async function performAll(runtime: Runtime, app: App, taken: Stored): Promise<void> {
  let stored = taken;
  for (;;) {
    const entry = nextEffect(stored.state, runtime.now());
    if (!entry || runtime.deadline() - runtime.now() < LAST_MOMENT) {
      const released = await giveBackLease(runtime, app, stored);
      if (!released) return;
      stored = released;
      continue;
    }
    const answer = await attempt(runtime, app, stored.state, entry);
    const next = await saveAnswerOrRetry(runtime, app, stored, entry, answer);
    if (!next) return;
    stored = next;
    if (!stored.lease) return;
  }
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
 * Saves the answer. An answer that cannot be decided on or saved becomes a retry as well. An outage of the table is
 * thrown, so that Lambda retries; so is what saving the retry throws.
 */
async function saveAnswerOrRetry(
  runtime: Runtime,
  app: App,
  before: Stored,
  entry: PendingEffect,
  answer: Answer,
): Promise<Stored | undefined> {
  const { key } = entry;
  try {
    return await saveAnswer(runtime, app, before, { type: 'answered', key, answer });
  } catch (error) {
    if (error instanceof AwsFault && error.passing) throw error;
    const retry = retryAfter(runtime, app, entry, error);
    return saveAnswer(runtime, app, before, { type: 'answered', key, answer: retry });
  }
}

function retryAfter(runtime: Runtime, app: App, { effect, attempt }: PendingEffect, error: unknown): Answer {
  runtime.log('effect failed', { app: app.name, effect: effect.kind, attempt, error }, 'error');
  return retryOf(error, attempt);
}

/** Saves the answer; with nothing left to do, gives the lease back in the same write. Undefined: the lease was lost. */
async function saveAnswer(
  runtime: Runtime,
  app: App,
  before: Stored,
  event: DomainEvent,
): Promise<Stored | undefined> {
  let stored = before;
  for (;;) {
    const decision = decide(stored.state, event, circumstances(runtime, app, false));
    logDecision(runtime, app, event, decision);
    const more = nextEffect(decision.state, runtime.now()) !== undefined;
    const next = await save(runtime, stored, decision.state, more ? stored.lease : undefined);
    if (next) return next;
    const fresh = await reload(runtime, app, before);
    if (!fresh) return undefined;
    stored = fresh;
  }
}

/** Gives the lease back. Answers the item again if something came in between that is to be done. */
async function giveBackLease(runtime: Runtime, app: App, before: Stored): Promise<Stored | undefined> {
  let stored = before;
  for (;;) {
    if (await save(runtime, stored, stored.state, undefined)) return undefined;
    const fresh = await reload(runtime, app, before);
    if (!fresh) return undefined;
    const timeIsShort = runtime.deadline() - runtime.now() < LAST_MOMENT;
    if (!timeIsShort && nextEffect(fresh.state, runtime.now())) return fresh;
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

/** What is due: ECS before the ledger, the ledger before announcements, and what keeps failing last. */
function nextEffect(state: AppState, now: number): PendingEffect | undefined {
  const due = state.outbox.filter((entry) => (entry.notBefore ?? 0) <= now);
  return due.toSorted((a, b) => urgency(a) - urgency(b))[0];
}

/** What keeps failing must not delay what a person has ordered, or the announcement that it fails. */
function urgency({ effect, attempt }: PendingEffect): number {
  return attempt >= KEEPS_FAILING ? Number.MAX_SAFE_INTEGER : urgencyOf(effect);
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
