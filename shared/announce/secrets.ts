import type { SecretReference } from '../domain/app.ts';

const KEEP = 5 * 60_000;

export interface TokenCacheOptions {
  readonly read: (reference: SecretReference) => Promise<string>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Keeps tokens in memory for five minutes, so that a new one is used soon and reading costs little. */
export function createTokenCache({
  read,
  now,
}: TokenCacheOptions): (reference: SecretReference) => Promise<string> {
  const kept = new Map<string, { readonly value: string; readonly until: number }>();
  return async (reference) => {
    const key = JSON.stringify(reference);
    const known = kept.get(key);
    if (known && known.until > now()) return known.value;
    const value = await read(reference);
    kept.set(key, { value, until: now() + KEEP });
    return value;
  };
}
