import { LIKELY_TOKENS } from '../../shared/domain/redaction/likelyTokens.ts';
import { redact } from '../../shared/domain/redaction/redact.ts';
import { SURE_TOKENS } from '../../shared/domain/redaction/sureTokens.ts';
import { drawn } from './tokens.ts';

const ALPHABETS: Readonly<Record<string, string>> = {
  hex: '0123456789abcdef',
  digit: '0123456789',
  upper: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567',
  lower: 'abcdefghijklmnopqrstuvwxyz0123456789',
  letter: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
};

/** The example of a row with random characters in its places. */
function tokenOf(example: string, seed: number): string {
  let part = seed;
  return example.replace(/<(\d+)(?::(\w+))?>/g, (_, length: string, alphabet?: string) => {
    part += 1;
    return drawn(Number(length), part, alphabet === undefined ? undefined : ALPHABETS[alphabet]);
  });
}

const rows = [...SURE_TOKENS, ...LIKELY_TOKENS].map(
  ([issuer, pattern, example], index) => [issuer, pattern, tokenOf(example, 7_000 + index * 20)] as const,
);

describe('the table of tokens', () => {
  it.each(rows)('has an example that fits its pattern: %s', (_, pattern, token) => {
    expect(token).toMatch(pattern);
  });

  it.each(rows)('is masked anywhere in a line: %s', (_, __, token) => {
    for (const line of [token, `using ${token} for the login`, `value="${token}", next`, `(${token})`]) {
      expect(redact(line)).not.toContain(token);
    }
  });

  it('names each issuer of a sure token once', () => {
    const issuers = SURE_TOKENS.map(([issuer]) => issuer);
    expect(new Set(issuers).size).toBe(issuers.length);
  });
});
