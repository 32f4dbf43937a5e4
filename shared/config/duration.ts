const UNITS = { s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** "90s", "30m", "2h", or several units in descending order: "1h30m". */
const DURATION_GRAMMAR = /^(?=\d)(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/;

/** Milliseconds of a duration; undefined where the text is not a duration. */
export function millisecondsOf(text: string): number | undefined {
  const match = DURATION_GRAMMAR.exec(text);
  if (match === null) return undefined;
  const [, hours = '0', minutes = '0', seconds = '0'] = match;
  return Number(hours) * UNITS.h + Number(minutes) * UNITS.m + Number(seconds) * UNITS.s;
}

/** Like `millisecondsOf`, for a value that the schema has checked. */
export function milliseconds(duration: string): number {
  const span = millisecondsOf(duration);
  if (span === undefined) throw new Error(`failed to read the duration "${duration}": unchecked source`);
  return span;
}
