import { MASK } from './mask.ts';

/** Where values begin and end in unparsed text. Positions are UTF-16 units. */

export interface Span {
  readonly start: number;
  readonly end: number;
  readonly quoted: boolean;
}

/** Colours of a terminal, also as JSON and shells escape them. */
export const COLOUR = String.raw`(?:\u001b|\\{1,8}(?:u001[bB]|x1[bB]|e|033))\[[\d;]{0,24}m`;

/** Quotes as HTML and JSON for HTML write them, and those of letters. */
export const ENTITY = String.raw`&quot;|&#3[49];|&#[xX]2[27];|\\{1,8}u002[27]|[“”„‟‘’«»]`;

/** A quote with the backslashes before it: a string of JSON within a string of JSON has them. */
const OPENING = new RegExp(String.raw`(?:[brufBRUFN]{1,2}|<<)?(?:(\\{0,15})(["'\x60])|(${ENTITY}))`, 'y');
const END_OF_ENTITY = new RegExp(String.raw`[\r\n]|${ENTITY}`);

/**
 * Up to a space, a quote, or what separates pairs: a comma, `&`, `;` or `|` counts only where another pair or nothing
 * follows, since passwords have them, too.
 */
const UNQUOTED =
  /(?:[^\s"'`\\,&;|<>]|["'`](?<=[\w!@#$%^*+-]["'`])(?=[\w!@#$%^*+-])|[,&;|](?!\s|$|["'\\]|[\w. -]{1,40}[=:]|quot;|amp;|lt;)|\\(?![nrt"'\\]|$)|(?<=\\) (?=\S)|[<>](?![/\s]|$)){1,256}/y;

/** What prints a text with its type: `Some("…")`, `SecretStr('…')`, `string(9) "…"`. */
const WRAPPER = /(?:[A-Za-z_][\w.:<>]{0,40}\((?:\d{1,6}\) )?){1,3}(?=\\{0,15}["'])/y;

/** Characters that UNQUOTED takes at a time. */
const MOST = 256;

/** The value that begins at `index`, if one does. A quoted one without its end is cut off at the line's end. */
export function valueAt(text: string, at: number): Span | undefined {
  WRAPPER.lastIndex = at;
  const index = WRAPPER.test(text) ? WRAPPER.lastIndex : at;
  OPENING.lastIndex = index;
  const opening = OPENING.exec(text);
  if (opening) {
    const [whole, backslashes = '', quote = '', entity] = opening;
    const start = index + whole.length;
    const triple = quote.repeat(3);
    if (quote !== '' && text.startsWith(triple, start - 1)) return tripled(text, start + 2, triple);
    const end =
      entity === undefined ? endOfQuoted(text, start, quote, backslashes.length) : endOfEntity(text, start);
    return { start, end, quoted: true };
  }
  UNQUOTED.lastIndex = index;
  if (!UNQUOTED.test(text)) return undefined;
  return trimmed(text, index, UNQUOTED.lastIndex);
}

/** A text of Python or TOML in three quotes, which may go over several lines. */
function tripled(text: string, start: number, quotes: string): Span {
  const end = text.slice(start, start + LONGEST).indexOf(quotes);
  return { start, end: end < 0 ? endOfLine(text, start) : start + end, quoted: true };
}

/** The same value to its end: of one without quotes `valueAt` reads only the first 256 characters. */
export function wholeOf(text: string, span: Span): Span {
  if (span.quoted || span.end - span.start < MOST) return span;
  let { end } = span;
  UNQUOTED.lastIndex = end;
  while (UNQUOTED.test(text)) end = UNQUOTED.lastIndex;
  return trimmed(text, span.start, end) ?? span;
}

/** Brackets and stops at the end belong to what is around, unless the value begins with a bracket. */
function trimmed(text: string, start: number, end: number): Span | undefined {
  const isCut = end - start === MOST;
  const isMasked = text.startsWith(MASK, start);
  if (isCut || (!isMasked && /^\$?[[{(<]/.test(text.slice(start, start + 2))))
    return { start, end, quoted: false };
  const [, extra = ''] = TRAILING.exec(text.slice(Math.max(start, end - 24), end)) ?? [];
  return end - extra.length <= start ? undefined : { start, end: end - extra.length, quoted: false };
}

const TRAILING = /(?:\[redacted\]|[^)\]}.,:…])([)\]}.,:…]{0,12})$/;

/** The strings of an array that begins at `index`: none, if it is no array of strings. */
export function stringsAt(text: string, index: number): Span[] {
  const spans: Span[] = [];
  if (text[index] !== '[') return spans;
  let at = skipSpace(text, index + 1);
  for (;;) {
    const span = valueAt(text, at);
    if (!span?.quoted) return spans;
    spans.push(span);
    CLOSING.lastIndex = span.end;
    const closing = CLOSING.exec(text);
    if (!closing) return spans;
    at = CLOSING.lastIndex;
  }
}

const CLOSING = new RegExp(String.raw`(?:\\{0,15}["'\x60]|${ENTITY})\s{0,40},\s{0,40}`, 'y');

/** Position after spaces and line breaks, at most 40 of them. */
function skipSpace(text: string, index: number): number {
  let at = index;
  while (at < index + 40 && /\s/.test(text.charAt(at))) at += 1;
  return at;
}

/** Longer text ends here, and the rest is processed separately. */
const LONGEST = 65_536;

/** Position of the line's end. */
export function endOfLine(text: string, start: number): number {
  const length = text.slice(start, start + LONGEST).search(/[\r\n]/);
  return length < 0 ? Math.min(text.length, start + LONGEST) : start + length;
}

function endOfEntity(text: string, start: number): number {
  const length = text.slice(start, start + LONGEST).search(END_OF_ENTITY);
  return length < 0 ? endOfLine(text, start) : start + length;
}

/** Where the string around ends whose opening quote stands right before `index`; undefined: there is none. */
export function endOfSurrounding(text: string, index: number): number | undefined {
  const [, backslashes = '', quote] =
    /(\\{0,15})(["'])$/.exec(text.slice(Math.max(0, index - 16), index)) ?? [];
  return quote === undefined ? undefined : endOfQuoted(text, index, quote, backslashes.length);
}

/**
 * Each level of JSON doubles backslashes: a quote with as many before it as the opening one has ends the value; so
 * does one with fewer, which ends what is around it.
 */
function endOfQuoted(text: string, start: number, quote: string, level: number): number {
  const last = Math.min(text.length, start + LONGEST);
  let backslashes = 0;
  for (let at = start; at < last; at += 1) {
    const character = text[at];
    if (character === '\n' || character === '\r') return at;
    if (character === '\\') {
      backslashes += 1;
      continue;
    }
    if (character === quote && (backslashes < level || backslashes % (2 * (level + 1)) === level)) {
      return at - backslashes + (backslashes < level ? 0 : backslashes - level);
    }
    backslashes = 0;
  }
  return last;
}
