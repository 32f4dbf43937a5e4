import { MASK } from './mask.ts';

/** Forms write a space as `+` or `%20`. */
const GAP = String.raw`(?: |\+|%20)`;
const WORDS = String.raw`${GAP}(?:[A-Z\d]{1,12}${GAP}){0,4}PRIVATE${GAP}KEY(?:${GAP}BLOCK)?-----`;
const BEGIN = new RegExp(`-----BEGIN${WORDS}`);
const END = new RegExp(`-----END${WORDS}`);
const EITHER = new RegExp(`${BEGIN.source}|${END.source}`, 'g');

/** Between lines of a key: a break, one that JSON, a shell or a form has escaped, or the ends of two strings. */
const BREAK = /(?:\s|\\{1,8}[nr]|%0[AD]|["'`](?:[,+.]|\s){0,40}["'`]|(?<=KEY-----)["'`],?\s{0,40}["'`])+/y;
const HEADER = /(?:Proc-Type|DEK-Info|Version|Comment|Hash)\s?:[^\n\\]{0,200}/y;
const LINE = /(?:[A-Za-z\d+/=]|%(?:2[BF]|3D))+/y;
/** A line of a key is longer than this, but for the last one. */
const SHORTEST = 16;
/** Characters of a full line, or nearly. */
const FULL = 60;

/** Masks private keys in PEM, over several lines or as one escaped line, also where begin or end was cut off. */
export function maskPem(text: string): string {
  if (!/PRIVATE(?: |\+|%20)KEY/.test(text)) return text;
  let masked = '';
  let done = 0;
  let open = false;
  for (const { 0: marker, index } of text.matchAll(EITHER)) {
    const between = text.slice(done, index);
    const begins = BEGIN.test(marker);
    if (!open) masked += begins ? between : withoutTail(between);
    else masked += begins ? withoutHead(between) : maskedBody(between);
    masked += marker;
    done = index + marker.length;
    open = begins;
  }
  const rest = text.slice(done);
  return masked + (open ? withoutHead(rest) : rest);
}

function maskedBody(body: string): string {
  return body.trim() === '' ? body : MASK;
}

/** A key that was cut off at its end: the lines of it that are there. */
function withoutHead(text: string): string {
  const start = text.startsWith(MASK) ? MASK.length : 0;
  let end = start;
  let previous = start === 0 ? FULL : 0;
  for (;;) {
    const from = skip(BREAK, text, end);
    const header = skip(HEADER, text, from);
    if (header > from) {
      end = header;
      continue;
    }
    const to = skip(LINE, text, from);
    const length = to - from;
    if (length === 0 || (length < SHORTEST && previous < FULL)) break;
    previous = length;
    end = to;
  }
  return end > start ? `${MASK}${text.slice(end)}` : text;
}

/** A key that was cut off at its beginning: the lines before its end. */
function withoutTail(text: string): string {
  let start = text.length;
  while (start > 0 && /[A-Za-z\d+/=\\\s]/.test(text.charAt(start - 1))) start -= 1;
  const body = text.slice(start);
  const from = body.search(/(?<![A-Za-z\d+/=])[A-Za-z\d+/=]{16,}/);
  return from < 0 ? text : `${text.slice(0, start + from)}${MASK}`;
}

function skip(pattern: RegExp, text: string, index: number): number {
  pattern.lastIndex = index;
  return pattern.test(text) ? pattern.lastIndex : index;
}

/**
 * The same if each line of a key is a separate text, as in a log: whole lines of Base64 near a begin or an end, or
 * after a line that was masked as a whole. What a logger writes before each line stands before begin and end, too.
 */
export function maskKeyLines(lines: readonly string[]): string[] {
  const markers = lines.filter(
    (line) => line.includes('PRIVATE KEY-----') || line.includes('KEY BLOCK-----'),
  );
  const columns = [...new Set([0, ...markers.map((line) => Math.max(0, line.indexOf('-----')))])];
  const masked: string[] = [];
  for (const [index, line] of lines.entries()) {
    const isEdge = BEGIN.test(lines[index - 1] ?? '') || END.test(lines[index + 1] ?? '');
    const isNear = markers.length > 0 || (masked[index - 1] ?? '').trim() === MASK;
    const column = isNear ? columns.find((at) => isKeyLine(line.slice(at).trim(), isEdge)) : undefined;
    masked.push(column === undefined ? line : line.slice(0, column) + MASK);
  }
  return masked;
}

function isKeyLine(text: string, isEdge: boolean): boolean {
  return /^[A-Za-z\d+/]+={0,2}$/.test(text) && (text.length >= SHORTEST || isEdge);
}
