import type { LogTail } from '../domain/logs.ts';
import { cut, escapeMarkup, joined } from './blocks.ts';
import { clean, oneLine } from './text.ts';

/** The end of what containers wrote; where there are several, each line says whose it is. */
export function logLines(tail: LogTail | undefined): readonly string[] {
  const lines = tail?.lines ?? [];
  const several = new Set(lines.map(({ container }) => container)).size > 1;
  return lines.map(({ container, text }) => `${several ? `${container} | ` : ''}${clean(text)}`);
}

/** Where the rest is logged. */
export function logPlaceNotes(tail: LogTail | undefined): readonly string[] {
  return (tail?.elsewhere ?? []).map((where) => oneLine(where));
}

/** Characters below which nothing is shown: no line fits in. */
const LEAST = 100;

/** Both as Slack's markup, in at most `room` characters: the newest lines count most. Empty where there is nothing. */
export function slackLog(tail: LogTail | undefined, room: number): string {
  if (room < LEAST) return '';
  const notes = joined(logPlaceNotes(tail).map(escapeMarkup), '\n', Math.floor(room / 2));
  const kept: string[] = [];
  let left = room - notes.length - 9;
  for (const line of logLines(tail).toReversed()) {
    const whole = escapeMarkup(line.replaceAll('`', "'"));
    // The last words are shown, however long they are once they are escaped.
    const shown = kept.length === 0 ? cut(whole, left - 1) : whole;
    left -= shown.length + 1;
    if (left < 0) break;
    kept.unshift(shown);
  }
  const block = kept.length === 0 ? [] : [`\`\`\`\n${kept.join('\n')}\n\`\`\``];
  return [...block, ...(notes === '' ? [] : [notes])].join('\n');
}
