import { maskBelow } from '../redaction/lines.ts';
import { maskKeyLines } from '../redaction/pem.ts';
import type { Read, Row } from './read.ts';

/** Masks what looks like a secret. */
export type Mask = (text: string) => string;

/** Characters that are masked together: the time that redaction takes grows faster than the text. */
const LONGEST = 8_192;
/** Rows around that show whether a row is in the middle of a private key. */
const AROUND = 100;

type Source = Pick<Read, 'events' | 'rows'>;

/** The rows without secrets: each event is masked as a whole, for a line may show what the next one is. */
export function maskedRows(read: Source, rows: readonly Row[], mask: Mask): readonly string[] {
  const events = [...new Set(rows.map(({ event }) => event))];
  const masked = events.flatMap((event) =>
    maskedEvent(
      read,
      rows.filter((row) => row.event === event),
      mask,
    ),
  );
  const [first] = rows;
  const from = first === undefined ? 0 : read.rows.indexOf(first);
  const before = read.rows.slice(Math.max(0, from - AROUND), from).map(({ text }) => text);
  const after = read.rows.slice(from + rows.length, from + rows.length + AROUND).map(({ text }) => text);
  return maskKeyLines([...before, ...masked, ...after]).slice(before.length, before.length + rows.length);
}

/** Where masking changed the number of lines, they are given in their order: which is which is not known. */
function maskedEvent({ events }: Source, group: readonly Row[], mask: Mask): readonly string[] {
  const [first] = group;
  if (!first) return [];
  const before = events[first.event - 1]?.text;
  const whole = events[first.event]?.text ?? '';
  const isWhole = whole.length <= LONGEST;
  const source = isWhole ? whole : group.map(({ text }) => text.slice(0, LONGEST)).join('\n');
  const lines = maskBelow(before, source, mask).split('\n');
  const isAligned = lines.length === source.split('\n').length;
  const said = lines.filter((line) => line.trim() !== '');
  return group.map(({ row }, index) => (isWhole && isAligned ? lines[row] : said[index])?.trimEnd() ?? '');
}
