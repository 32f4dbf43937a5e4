import type { Cause } from '../release.ts';

/** Kind of what the load balancer's health checks find. */
export const TARGET_HEALTH = 'targetHealth';

/** Kinds that say how a task ended, and not why: what was asked to stop, and what is unknown. */
const SYMPTOMS: readonly string[] = ['terminated', 'unknown', 'exited'];

/** Kinds that come from outside, and that ECS overcomes by starting another task: they explain no other failure. */
const PASSING: readonly string[] = [
  'stoppedByPerson',
  'scaledIn',
  'spotInterruption',
  'infrastructure',
  'capacity',
  'throttled',
  'runtime',
];

/** How much a cause explains of a deployment: 2 why it fails, 1 what came between, 0 only how a task ended. */
export function weightOf({ kind }: Pick<Cause, 'kind'>): number {
  if (SYMPTOMS.includes(kind)) return 0;
  return PASSING.includes(kind) ? 1 : 2;
}

/** Whether a cause says how a task ended, and not why: something else may explain more. */
export function isSymptom(cause: Pick<Cause, 'kind'>): boolean {
  return weightOf(cause) === 0;
}

/** Whether a cause explains more than the one that was known before it. */
export function tellsMore(cause: Pick<Cause, 'kind'>, before: Pick<Cause, 'kind'> | undefined): boolean {
  return before === undefined || weightOf(cause) > weightOf(before);
}
