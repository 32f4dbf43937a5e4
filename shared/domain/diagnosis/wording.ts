/** A way in which AWS words a reason, and what it means. */
export interface Wording {
  readonly kind: string;
  readonly pattern: RegExp;
  /** False: however often ECS starts the task again, it will fail in the same way. */
  readonly canHeal: boolean;
  /** One sentence: what happened. `found` is the pattern's match. */
  readonly say: (subject: string, found: RegExpExecArray) => string;
  /** What to do about it. */
  readonly advice?: string;
}

export function fatal(pattern: RegExp, kind: string, say: Wording['say'], advice?: string): Wording {
  return { pattern, kind, say, canHeal: false, ...(advice === undefined ? {} : { advice }) };
}

export function heals(pattern: RegExp, kind: string, say: Wording['say'], advice?: string): Wording {
  return { pattern, kind, say, canHeal: true, ...(advice === undefined ? {} : { advice }) };
}
