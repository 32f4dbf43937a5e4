import { lastStop } from '../hold.ts';
import type { Context, Draft, ReleaseDraft } from '../kernel/context.ts';
import { recordPush } from '../kernel/ledger.ts';
import { personOf } from '../person.ts';
import type { Person } from '../release.ts';
import type { Hold } from '../state.ts';
import { announceWaiting, heldBecause, passes, whatWaits } from './waiting.ts';

/**
 * When an app is held, and by what reason. Nothing else writes the hold. What Fairway places never replaces a hold that is
 * there: what a person has decided stays, and the later reason is added.
 */

const RESUME = 'Resume when Fairway should deploy again.';

/** A service was deployed outside Fairway, over what a release has left: a short note, since a message follows. */
export function holdForForeignDeployment(ctx: Context, what: string): void {
  hold(ctx, what);
}

/** Someone acted outside Fairway: deployed another image, or stopped a deployment in ECS. */
export function holdForOutsider(ctx: Context, sentence: string): void {
  hold(ctx, `${sentence} ${RESUME}`);
}

/** A failed release was left as it is: its migration is not reversible, or the configuration says so. */
export function holdForDecision(ctx: Context, { number }: ReleaseDraft, why: string): void {
  hold(ctx, `v${number} failed and ${why}: decide, then resume`);
}

/** Services of a failed release did not roll back. */
export function holdForFailedRollback(ctx: Context, { number }: ReleaseDraft, services: string): void {
  hold(ctx, `v${number} failed and ${services} could not be rolled back`);
}

/** A person's rollback has ended without being live. `by`: who ended it; a person in ECS holds the app already. */
export function holdForUnfinishedRollback(ctx: Context, what: string, by: 'fairway' | 'outsider'): void {
  if (by === 'outsider') hold(ctx, what);
  else place(ctx, { who: 'Fairway' }, what);
}

/** A person holds the app, or rolls it back. That replaces an earlier hold. */
export function holdForPerson(ctx: Context, by: Person, reason: string): void {
  place(ctx, by, reason);
}

/** A person resumes the app. */
export function liftHold({ state }: Context): void {
  delete state.hold;
}

function hold(ctx: Context, reason: string): void {
  if (!ctx.state.hold) place(ctx, { who: 'Fairway' }, reason);
  else stopAgain(ctx, ctx.state.hold, reason);
}

/** An order that was to pass the hold waits: its person did not know of this. One decision stops it once. */
function stopAgain(ctx: Context, earlier: Draft<Hold>, reason: string): void {
  const { state, now } = ctx;
  if (lastStop(earlier) === now) return;
  const { ordered } = state;
  const passed = ordered !== undefined && passes(earlier, ordered.trigger);
  const held = { ...earlier, later: { reason, at: now } };
  state.hold = held;
  if (!passed || passes(held, ordered.trigger)) return;
  recordPush(ctx, ordered.image, 'waiting', heldBecause(held), { overwrite: true });
  announceWaiting(ctx, held, ordered);
}

/** What waits keeps waiting, and the ledger and people get the reason. */
function place(ctx: Context, by: Person, reason: string): void {
  const { state, now } = ctx;
  const { who, ...invocation } = personOf(by);
  const placed = { by: who, reason, at: now, ...invocation };
  state.hold = placed;
  for (const { image, trigger } of whatWaits(state)) {
    if (!passes(placed, trigger)) recordPush(ctx, image, 'waiting', heldBecause(placed), { overwrite: true });
  }
  if (state.ordered && !passes(placed, state.ordered.trigger)) announceWaiting(ctx, placed, state.ordered);
}
