import type { Announcement, AppAnnouncement } from './domain/announcement.ts';
import type { Answer } from './domain/answers.ts';
import type { App, Configuration } from './domain/app.ts';
import { dueAt } from './domain/decide/ticks.ts';
import { decide, initialState } from './domain/decide.ts';
import type { EcsEffect } from './domain/effects.ts';
import type { Decision, DomainEvent } from './domain/events.ts';
import { alertFacts, appFacts, type Location, releaseFacts, runFacts } from './domain/facts.ts';
import type { AppState, PendingEffect } from './domain/state.ts';
import { AwsFault, type Lease, type PerformEcs, type Store, type Stored } from './ports.ts';

/** What the loop works with. Wired once, in `lambda.ts`. */
export interface Runtime {
  readonly configuration: Configuration;
  readonly location: Location;
  readonly store: Store;
  readonly performEcs: PerformEcs;
  readonly tell: Tell;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** When this invocation is cut off, epoch milliseconds. Nothing is begun in the last seconds before. */
  readonly deadline: () => number;
  readonly freshId: () => string;
  /** Names this invocation as the holder of a lease. */
  readonly owner: string;
  /** `level`: `error` for what a person has to look into. Default `info`. */
  readonly log: (message: string, facts: Readonly<Record<string, unknown>>, level?: LogLevel) => void;
  /** Notifies the people who operate Fairway through the stack's own topic, whatever the state of an app. */
  readonly notifyOperations: (announcement: AppAnnouncement) => Promise<void>;
}

export type LogLevel = 'info' | 'error';

/** Tells one channel. Answers `announced` or `retry`; never throws. */
export type Tell = (
  channel: string,
  announcement: Announcement,
  memory: string | undefined,
  attempt: number,
) => Promise<Answer>;

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
  const { decision, mine } = await take(runtime, app, event);
  if (mine) await performAll(runtime, app, mine);
  return decision;
}

/** Saves the decision about an event, and takes the lease if there is something to do and nobody does it. */
async function take(
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
      const released = await release(runtime, app, stored);
      if (!released) return;
      stored = released;
      continue;
    }
    const answer = await attempt(runtime, app, stored.state, entry);
    const next = await settleOrRetry(runtime, app, stored, entry, answer);
    if (!next) return;
    stored = next;
    if (!stored.lease) return;
  }
}

/** Performs an effect. What that throws becomes a retry: one effect must not stop the whole app. */
async function attempt(runtime: Runtime, app: App, state: AppState, entry: PendingEffect): Promise<Answer> {
  try {
    return await perform(runtime, app, state, entry);
  } catch (error) {
    return retryAfter(runtime, app, entry, error);
  }
}

/**
 * Saves the answer. An answer that cannot be decided on or saved becomes a retry as well. An outage of the table is
 * thrown, so that Lambda retries; so is what saving the retry throws.
 */
async function settleOrRetry(
  runtime: Runtime,
  app: App,
  before: Stored,
  entry: PendingEffect,
  answer: Answer,
): Promise<Stored | undefined> {
  const { key } = entry;
  try {
    return await settle(runtime, app, before, { type: 'answered', key, answer });
  } catch (error) {
    if (error instanceof AwsFault && error.passing) throw error;
    const retry = retryAfter(runtime, app, entry, error);
    return settle(runtime, app, before, { type: 'answered', key, answer: retry });
  }
}

function retryAfter(runtime: Runtime, app: App, { effect, attempt }: PendingEffect, error: unknown): Answer {
  runtime.log('effect failed', { app: app.name, effect: effect.kind, attempt, error }, 'error');
  return { kind: 'retry', wait: waitAfter(attempt), why: wordsOf(error) };
}

/** Saves the answer; with nothing left to do, gives the lease back in the same write. Undefined: the lease was lost. */
async function settle(
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
async function release(runtime: Runtime, app: App, before: Stored): Promise<Stored | undefined> {
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

/** The item as it is now, if the lease on it is still ours. */
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

async function perform(runtime: Runtime, app: App, state: AppState, entry: PendingEffect): Promise<Answer> {
  const { effect, attempt } = entry;
  switch (effect.kind) {
    case 'recordPush':
      return patiently(attempt, () => runtime.store.recordPush(effect.entry, effect.overwrite));
    case 'recordRelease': {
      const story = storyOf(runtime, app, state, effect.releaseId);
      return story ? patiently(attempt, () => runtime.store.recordRelease(story)) : { kind: 'done' };
    }
    case 'recordRun': {
      const run = state.runs.find(({ id }) => id === effect.run);
      return run ? patiently(attempt, () => runtime.store.recordRun(app.name, run)) : { kind: 'done' };
    }
    case 'announceRun': {
      const run = state.runs.find(({ id }) => id === effect.run);
      if (!run) return { kind: 'announced' };
      return runtime.tell(
        effect.channel,
        runFacts(runtime.location, app, run, runtime.now()),
        undefined,
        attempt,
      );
    }
    case 'announceRelease': {
      const story =
        storyOf(runtime, app, state, effect.releaseId) ??
        (await runtime.store.release(app.name, effect.release));
      if (!story) return { kind: 'announced' };
      const memory = state.channelMemory[`${effect.releaseId}/${effect.channel}`];
      return runtime.tell(effect.channel, story, memory, attempt);
    }
    case 'announceAlert': {
      const alert = state.alerts?.alerts.find(({ id }) => id === effect.alert);
      if (!alert) return { kind: 'announced' };
      const memory = state.channelMemory[`${alert.id}/${effect.channel}`];
      return runtime.tell(
        effect.channel,
        alertFacts(runtime.location, app, alert, runtime.now()),
        memory,
        attempt,
      );
    }
    case 'announceApp':
      return runtime.tell(effect.channel, appFacts(runtime.location, app, state, effect), undefined, attempt);
    default:
      return performOnEcs(runtime, app, effect, attempt);
  }
}

async function performOnEcs(runtime: Runtime, app: App, effect: EcsEffect, attempt: number): Promise<Answer> {
  const answer = await runtime.performEcs(app, effect, attempt);
  runtime.log('performed', { app: app.name, effect: effect.kind, attempt, answer: answer.kind });
  return answer;
}

function storyOf(runtime: Runtime, app: App, state: AppState, releaseId: string) {
  const release = [state.release, ...state.ended].find((other) => other?.id === releaseId);
  return release && releaseFacts(runtime.location, app, state, release, runtime.now());
}

async function patiently(attempt: number, write: () => Promise<void>): Promise<Answer> {
  try {
    await write();
    return { kind: 'done' };
  } catch (error) {
    return { kind: 'retry', wait: waitAfter(attempt), why: wordsOf(error) };
  }
}

/** Milliseconds before the next attempt. */
function waitAfter(attempt: number): number {
  return Math.min(1000 * 2 ** attempt, 60_000);
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What is due: ECS before the ledger, the ledger before announcements, and what keeps failing last. */
function nextEffect(state: AppState, now: number): PendingEffect | undefined {
  const due = state.outbox.filter((entry) => (entry.notBefore ?? 0) <= now);
  return due.toSorted((a, b) => urgency(a) - urgency(b))[0];
}

function urgency({ effect, attempt }: PendingEffect): number {
  // What keeps failing must not delay what a person has ordered, or the announcement that it fails.
  if (attempt >= KEEPS_FAILING) return 3;
  switch (effect.kind) {
    case 'announceRelease':
    case 'announceAlert':
    case 'announceApp':
    case 'announceRun':
      return 2;
    case 'recordPush':
    case 'recordRelease':
    case 'recordRun':
      return 1;
    default:
      return 0;
  }
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
