import type { Answer } from '../domain/answers.ts';
import type { App } from '../domain/app.ts';
import { type EcsEffect, isEcsEffect, isOfStore } from '../domain/effects.ts';
import type { AppState, PendingEffect } from '../domain/state.ts';
import type { Runtime } from '../runtime.ts';
import { announce } from './announcements.ts';
import { record } from './records.ts';

/** Performs one pending effect, by AWS, the store or a channel. */
export function performEffect(
  runtime: Runtime,
  app: App,
  state: AppState,
  entry: PendingEffect,
): Promise<Answer> {
  const { effect, attempt } = entry;
  if (isEcsEffect(effect)) return onEcs(runtime, app, effect, entry);
  if (!isOfStore(effect)) return announce(runtime, app, state, effect, attempt);
  return patiently(attempt, () => record(runtime, app, state, effect));
}

async function onEcs(
  runtime: Runtime,
  app: App,
  effect: EcsEffect,
  { attempt, throttled }: PendingEffect,
): Promise<Answer> {
  const answer = await runtime.performEcs(app, effect, attempt);
  if (answer.kind !== 'retry' || !answer.throttling) return answer;
  return { ...answer, wait: waitWhileThrottled(answer.throttling, throttled?.times ?? 0) };
}

/** Longer each time that AWS refused it, and never the same for two that wait. */
function waitWhileThrottled(throttling: 'sent' | 'held', times: number): number {
  const wait = throttling === 'held' ? 3_000 : Math.min(2_000 * 2 ** times, LONGEST_THROTTLED);
  return Math.round(wait * (0.75 + Math.random() / 2));
}

/** The store may be down for a while: nothing that a person has to look into. */
async function patiently(attempt: number, write: () => Promise<void>): Promise<Answer> {
  try {
    await write();
    return { kind: 'done' };
  } catch (error) {
    return retryOf(error, attempt);
  }
}

const LONGEST_WAIT = 60_000;
/** An effect that AWS's rates do not allow does not wait longer, milliseconds: the sweep comes every minute. */
const LONGEST_THROTTLED = 20_000;

/** An effect that failed is tried again, later each time. */
export function retryOf(error: unknown, attempt: number): Extract<Answer, { kind: 'retry' }> {
  const why = error instanceof Error ? error.message : String(error);
  return { kind: 'retry', wait: Math.min(1_000 * 2 ** attempt, LONGEST_WAIT), why };
}
