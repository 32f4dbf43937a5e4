import type { Context } from '../kernel/context.ts';
import { recordPush } from '../kernel/ledger.ts';
import { personOf } from '../person.ts';
import type { Person } from '../release.ts';
import { announceWaiting, heldBecause, passes, whatWaits } from './waiting.ts';

/** Holds the app, unless it is held already: what a person has decided stays. */
export function hold(ctx: Context, by: string, reason: string): void {
  if (!ctx.state.hold) holdInstead(ctx, { who: by }, reason);
}

/** Holds the app in place of an earlier hold. What waits goes on waiting, and the ledger and people get the reason. */
export function holdInstead(ctx: Context, by: Person, reason: string): void {
  const { state, now } = ctx;
  const { who, ...invocation } = personOf(by);
  const placed = { by: who, reason, at: now, ...invocation };
  state.hold = placed;
  for (const { image, trigger } of whatWaits(state)) {
    if (!passes(placed, trigger)) recordPush(ctx, image, 'waiting', heldBecause(placed), { overwrite: true });
  }
  if (state.ordered && !passes(placed, state.ordered.trigger)) announceWaiting(ctx, placed, state.ordered);
}
