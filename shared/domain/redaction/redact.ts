import { maskEncoded } from './encoded.ts';
import { maskPairs } from './pairs.ts';
import { maskPem } from './pem.ts';
import { maskPhrases } from './phrases.ts';
import { maskTokens } from './tokens.ts';
import { maskUrls } from './urls.ts';
import { COLOUR } from './values.ts';

/** What was masked may complete a pattern that was none before; twice is enough for all that was seen. */
const ROUNDS = 8;

const PAINT = new RegExp(COLOUR, 'g');

/** Base64 within Base64 that is looked into. */
const DEEPEST = 2;

/**
 * Masks with `[redacted]` what looks like a secret, whoever wrote it: tokens and keys by their shape, passwords in
 * addresses, values whose key says that they are secret, private keys. What helps people stays: the key, the
 * address's host and user, digests, ARNs, ids. Text without secrets comes back as it is, and so does redacted text.
 * Colours stay unless they stand within a secret. Takes time in proportion to the text's length, whatever is in it. Never throws.
 */
export function redact(text: string): string {
  const masked = redacted(text, 0);
  const plain = withoutPaint(text);
  if (plain === text) return masked;
  const bare = redacted(plain, 0);
  return withoutPaint(masked) === bare ? masked : bare;
}

/** Colours within a secret or its key hide it: the text without them tells. */
function withoutPaint(text: string): string {
  return text.includes('[') ? text.replace(PAINT, '') : text;
}

function redacted(text: string, depth: number): string {
  let result = text;
  for (let round = 0; round < ROUNDS; round += 1) {
    const plain = maskTokens(maskPhrases(maskPairs(maskUrls(maskPem(result)))));
    const masked =
      depth < DEEPEST ? maskEncoded(plain, (inner) => redacted(inner, depth + 1) !== inner) : plain;
    if (masked === result) return result;
    result = masked;
  }
  return result;
}
