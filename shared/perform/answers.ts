import type { Answer } from '../domain/answers.ts';
import type { App } from '../domain/app.ts';
import { decide } from '../domain/decide.ts';
import type { DomainEvent } from '../domain/events.ts';
import type { AppState, PendingEffect } from '../domain/state.ts';
import type { Runtime } from '../runtime.ts';
import { circumstances } from '../saving.ts';
import { performEffect, retryOf } from './effect.ts';

/** Effects with their answers, and what the answers mean. */

export interface Performed {
  readonly entry: PendingEffect;
  readonly answer: Answer;
  /** Other effects that were performed beside it are decided on later: they may have been done. */
  readonly contended: boolean;
}

/** Performs effects side by side. If this invocation dies, all of them may have been done: the next one knows that. */
export async function performBatch(
  runtime: Runtime,
  app: App,
  state: AppState,
  batch: readonly PendingEffect[],
): Promise<readonly Performed[]> {
  const answered = await Promise.all(
    batch.map(async (entry) => ({ entry, answer: await attempt(runtime, app, state, entry) })),
  );
  const ordered = [...answered.filter((one) => !isSetback(one)), ...answered.filter(isSetback)];
  return ordered.map((one, index) => ({ ...one, contended: index < ordered.length - 1 }));
}

/** What failed decides for the whole release: what was carried out beside it has to be known by then. */
function isSetback({ answer: { kind } }: Pick<Performed, 'answer'>): boolean {
  return kind === 'refused' || kind === 'foreign' || kind === 'serviceDeploymentsRead';
}

/** Performs an effect. What that throws becomes a retry: one effect must not stop the whole app. */
async function attempt(runtime: Runtime, app: App, state: AppState, entry: PendingEffect): Promise<Answer> {
  try {
    return await performEffect(runtime, app, state, entry);
  } catch (error) {
    return retryAfter(runtime, app, entry, error);
  }
}

/** The answers as retries, where they cannot be decided on or saved. */
export function asRetries(
  runtime: Runtime,
  app: App,
  performed: readonly Performed[],
  error: unknown,
): readonly Performed[] {
  return performed.map((one) => ({ ...one, answer: retryAfter(runtime, app, one.entry, error) }));
}

function retryAfter(runtime: Runtime, app: App, { effect, attempt }: PendingEffect, error: unknown): Answer {
  runtime.log('effect failed', { app: app.name, effect: effect.kind, attempt, error }, 'error');
  return retryOf(error, attempt);
}

/** Decides on one answer after the other. */
export function decideOnAnswers(
  runtime: Runtime,
  app: App,
  before: AppState,
  performed: readonly Performed[],
): AppState {
  return performed.reduce((state, { entry, answer, contended }) => {
    const event: DomainEvent = { type: 'answered', key: entry.key, answer };
    const decision = decide(state, event, circumstances(runtime, app, contended));
    const { kind: effect } = entry.effect;
    const { reason } = decision;
    runtime.log('performed', {
      app: app.name,
      effect,
      attempt: entry.attempt,
      answer: answer.kind,
      reason,
    });
    return decision.state;
  }, before);
}
