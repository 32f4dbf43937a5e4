import type { App } from './domain/app.ts';
import { decide, initialState } from './domain/decide.ts';
import type { Decision, DomainEvent } from './domain/events.ts';
import type { AppState } from './domain/state.ts';
import { hasMore } from './perform/batch.ts';
import { performAll } from './perform/performAll.ts';
import type { Runtime } from './runtime.ts';
import { circumstances, save } from './saving.ts';
import type { Lease, Stored } from './store.ts';

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
  let claimed: { decision: Decision; owner: string } | undefined;
  for (;;) {
    const stored = (await runtime.store.load(app.name)) ?? { state: initialState(app.name), version: 0 };
    // The write succeeded unheard, and someone else has written after it.
    if (claimed && stored.lease?.owner === claimed.owner) return { decision: claimed.decision, mine: stored };
    const held = stored.lease !== undefined && stored.lease.until > runtime.now();
    const died = !held && stored.lease !== undefined;
    const before = died ? suspectDue(stored.state, runtime.now()) : stored.state;
    const around = circumstances(runtime, app, held);
    const decision = decide(before, event, around);
    logDecision(runtime, app, event, decision);
    const claims = !held && hasMore(runtime, decision.state);
    if (!decision.changed && !claims) return { decision };

    const own = newLease(runtime, around.freshId);
    const next = await save(runtime, stored, decision.state, claims ? own : held ? stored.lease : undefined);
    if (next) return claims ? { decision, mine: next } : { decision };
    if (claims) claimed = { decision, owner: own.owner };
  }
}

/** The last holder died: whatever was due then, by its clock, may have been done. A decision has to know. */
function suspectDue(state: AppState, now: number): AppState {
  const outbox = state.outbox.map((entry) =>
    (entry.notBefore ?? 0) <= now + CLOCK_SKEW ? { ...entry, attempt: entry.attempt + 1 } : entry,
  );
  return { ...state, outbox };
}

/** An invocation may advance an app twice at the same time: each claim is another owner. */
function newLease(runtime: Runtime, id: string): Lease {
  return { owner: `${runtime.owner}/${id}`, until: runtime.deadline() + CLOCK_SKEW };
}

function logDecision(runtime: Runtime, app: App, event: DomainEvent, decision: Decision): void {
  const { reason, changed } = decision;
  runtime.log('decided', { app: app.name, event: event.type, reason, changed });
}
