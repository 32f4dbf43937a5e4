import type { SecretReference } from '../domain/app.ts';

const FIVE_MINUTES = 5 * 60_000;

export interface TokenCacheOptions {
  readonly read: (reference: SecretReference) => Promise<string>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** How long a token is kept, in milliseconds. */
  readonly ttl?: number;
}

/** `refused`: the token that the channel did not accept; if it is the one kept, it is read again. */
export type ReadToken = (reference: SecretReference, refused?: string) => Promise<string>;

/**
 * Keeps tokens in memory for a while, so that reading costs little; one that was replaced is found as soon as the
 * old one is refused. Neither a token nor a part of one is ever in an error. A failure to read is not kept.
 */
export function createTokenCache({ read, now, ttl = FIVE_MINUTES }: TokenCacheOptions): ReadToken {
  const kept = new Map<string, { readonly token: string; readonly until: number }>();
  return async (reference, refused) => {
    const key = JSON.stringify(reference);
    const known = kept.get(key);
    if (known && known.until > now() && known.token !== refused) return known.token;
    kept.delete(key);
    // A file or a heredoc ends in a line break, and so do many secrets.
    const token = (await read(reference)).trim();
    kept.set(key, { token, until: now() + ttl });
    return token;
  };
}
