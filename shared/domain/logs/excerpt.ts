import type { KeyLine, LogLine } from '../logs.ts';
import { chooseLine } from './choose.ts';
import { type Mask, maskedRows } from './masking.ts';
import { meaningOf } from './meaning.ts';
import type { Read, Row, Written } from './read.ts';
import { linesOf } from './split.ts';

/** Lines of all containers together that people are shown. */
const ROOM = 12;
/** Of those, lines that come before the one that says why. */
const BEFORE = 4;

/**
 * The lines to show, and the one of each container that says why. Ranks the text as it was written, and masks whole
 * events. The container that the failure is about comes first; of the others there is what is left of the room.
 * @param blamed undefined: not known, and the container whose line explains most comes first
 */
export function excerptOf(
  written: readonly Written[],
  mask: Mask,
  blamed?: string,
): { readonly lines: readonly LogLine[]; readonly keyLines: readonly KeyLine[] } {
  const read = written.map(chosenOf);
  const first = read.find(({ container }) => container === blamed) ?? mostExplaining(read);
  const shown = first ? shownOf(first, windowOf(first), mask) : [];
  const others = read.filter((one) => one !== first);
  const rest = byTime(others.flatMap((one) => shownOf(one, one.rows.slice(-ROOM), mask)));
  const room = ROOM - shown.length;
  return {
    lines: byTime([...shown, ...(room > 0 ? rest.slice(-room) : [])]),
    keyLines: read.flatMap((one) => meaningOf(one, mask) ?? []),
  };
}

function chosenOf(written: Written): Read {
  const texts = written.events.map(({ text }) => text);
  const rows = texts.flatMap((text, event) =>
    text
      .split('\n')
      .flatMap((line, row) => (line.trim() === '' ? [] : [{ event, row, text: line.trimEnd() }])),
  );
  const lines = linesOf(texts);
  return { ...written, rows, lines, chosen: chooseLine(lines) };
}

/** Undefined: no container wrote a line that reports a failure. */
function mostExplaining(read: readonly Read[]): Read | undefined {
  const able = read.filter(({ chosen }) => chosen?.explains);
  return able.toSorted((a, b) => (b.chosen?.points ?? 0) - (a.chosen?.points ?? 0))[0];
}

/** The chosen row and its neighbors; the last rows where none was chosen. */
function windowOf({ rows, lines, chosen }: Read): readonly Row[] {
  const line = chosen?.explains ? lines[chosen.index] : undefined;
  const at = rows.findIndex(({ event, row }) => event === line?.event && row === line.row);
  const last = Math.max(0, rows.length - ROOM);
  const from = at < 0 ? last : Math.min(last, Math.max(0, at - BEFORE));
  return rows.slice(from, from + ROOM);
}

function shownOf(read: Read, rows: readonly Row[], mask: Mask): readonly LogLine[] {
  const texts = maskedRows(read, rows, mask);
  return rows.map(({ event }, index) => ({
    at: read.events[event]?.at ?? 0,
    container: read.container,
    text: texts[index] ?? '',
  }));
}

function byTime(lines: readonly LogLine[]): readonly LogLine[] {
  return lines.toSorted((a, b) => a.at - b.at);
}
