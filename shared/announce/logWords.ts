import type { LogTail } from '../domain/logs.ts';
import { escapeMarkup } from './blocks.ts';
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

/** Both as Slack's markup, in at most `room` characters: the newest lines count most. Empty where there is nothing. */
export function slackLog(tail: LogTail | undefined, room: number): string {
  const notes = logPlaceNotes(tail).map(escapeMarkup);
  const kept: string[] = [];
  let left = room - notes.join('\n').length - 8;
  for (const line of logLines(tail).toReversed()) {
    const shown = escapeMarkup(line.replaceAll('`', "'"));
    left -= shown.length + 1;
    if (left < 0) break;
    kept.unshift(shown);
  }
  const block = kept.length === 0 ? [] : [`\`\`\`\n${kept.join('\n')}\n\`\`\``];
  return [...block, ...notes].join('\n');
}
