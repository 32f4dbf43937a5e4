/**
 * A token of one issuer: who issues it, how it looks, and an example in which `<16>` stands for 16 random letters and
 * digits, `<16:hex>` for digits of another alphabet, so that no file has a whole token.
 */
export type TokenRow = readonly [issuer: string, pattern: RegExp, example: string];

/** One pattern for all rows. */
export function anyToken(rows: readonly TokenRow[]): string {
  return rows.map(([, pattern]) => pattern.source).join('|');
}
