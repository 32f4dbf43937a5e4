/** A way in which AWS words a reason, and what it means. */
export interface Wording {
  readonly kind: string;
  /** Checked against text whose names are masked; what it captures is taken from the whole text. */
  readonly pattern: RegExp;
  /** False: however often ECS starts the task again, it will fail in the same way. */
  readonly canHeal: boolean;
  /** One sentence: what happened. `found` is the pattern's match, `whole` the text with every name in its place. */
  readonly say: (subject: string, found: RegExpExecArray, whole: string) => string;
  /** What to do about it. */
  readonly advice?: string;
  /** The whole text has to match this as well. */
  readonly naming?: RegExp;
}

export function fatal(pattern: RegExp, kind: string, say: Wording['say'], advice?: string): Wording {
  return { pattern, kind, say, canHeal: false, ...(advice === undefined ? {} : { advice }) };
}

export function heals(pattern: RegExp, kind: string, say: Wording['say'], advice?: string): Wording {
  return { pattern, kind, say, canHeal: true, ...(advice === undefined ? {} : { advice }) };
}

/** Alternatives that are too many for one line of a pattern. */
export function anyOf(...alternatives: readonly string[]): RegExp {
  return new RegExp(alternatives.join('|'), 'i');
}

/**
 * Whether a text is worded so. It has to be so without the names that people have given to things (`masked`); the
 * names that the sentence needs are those of the `whole` text.
 */
export function foundIn(
  { pattern, naming }: Wording,
  masked: string,
  whole: string,
): RegExpExecArray | undefined {
  const found = pattern.exec(masked);
  if (naming && !naming.test(whole)) return undefined;
  return found ? (pattern.exec(whole) ?? found) : undefined;
}
