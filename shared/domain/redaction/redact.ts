import { maskEncoded } from './encoded.ts';
import { maskPairs } from './pairs.ts';
import { maskPem } from './pem.ts';
import { maskPhrases } from './phrases.ts';
import { maskTokens } from './tokens.ts';
import { maskUrls } from './urls.ts';

/** What was masked may complete a pattern that was none before; twice is enough for all that was seen. */
const ROUNDS = 4;

/** Base64 within Base64 that is looked into. */
const DEEPEST = 2;

/**
 * Masks with `[redacted]` what looks like a secret, whoever wrote it: tokens and keys by their shape, passwords in
 * addresses, values whose key says that they are secret, private keys. What helps people stays: the key, the
 * address's host and user, digests, ARNs, ids. Text without secrets comes back as it is, and so does redacted text.
 * Takes time in proportion to the text's length, whatever is in it. Never throws.
 */
export function redact(text: string): string {
  return redacted(text, 0);
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
