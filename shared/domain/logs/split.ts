import { withoutColours } from '../diagnosis/plain.ts';
import { type Level, levelIn, levelNamed } from './level.ts';
import { structured } from './structured.ts';

/** A line as a person reads it: of several that one event has, or of the message in a structured one. */
export interface Line {
  /** Index of its event. */
  readonly event: number;
  /** Index of the line within the event. */
  readonly row: number;
  readonly text: string;
  readonly level?: Level;
}

/** Characters of a line that count: what is longer says nothing new. */
const LONGEST = 2_000;

/** The lines of events, without colours; the lines of one structured event have its level. */
export function linesOf(events: readonly string[]): readonly Line[] {
  return events.flatMap((text, event) => {
    if (text.startsWith('{') && structured(text)) return linesIn(text, event, 0);
    return text.split('\n').flatMap((raw, row) => linesIn(raw, event, row));
  });
}

/** What a line says: its own text, or the message of a structured one. */
export function linesIn(raw: string, event: number, row: number): readonly Line[] {
  const bare = withoutColours(raw).trimEnd();
  const found = structured(bare);
  if (!found) return [lineOf(bare, levelIn(bare), event, row)];
  const level = found.level === undefined ? undefined : levelNamed(found.level);
  return found.text.split('\n').map((text) => lineOf(text.trimEnd(), level ?? levelIn(text), event, row));
}

function lineOf(text: string, level: Level | undefined, event: number, row: number): Line {
  return { event, row, text: text.slice(0, LONGEST), ...(level === undefined ? {} : { level }) };
}
