import { copyOf } from '../data.ts';
import type { Effect } from '../effects.ts';
import type { PendingEffect } from '../state.ts';
import type { Context, Draft } from './context.ts';

/** Makes sure that `effect` is pending. Asked for again while it may be in progress, it is done once more after its answer. */
export function enqueue(
  ctx: Context,
  key: string,
  effect: Effect,
  options: { notBefore?: number } = {},
): void {
  const pending = ctx.state.outbox.find((entry) => entry.key === key);
  if (pending) {
    if (ctx.contended) pending.again = true;
    return;
  }
  ctx.state.outbox.push(newEntry(ctx, key, effect, options.notBefore));
}

/** Makes `effect` pending in place of an earlier one of the same key: for what is rendered or written whole. */
export function enqueueLatest(
  ctx: Context,
  key: string,
  effect: Effect,
  options: { notBefore?: number } = {},
): void {
  const pending = ctx.state.outbox.find((entry) => entry.key === key);
  if (!pending) {
    ctx.state.outbox.push(newEntry(ctx, key, effect, options.notBefore));
    return;
  }
  pending.effect = copyOf(effect) as Draft<Effect>;
  if (ctx.contended) pending.again = true;
}

/** Clocks of two functions may differ by this much: what is not due yet here may be due for who performs it. */
const CLOCK_SKEW = 60_000;

/** No function can have begun to perform it. */
export function isUnsent({ now, contended }: Context, entry: Draft<PendingEffect>): boolean {
  if (entry.attempt > 0) return false;
  return !contended || (entry.notBefore ?? 0) > now + CLOCK_SKEW;
}

export function cancelEffects(ctx: Context, unwanted: (effect: Draft<PendingEffect>) => boolean): void {
  ctx.state.outbox = ctx.state.outbox.filter((entry) => !unwanted(entry));
}

function newEntry(ctx: Context, key: string, effect: Effect, notBefore?: number): Draft<PendingEffect> {
  const entry: Draft<PendingEffect> = {
    key,
    effect: copyOf(effect) as Draft<Effect>,
    attempt: 0,
    // What is put off has not been tried for as long as it waits.
    since: Math.max(ctx.now, notBefore ?? 0),
  };
  if (notBefore !== undefined) entry.notBefore = notBefore;
  return entry;
}
