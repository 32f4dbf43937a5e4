/** Stands for code in the text that is checked: no word, no space, so that no phrase reaches across it. */
const CODE = '\u0000';

/** Everything but line breaks, so that a place in the result is a place in the source. */
const blank = (text: string, by = CODE) => text.replace(/[^\n]/g, by);

/** A literal without a space is a name, a path or a member, not a sentence. */
const sentence = (text: string) => (/\S\s+\S/.test(text) ? text : blank(text));

const commentMarks = /^[^\S\n]*(\/\*+|\*\/|\*|\/\/+|#+)|\/\*+|\*+\/|\/\//gm;

function withoutMarks(comment: string): string {
  return comment
    .replace(commentMarks, (mark) => blank(mark, ' '))
    .replace(/`[^`\s]+`/g, (code) => blank(code));
}

/** A slash begins a regular expression where no value can end before it. */
function beginsPattern(before: string): boolean {
  return /(^|[(,=:[!&|?{};+\-*%<>~^]|\b(return|typeof|case|of|in|yield|await))$/.test(
    before.slice(-400).trimEnd(),
  );
}

/** One piece of source, recognized by how it begins. */
const PIECES = [
  /\/\*[\s\S]*?\*\//y,
  // Comments on lines that follow each other are one text.
  /\/\/[^\n]*(\n[^\S\n]*\/\/[^\n]*)*/y,
  /'(?:[^'\\\n]|\\[\s\S])*'/y,
  /"(?:[^"\\\n]|\\[\s\S])*"/y,
];
/** Code in which nothing begins or ends. */
const PLAIN = /[^'"`/{}]+/y;
const PATTERN = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;

function pieceAt(source: string, at: number): string | undefined {
  for (const piece of PIECES) {
    piece.lastIndex = at;
    const found = piece.exec(source)?.[0];
    if (found !== undefined) return found;
  }
  return undefined;
}

function patternAt(source: string, at: number): string | undefined {
  if (!beginsPattern(source.slice(0, at))) return undefined;
  PATTERN.lastIndex = at;
  return PATTERN.exec(source)?.[0];
}

interface Read {
  readonly text: string;
  readonly end: number;
}

/** A template from its backtick on. Its expressions are code, in which further text may be. */
function template(source: string, start: number): Read {
  let text = CODE;
  let at = start + 1;
  while (at < source.length && source[at] !== '`') {
    if (source.startsWith('${', at)) {
      const inner = code(source, at + 2, '}');
      text += `${CODE}${CODE}${inner.text}${CODE}`;
      at = inner.end + 1;
    } else {
      const length = source[at] === '\\' ? 2 : 1;
      text += source.slice(at, at + length);
      at += length;
    }
  }
  return { text: `${sentence(text)}${CODE}`, end: at + 1 };
}

/** Code up to `end`, or to the end of the source, with only its comments and sentences left. */
function code(source: string, start: number, end?: '}'): Read {
  let text = '';
  let at = start;
  let depth = 0;
  while (at < source.length) {
    PLAIN.lastIndex = at;
    const plain = PLAIN.exec(source)?.[0];
    if (plain !== undefined) {
      text += blank(plain);
      at += plain.length;
      continue;
    }
    const sign = source[at] ?? '';
    if (sign === end && depth === 0) break;
    if (sign === '`') {
      const read = template(source, at);
      text += read.text;
      at = read.end;
      continue;
    }
    const piece = pieceAt(source, at);
    if (piece !== undefined) {
      text += piece.startsWith('/') ? withoutMarks(piece) : sentence(piece);
      at += piece.length;
      continue;
    }
    const skipped = (sign === '/' ? patternAt(source, at) : undefined) ?? sign;
    if (sign === '{') depth += 1;
    if (sign === '}') depth -= 1;
    text += blank(skipped);
    at += skipped.length;
  }
  return { text, end: at };
}

/** What a person reads of a Markdown page: code between backticks only if it is a sentence. */
function page(source: string): string {
  return source
    .replace(/\]\([^)\s]*\)/g, (link) => blank(link))
    .replace(/`[^`\s]+`/g, (name) => blank(name))
    .replace(/^[^\S\n]*>/gm, (mark) => blank(mark, ' '));
}

/** A text as long as the source, in which all is blanked that is not written for people to read. */
export function prose(file: string, source: string): string {
  if (/\.(ts|mjs|cjs)$/.test(file)) return code(source, 0).text;
  if (file.endsWith('.md')) return page(source);
  return withoutMarks(source);
}
