import { recordPush, type Turn } from '../kernel/draft.ts';
import { personOf } from '../person.ts';
import type { Person } from '../release.ts';
import { announceWaiting, heldBecause, passes, whatWaits } from './waiting.ts';

/** Holds the app, unless it is held already: what a person has decided stays. */
export function hold(turn: Turn, by: string, reason: string): void {
  if (!turn.state.hold) holdInstead(turn, { who: by }, reason);
}

/** Holds the app in place of an earlier hold. What waits goes on waiting, and the ledger and people get the reason. */
export function holdInstead(turn: Turn, by: Person, reason: string): void {
  const { state, now } = turn;
  const { who, ...invocation } = personOf(by);
  const placed = { by: who, reason, at: now, ...invocation };
  state.hold = placed;
  for (const { image, trigger } of whatWaits(state)) {
    if (!passes(placed, trigger))
      recordPush(turn, image, 'waiting', heldBecause(placed), { overwrite: true });
  }
  if (state.ordered && !passes(placed, state.ordered.trigger)) announceWaiting(turn, placed, state.ordered);
}
