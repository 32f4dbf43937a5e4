import type { Breaker } from './model.ts';

/** The arithmetic of a rolling deployment. Pure. */

/** How many tasks must stay running and healthy, and how many may run or be pending at once. AWS docs: deployment-type-ecs. */
export function bounds(
  desired: number,
  percent: { readonly minimumHealthyPercent: number; readonly maximumPercent: number },
): { readonly lower: number; readonly upper: number } {
  return {
    lower: Math.ceil((desired * percent.minimumHealthyPercent) / 100),
    upper: Math.floor((desired * percent.maximumPercent) / 100),
  };
}

/** How many failed tasks end a deployment. AWS docs: deployment-circuit-breaker. */
export function breakerThreshold(breaker: Breaker, desired: number): number {
  if (breaker.type === 'COUNT') return breaker.value;
  const share = Math.ceil((breaker.value / 100) * desired);
  return breaker.type === 'UNBOUNDED_PERCENT' ? share : Math.min(200, Math.max(3, share));
}

const MINUTE = 60_000;

/**
 * How long no task is started after `failedStarts` rounds in a row in which none came to run: 1, 2, 4 … up to 27 minutes.
 * AWS docs (service-throttle-logic) give the limit; the curve is an assumption.
 */
export function startBackoff(failedStarts: number): number {
  return Math.min(27, 2 ** Math.max(0, failedStarts - 1)) * MINUTE;
}
