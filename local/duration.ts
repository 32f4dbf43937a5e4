const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const SHAPE = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/;
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/g;

/** Longest span of simulated time, in milliseconds: 366 days. */
const LONGEST = 366 * 86_400_000;

/** "5s", "10m", "1h30m", "500ms" → milliseconds. Throws an error with the text. */
export function parseDuration(text: string): number {
  if (!SHAPE.test(text)) {
    throw new Error(`"${text}" is not a duration: expected text such as "5s", "10m" or "1h30m"`);
  }
  let total = 0;
  for (const [, amount = '0', unit = 's'] of text.matchAll(PART)) {
    total += Number(amount) * (UNITS[unit] ?? 0);
  }
  if (total > LONGEST) throw new Error(`"${text}" is longer than 366 days`);
  return Math.round(total);
}

export function isDuration(text: string): boolean {
  try {
    parseDuration(text);
    return true;
  } catch {
    return false;
  }
}
