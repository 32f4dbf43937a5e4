import type { LostStart } from '../state.ts';
import type { Context } from './context.ts';

const MOST_LOST = 10;

/** Whether it was started is unknown: if it shows up, it is stopped. */
export function rememberLost({ state, now }: Context, lost: Omit<LostStart, 'at'>): void {
  state.lostStarts = [{ ...lost, at: now }, ...(state.lostStarts ?? [])].slice(0, MOST_LOST);
}
