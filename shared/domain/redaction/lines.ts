/**
 * A line that ends with the key of a secret, as dumps have it whose value stands below: `["password"]=>`,
 * `"password":`, `password: |`, `Property: db.password`.
 */
const KEY_AT_END =
  /(?:auth|cred|key|pass|pwd|secret|token)[\w.-]{0,60}(?:\\{0,3}["'])?\]?\s{0,4}(?:=>|[:=])?\s{0,4}[|>]?[+-]?$/i;

/** Characters of a line's end in which its key stands. */
const END = 160;

/**
 * Masks a line of a log, where the one before it may end with the key of what it says.
 * @param before the line before it as it was written, masked or not; undefined: there is none
 */
export function maskBelow(before: string | undefined, line: string, mask: (text: string) => string): string {
  const masked = mask(line);
  const end = before?.slice(before.lastIndexOf('\n') + 1).slice(-END) ?? '';
  if (!KEY_AT_END.test(end)) return masked;
  const both = mask(`${end}\n${masked}`);
  const at = both.indexOf('\n');
  return at < 0 ? masked : both.slice(at + 1);
}
