import { MASK } from './mask.ts';

/** Text as addresses and forms encode it: a quote in it is `%22`, encoded twice `%2522`. */
const RUN = /(?:[\w.~+*:,@$/;!'(){}-]|%[\dA-Fa-f]{2}){8,}/g;
const HOLDS_QUOTES = /%(?:25){0,2}(?:22|27|5C|7B)/i;
const LONGEST = 65_536;

/**
 * Masks what `mask` masks in the decoded text, and leaves the rest as it is encoded. JSON in an address has its keys
 * and quotes encoded, so that no pair is seen in it.
 */
export function maskPercent(text: string, mask: (decoded: string) => string): string {
  if (!HOLDS_QUOTES.test(text)) return text;
  return text.replace(RUN, (run) =>
    HOLDS_QUOTES.test(run) && run.length <= LONGEST ? maskRun(run, mask) : run,
  );
}

function maskRun(run: string, mask: (decoded: string) => string): string {
  const { decoded, starts } = decode(run);
  const masked = mask(decoded);
  if (masked === decoded) return run;
  let result = '';
  let from = 0;
  let done = 0;
  const kept = masked.split(MASK);
  for (const [index, part] of kept.entries()) {
    const isLast = index === kept.length - 1;
    const at = isLast ? decoded.length - part.length : decoded.indexOf(part, from);
    // What was masked is no longer where it was: the whole run may hold it.
    if (at < from || (index === 0 && at !== 0)) return MASK;
    if (index > 0) result += MASK;
    done = starts[at + part.length] ?? run.length;
    result += run.slice(starts[at] ?? run.length, done);
    from = at + part.length;
  }
  return result;
}

/** The decoded text, and where in the run each of its characters begins; after the last one, where the run ends. */
function decode(run: string): { readonly decoded: string; readonly starts: readonly number[] } {
  const starts: number[] = [];
  let decoded = '';
  for (let at = 0; at < run.length; ) {
    const isEncoded = run[at] === '%';
    const character = run[at] === '+' ? ' ' : run.charAt(at);
    // Bytes beyond ASCII stay single characters: they are no part of a key or a quote.
    decoded += isEncoded ? String.fromCharCode(Number.parseInt(run.slice(at + 1, at + 3), 16)) : character;
    starts.push(at);
    at += isEncoded ? 3 : 1;
  }
  starts.push(run.length);
  return { decoded, starts };
}
