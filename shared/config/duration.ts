const UNITS = { s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** "90s", "30m", "2h", or several in falling order: "1h30m". */
export const DURATION_GRAMMAR = /^(?=\d)(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/;

/** Milliseconds of a duration; undefined where the text is none. */
export function millisecondsOf(text: string): number | undefined {
  const match = DURATION_GRAMMAR.exec(text);
  if (match === null) return undefined;
  const [, hours = '0', minutes = '0', seconds = '0'] = match;
  return Number(hours) * UNITS.h + Number(minutes) * UNITS.m + Number(seconds) * UNITS.s;
}

/** The same for what was checked before. */
export function milliseconds(duration: string): number {
  const span = millisecondsOf(duration);
  if (span === undefined) throw new Error(`failed to read the duration "${duration}": unchecked source`);
  return span;
}
