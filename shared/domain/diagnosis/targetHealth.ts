import type { Cause } from '../release.ts';
import { SOON } from './running.ts';
import { TARGET_HEALTH } from './weight.ts';

/** The end of an advice: the grace period helps only a task that was still starting. */
const LATER = /[.;] if it needs longer to start, raise (?:the service's )?healthCheckGracePeriodSeconds\.$/i;

/**
 * Advice on the grace period names its value, in seconds, and is left out where the task ran for long after it.
 * The same cause where it is another one, or where there is no value.
 */
export function withGracePeriod(cause: Cause, seconds: number | undefined): Cause {
  if (cause.kind !== TARGET_HEALTH || cause.advice === undefined) return cause;
  if (ageIn(cause) > (seconds ?? 0) + SOON) return { ...cause, advice: cause.advice.replace(LATER, '.') };
  if (seconds === undefined) return cause;
  const named = `healthCheckGracePeriodSeconds (now ${seconds} s)`;
  return { ...cause, advice: cause.advice.replace(/healthCheckGracePeriodSeconds(?! \()/, named) };
}

/** The grace period that an advice names, in seconds. */
export function graceIn({ advice = '' }: Cause): number | undefined {
  const seconds = /healthCheckGracePeriodSeconds \(now (\d+) s\)/.exec(advice)?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}

/** Seconds between the start of the task and its stop; 0 where the sentence does not say. */
function ageIn({ sentence }: Cause): number {
  return Number(/, (\d+) s after it had started\b/.exec(sentence)?.[1] ?? 0);
}
