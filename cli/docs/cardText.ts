/** Slack's markup and columns of a terminal, for cards. */

export type Look = 'bold' | 'italic' | 'strike' | 'code' | 'link' | 'faint';

/** A piece of text with one look. */
interface Span {
  readonly text: string;
  readonly looks: readonly Look[];
}

export type Line = readonly Span[];

const ANSI: Readonly<Record<Look, readonly [number, number]>> = {
  bold: [1, 22],
  faint: [2, 22],
  italic: [3, 23],
  link: [4, 24],
  strike: [9, 29],
  code: [36, 39],
};

// Emphasis counts only around whole words, as Slack has it: 2*3*4 and snake_case_names are no emphasis.
const MARKUP =
  /<([^<>|]+)\|([^<>]+)>|<([^<>]+)>|`([^`\n]+)`|(?<![\w*])\*([^*\n]+)\*(?![\w*])|(?<!\w)_([^_\n]+)_(?!\w)|(?<![\w~])~([^~\n]+)~(?![\w~])/;

// biome-ignore lint/suspicious/noControlCharactersInRegex: what could command a terminal is taken away
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g;

/** Lines of a `mrkdwn` text. */
export function markupLines(text: string, looks: readonly Look[] = []): Line[] {
  const lines: Line[] = [];
  for (const [index, part] of text.split('```').entries()) {
    if (index % 2 === 1)
      lines.push(
        ...part
          .replace(/^\n|\n$/g, '')
          .split('\n')
          .map((line) => [span(line, [...looks, 'code'])]),
      );
    else if (part.trim() !== '')
      lines.push(
        ...part
          .replace(/^\n|\n$/g, '')
          .split('\n')
          .map((line) => spans(line, looks)),
      );
  }
  return lines;
}

/** Lines of a `plain_text` text: markup is shown as it is. */
export function plainLines(text: string, looks: readonly Look[] = []): Line[] {
  return text.split('\n').map((line) => [{ text: line.replace(CONTROL, ''), looks }]);
}

function spans(text: string, looks: readonly Look[]): Span[] {
  const match = MARKUP.exec(text);
  if (!match) return text === '' ? [] : [span(text, looks)];
  const [whole, , label, address, code, bold, italic, strike] = match;
  return [
    ...spans(text.slice(0, match.index), looks),
    ...(label === undefined ? [] : spans(label, [...looks, 'link'])),
    ...(address === undefined ? [] : [span(address, [...looks, 'link'])]),
    ...(code === undefined ? [] : [span(code, [...looks, 'code'])]),
    ...(bold === undefined ? [] : spans(bold, [...looks, 'bold'])),
    ...(italic === undefined ? [] : spans(italic, [...looks, 'italic'])),
    ...(strike === undefined ? [] : spans(strike, [...looks, 'strike'])),
    ...spans(text.slice(match.index + whole.length), looks),
  ];
}

function span(text: string, looks: readonly Look[]): Span {
  const plain = text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
  return { text: plain.replace(CONTROL, ''), looks };
}

/** Breaks a line at spaces; a word wider than the card is broken where the card ends. */
export function wrap(line: Line, columns: number): Line[] {
  const lines: Span[][] = [];
  let current: Span[] = [];
  let used = 0;
  const breakLine = () => {
    lines.push(current);
    current = [];
    used = 0;
  };
  for (const piece of line.flatMap(words)) {
    const wide = width(piece.text);
    if (used + wide > columns && used > 0) breakLine();
    if (used === 0 && piece.text.trim() === '' && lines.length > 0) continue;
    for (const part of wide > columns ? broken(piece, columns) : [piece]) {
      if (used + width(part.text) > columns && used > 0) breakLine();
      current.push(part);
      used += width(part.text);
    }
  }
  return [...lines, current];
}

function words({ text, looks }: Span): Span[] {
  return (text.match(/\s+|\S+/g) ?? []).map((word) => ({ text: word, looks }));
}

function broken({ text, looks }: Span, columns: number): Span[] {
  const parts: string[] = [''];
  for (const character of characters(text)) {
    const last = parts.at(-1) ?? '';
    if (width(last + character) > columns) parts.push(character);
    else parts[parts.length - 1] = last + character;
  }
  return parts.map((part) => ({ text: part, looks }));
}

/** The line as text, filled with spaces to so many columns. */
export function paint(line: Line, columns: number, colour: boolean): string {
  const used = line.reduce((sum, { text }) => sum + width(text), 0);
  const text = line.map((one) => (colour ? painted(one) : one.text)).join('');
  return text + ' '.repeat(Math.max(0, columns - used));
}

function painted({ text, looks }: Span): string {
  return looks.reduce((inner, look) => `\u001b[${ANSI[look][0]}m${inner}\u001b[${ANSI[look][1]}m`, text);
}

const segmenter = new Intl.Segmenter('en');

function characters(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

const WIDE =
  /\p{Emoji_Presentation}|\ufe0f|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;

/** Columns on a terminal: emoji and East Asian characters take two, combining marks none. */
export function width(text: string): number {
  return characters(text).reduce(
    (sum, one) => sum + (WIDE.test(one) ? 2 : /^[\p{M}\u200b-\u200d]+$/u.test(one) ? 0 : 1),
    0,
  );
}
