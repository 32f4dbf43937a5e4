import { applicationCause } from '../diagnosis/application.ts';
import { probeIn } from '../diagnosis/probes.ts';
import type { KeyLine } from '../logs.ts';
import { addressIn, addressRow, announced, type Chosen } from './choose.ts';
import { type Mask, maskedRows } from './masking.ts';
import type { Read } from './read.ts';
import { linesIn } from './split.ts';

/** Rows that a chosen line and the line that it announces may take. */
const ANNOUNCED = 5;

/**
 * The chosen line without secrets, and the cause that it reports. Names are taken from the masked text alone: what was
 * masked is in no sentence.
 */
export function meaningOf(read: Read, mask: Mask): KeyLine | undefined {
  const { chosen } = read;
  if (!chosen) return undefined;
  const probe = probeIn(read.lines);
  const key = keyLineOf(read, chosen, mask);
  if (!probe) return key;
  return { ...key, probe: { text: maskedText(read, probe.index, mask), advice: probe.advice } };
}

function keyLineOf(read: Read, chosen: Chosen, mask: Mask): KeyLine {
  const { container } = read;
  const text = maskedText(read, chosen.index, mask) || mask(chosen.text);
  const { explains } = chosen;
  const known = explains ? applicationCause(chosen.text) : undefined;
  if (!known) return { container, text, explains };
  const { row } = known;
  const found = row.pattern.exec(text);
  const { kind, advice, canHeal = true } = row;
  const address = addressIn(text) ?? addressNear(read, mask);
  return {
    container,
    text,
    explains,
    kind,
    ...(found ? { means: row.means(found, address) } : {}),
    advice: typeof advice === 'string' ? advice : advice(found ?? known.found),
    canHeal,
  };
}

function maskedText(read: Read, chosen: number, mask: Mask): string {
  const { lines, rows } = read;
  const line = lines[chosen];
  const at = rows.findIndex(({ event, row }) => event === line?.event && row === line.row);
  if (!line || at < 0) return '';
  const masked = maskedRows(read, rows.slice(at, at + ANNOUNCED), mask);
  const offset = chosen - lines.findIndex(({ event, row }) => event === line.event && row === line.row);
  const said = masked.flatMap((text, index) => linesIn(text, index, 0));
  return announced(said, offset).trim();
}

/** The host that another line of the same trace names. */
function addressNear(read: Read, mask: Mask): string | undefined {
  const { chosen, lines } = read;
  const near = chosen && addressRow(lines, chosen.index);
  return near === undefined ? undefined : addressIn(mask(near));
}
