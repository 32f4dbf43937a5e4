const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const SHAPE = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/;
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/g;

/** "5s", "10m", "1h30m", "500ms" → milliseconds. Throws a message that names the text. */
export function parseDuration(text: string): number {
  if (!SHAPE.test(text)) {
    throw new Error(`"${text}" is not a duration: expected text such as "5s", "10m" or "1h30m"`);
  }
  let total = 0;
  for (const [, amount = '0', unit = 's'] of text.matchAll(PART)) {
    total += Number(amount) * (UNITS[unit] ?? 0);
  }
  return Math.round(total);
}

export function isDuration(text: string): boolean {
  return SHAPE.test(text);
}
