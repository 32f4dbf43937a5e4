import { type Line, type Look, markupLines, paint, plainLines, wrap } from './cardText.ts';

/** Slack's blocks as a card for the terminal: what people would see, in box drawing and plain text. */

interface CardOptions {
  /** Columns, frame included. */
  readonly width: number;
  /** Whether ANSI colours may be used. */
  readonly colour: boolean;
}

const LEAST = 24;

/**
 * Renders a Slack payload (`text`, `blocks`), or its blocks alone. Blocks and members that are not known are left
 * out; a payload without blocks is shown by its text.
 */
export function renderCard(payload: unknown, { width, colour }: CardOptions): string {
  const columns = Math.max(LEAST, width) - 4;
  const rows = blocksOf(payload).flatMap((block) => rowsOf(block, columns));
  const edge = '─'.repeat(columns + 2);
  const body = rows.map((row) => (row === 'divider' ? `├${edge}┤` : `│ ${paint(row, columns, colour)} │`));
  return [`╭${edge}╮`, ...body, `╰${edge}╯`].join('\n');
}

type Row = Line | 'divider';

function blocksOf(payload: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (Array.isArray(payload)) return payload.map(record);
  const { blocks, text } = record(payload);
  if (Array.isArray(blocks) && blocks.length > 0) return blocks.map(record);
  return typeof text === 'string' ? [{ type: 'section', text: { type: 'mrkdwn', text } }] : [];
}

function rowsOf(block: Readonly<Record<string, unknown>>, columns: number): Row[] {
  switch (block.type) {
    case 'header':
      return wrapped(block.text, columns, ['bold']);
    case 'section':
      return [...wrapped(block.text, columns), ...fieldRows(membersOf(block.fields), columns)];
    case 'context':
      return membersOf(block.elements).flatMap((element) => wrapped(element, columns, ['faint']));
    case 'divider':
      return ['divider'];
    default:
      return [];
  }
}

/** Fields are in two columns, as Slack has them on a wide screen. */
function fieldRows(fields: readonly unknown[], columns: number): Line[] {
  const half = Math.floor((columns - 2) / 2);
  const rows: Line[] = [];
  for (let index = 0; index < fields.length; index += 2) {
    const left = wrapped(fields[index], half);
    const right = wrapped(fields[index + 1], half);
    for (let row = 0; row < Math.max(left.length, right.length); row += 1) {
      rows.push([...padded(left[row] ?? [], half + 2), ...(right[row] ?? [])]);
    }
  }
  return rows;
}

function padded(line: Line, columns: number): Line {
  const plain = paint(line, columns, false);
  const text = line.map((span) => span.text).join('');
  return [...line, { text: plain.slice(text.length), looks: [] }];
}

function wrapped(member: unknown, columns: number, looks: readonly Look[] = []): Line[] {
  const { type, text } = record(member);
  if (typeof text !== 'string') return [];
  const lines = type === 'plain_text' ? plainLines(text, looks) : markupLines(text, looks);
  return lines.flatMap((line) => wrap(line, columns));
}

function membersOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
