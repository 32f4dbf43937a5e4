import { type EffectKind, ownerOf } from '../effects.ts';
import type { AppState, PendingEffect } from '../state.ts';
import type { RateLimitSummary } from '../summaries.ts';
import type { Context, Draft, ReleaseDraft } from './context.ts';

/** Waiting for AWS's rate limits: nothing has failed, nothing is stuck, and no time of a release passes. */

/** For longer than this, waiting counts as time like any other. */
export const LONGEST_RATE_WAIT = 2 * 60 * 60_000;

/** AWS's rates did not allow an effect: it is as new as before. */
export function throttled(
  { state, now }: Context,
  entry: Draft<PendingEffect>,
  { wait, why, throttling }: { wait: number; why: string; throttling: 'sent' | 'held' },
): void {
  const { since = now, times = 0 } = entry.throttled ?? {};
  entry.throttled = { since, times: times + (throttling === 'sent' ? 1 : 0) };
  entry.notBefore = now + wait;
  entry.why = why;
  if (state.release && isOfRelease(state, entry)) state.release.rateLimitedSince ??= now;
}

/** It is no longer AWS's rates that an effect waits for: the time before is not counted against it. */
export function throttledNoLonger({ now }: Context, entry: Draft<PendingEffect>): void {
  if (!entry.throttled) return;
  entry.since += Math.min(now - entry.throttled.since, LONGEST_RATE_WAIT);
  delete entry.throttled;
}

/** Called after every answer: once nothing of the release waits for AWS's rates, its deadline moves by that time. */
export function resumeDeadline({ state, now }: Context): void {
  const { release } = state;
  if (release?.rateLimitedSince === undefined) return;
  if (state.outbox.some((entry) => entry.throttled && isOfRelease(state, entry))) return;
  release.deadline += waited(release, now);
  delete release.rateLimitedSince;
}

/** When the current step of a release is given up, by what is known now. */
export function deadlineOf(
  release: Pick<ReleaseDraft, 'deadline' | 'rateLimitedSince'>,
  now: number,
): number {
  return release.deadline + waited(release, now);
}

function waited({ rateLimitedSince = Number.POSITIVE_INFINITY }: { rateLimitedSince?: number }, now: number) {
  return Math.min(Math.max(0, now - rateLimitedSince), LONGEST_RATE_WAIT);
}

/** Whether an effect waits for AWS's rates: itself, or behind another one of its kind. */
export function waitsForRate(
  { outbox }: Pick<AppState, 'outbox'>,
  entry: PendingEffect | Draft<PendingEffect>,
  now: number,
): boolean {
  if (now - entry.since > LONGEST_RATE_WAIT) return false;
  if (entry.throttled) return true;
  const isNew = entry.attempt === 0 && entry.why === undefined;
  return isNew && outbox.some(({ effect, throttled: waits }) => waits && effect.kind === entry.effect.kind);
}

/** Seconds in which ECS accepts one more call. Source: Amazon ECS API reference, "Request throttling". */
const SECONDS_PER_CALL: { readonly [Kind in EffectKind]?: number } = {
  register: 1,
  updateService: 0.2,
  rollBack: 0.2,
};

/** What of an app waits for ECS's rate limits. */
export function rateLimitOf(state: AppState, now: number): RateLimitSummary | undefined {
  const waiting = state.outbox.filter((entry) => waitsForRate(state, entry, now));
  if (waiting.length === 0) return undefined;
  const seconds = waiting.map(({ effect }) => SECONDS_PER_CALL[effect.kind] ?? 0);
  return {
    since: Math.min(...waiting.map(({ since, throttled: wait }) => wait?.since ?? since)),
    calls: waiting.length,
    seconds: Math.ceil(seconds.reduce((sum, each) => sum + each, 0)),
  };
}

function isOfRelease(state: Draft<AppState>, { effect }: Draft<PendingEffect>): boolean {
  return ownerOf(effect as PendingEffect['effect'], state.runs as AppState['runs']) === 'release';
}
