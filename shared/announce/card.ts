/** Slack's blocks as a card for the terminal: what people would see, in plain text and box drawing. */

export interface CardOptions {
  /** Characters, frame included. */
  readonly width: number;
  /** Whether ANSI colours may be used. */
  readonly colour: boolean;
}

const INNER_LEAST = 20;

/** Renders a Slack payload (`text`, `blocks`). Blocks that are not known are left out. */
export function renderCard(payload: unknown, options: CardOptions): string {
  const inner = Math.max(INNER_LEAST, options.width - 4);
  const bold = (text: string) => (options.colour ? `\u001b[1m${text}\u001b[22m` : text);
  const faint = (text: string) => (options.colour ? `\u001b[2m${text}\u001b[22m` : text);
  const rows: string[] = [];
  for (const block of blocksOf(payload)) {
    switch (block.type) {
      case 'header':
        rows.push(...wrap(textOf(block.text), inner).map((line) => bold(pad(line, inner))));
        break;
      case 'section': {
        const fields = Array.isArray(block.fields) ? block.fields.map(textOf) : [];
        const texts = [textOf(block.text), ...fields].filter((text) => text !== '');
        rows.push(...texts.flatMap((text) => wrap(text, inner)).map((line) => pad(line, inner)));
        break;
      }
      case 'context': {
        const elements = Array.isArray(block.elements) ? block.elements.map(textOf) : [];
        rows.push(...wrap(elements.join('  '), inner).map((line) => faint(pad(line, inner))));
        break;
      }
      case 'divider':
        rows.push(faint('─'.repeat(inner)));
        break;
    }
  }
  const edge = '─'.repeat(inner + 2);
  return [`╭${edge}╮`, ...rows.map((row) => `│ ${row} │`), `╰${edge}╯`].join('\n');
}

function blocksOf(payload: unknown): readonly Record<string, unknown>[] {
  const { blocks, text } = record(payload);
  if (Array.isArray(blocks)) return blocks.map(record);
  return typeof text === 'string' ? [{ type: 'section', text: { text } }] : [];
}

/** The text of a block's member, with Slack's markup taken away. */
function textOf(member: unknown): string {
  const { text } = record(member);
  if (typeof text !== 'string') return '';
  return text
    .replace(/<([^|>]+)\|([^>]+)>/g, '$2')
    .replace(/<([^>]+)>/g, '$1')
    .replace(/(^|\s)\*([^*\n]+)\*/g, '$1$2')
    .replaceAll('```', '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, width));
}

function wrapLine(line: string, width: number): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(' ')) {
    const longer = current === '' ? word : `${current} ${word}`;
    if (columns(longer) <= width) {
      current = longer;
      continue;
    }
    if (current !== '') lines.push(current);
    current = word;
    while (columns(current) > width) {
      lines.push(current.slice(0, width));
      current = current.slice(width);
    }
  }
  return [...lines, current];
}

function pad(line: string, width: number): string {
  return line + ' '.repeat(Math.max(0, width - columns(line)));
}

/** Emoji take two columns of a terminal; variation selectors none. */
function columns(text: string): number {
  let count = 0;
  for (const character of text) {
    if (character === '\ufe0f') continue;
    count += /\p{Emoji_Presentation}/u.test(character) ? 2 : 1;
  }
  return count;
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
