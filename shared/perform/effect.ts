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
  { effect, attempt }: PendingEffect,
): Promise<Answer> {
  if (isEcsEffect(effect)) return onEcs(runtime, app, effect, attempt);
  if (!isOfStore(effect)) return announce(runtime, app, state, effect, attempt);
  return patiently(attempt, () => record(runtime, app, state, effect));
}

async function onEcs(runtime: Runtime, app: App, effect: EcsEffect, attempt: number): Promise<Answer> {
  const answer = await runtime.performEcs(app, effect, attempt);
  runtime.log('performed', { app: app.name, effect: effect.kind, attempt, answer: answer.kind });
  return answer;
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

/** An effect that failed is tried again, later each time. */
export function retryOf(error: unknown, attempt: number): Extract<Answer, { kind: 'retry' }> {
  const why = error instanceof Error ? error.message : String(error);
  return { kind: 'retry', wait: Math.min(1_000 * 2 ** attempt, LONGEST_WAIT), why };
}
