import { remembered } from '../remembered.ts';
import { maskEncoded } from './encoded.ts';
import { withoutHidden } from './hidden.ts';
import { maskPairs } from './pairs.ts';
import { maskPem } from './pem.ts';
import { maskPercent } from './percent.ts';
import { maskPhrases } from './phrases.ts';
import { maskStatements } from './statements.ts';
import { maskTokens } from './tokens.ts';
import { maskUrls } from './urls.ts';

/** What was masked may complete a pattern that was none before; twice is enough for all that was seen. */
const ROUNDS = 8;

/** Sentences of an app are saved again with every step of its release. Longer texts are rare, and each is met once. */
const MEMORY = { longest: 500, most: 1_000 };

/** Base64 and percent codes within one another that are decoded. */
const DEEPEST = 2;

/**
 * Masks with `[redacted]` what looks like a secret, whatever its source: tokens and keys by their shape, passwords in
 * addresses, values whose key says that they are secret, private keys. What helps people stays: the key, the
 * address's host and user, digests, ARNs, ids. Text without secrets comes back as it is, and so does redacted text.
 * Colors and invisible characters stay unless they are inside a secret or its key. Takes time in proportion to the text's length, whatever is in it. Never throws.
 */
export const redact = remembered(withoutSecret, MEMORY);

function withoutSecret(text: string): string {
  const masked = redacted(text, 0);
  const plain = withoutHidden(text);
  if (plain === text) return masked;
  const bare = redacted(plain, 0);
  return withoutHidden(masked) === bare ? masked : bare;
}

function redacted(text: string, depth: number): string {
  let result = text;
  for (let round = 0; round < ROUNDS; round += 1) {
    const plain = maskTokens(maskPhrases(maskPairs(maskStatements(maskUrls(maskPem(result))))));
    const masked = depth < DEEPEST ? maskWithin(plain, (inner) => redacted(inner, depth + 1)) : plain;
    if (masked === result) return result;
    result = masked;
  }
  return result;
}

/** What is encoded is decoded and masked there. */
function maskWithin(text: string, mask: (decoded: string) => string): string {
  return maskEncoded(maskPercent(text, mask), (inner) => mask(inner) !== inner);
}
