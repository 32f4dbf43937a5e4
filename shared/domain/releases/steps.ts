import type { ReleaseDraft } from '../kernel/context.ts';
import type { StepRecord } from '../release.ts';

/** Marks a step of the story as begun; harmless when it has begun already. */
export function openStep(release: ReleaseDraft, name: string, now: number): void {
  const step = release.steps.find((other) => other.name === name && other.state === 'pending');
  if (!step) return;
  step.state = 'running';
  step.startedAt = now;
}

/** Marks a step as ended; harmless when it has ended already. */
export function closeStep(release: ReleaseDraft, name: string, state: 'done' | 'failed', now: number): void {
  const step = release.steps.find(
    (other) => other.name === name && (other.state === 'running' || other.state === 'pending'),
  );
  if (!step) return;
  step.state = state;
  step.startedAt ??= now;
  step.endedAt = now;
}

/** What runs is marked failed, what never began is marked skipped. */
export function failOpenSteps(release: ReleaseDraft, now: number): void {
  for (const step of release.steps) {
    if (step.state === 'pending') step.state = 'skipped';
    if (step.state === 'running') closeRunning(step, now);
  }
}

function closeRunning(step: { -readonly [K in keyof StepRecord]: StepRecord[K] }, now: number): void {
  step.state = 'failed';
  step.endedAt = now;
}
