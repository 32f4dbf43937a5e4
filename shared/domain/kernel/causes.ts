import type { Cause } from '../release.ts';

/** A cause that Fairway itself found, rather than read from a stopped task. */
export function causeOf(
  kind: string,
  sentence: string,
  evidence: readonly string[] = [],
  canHeal = false,
): Cause {
  return { kind, sentence, evidence, canHeal };
}
