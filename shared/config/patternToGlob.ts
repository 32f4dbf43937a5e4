/** Pieces of the regular expressions that people write for tags, and what says the same, or nearly, in a glob. */
const PIECES: readonly (readonly [RegExp, string | ((...found: string[]) => string)])[] = [
  [/^\\d(?:[+*]|\{[\d,]+\})/, '[0-9]*'],
  [/^\\d/, '[0-9]'],
  [/^\\([._-])/, '$1'],
  [/^\.[+*]/, '*'],
  [/^\./, '?'],
  [/^(\[[A-Za-z0-9._^-]+\])(?:[+*]|\{[\d,]+\})/, '$1*'],
  [/^\[[A-Za-z0-9._^-]+\]/, '$&'],
  [/^\((?:\?:)?([A-Za-z0-9._|-]+)\)(?![+*?{])/, (_, words = '') => `{${words.replaceAll('|', ',')}}`],
  [/^[A-Za-z0-9_-](?![+*?{])/, '$&'],
];

/**
 * A glob to write instead of a regular expression: it matches at least the same tags. Undefined where none is as short
 * and clear.
 */
export function globInsteadOf(pattern: string): string | undefined {
  let glob = pattern.startsWith('^') ? '' : '*';
  let rest = pattern.replace(/^\^/, '');
  const isOpen = !rest.endsWith('$');
  rest = rest.replace(/\$$/, '');
  while (rest !== '') {
    const [form, instead] = PIECES.find(([piece]) => piece.test(rest)) ?? [];
    const found = form?.exec(rest)?.[0];
    if (form === undefined || instead === undefined || found === undefined) return undefined;
    glob += typeof instead === 'string' ? found.replace(form, instead) : found.replace(form, instead);
    rest = rest.slice(found.length);
  }
  return `${glob}${isOpen ? '*' : ''}`.replace(/\*{2,}/g, '*');
}
