import { SILENT } from './noise.ts';
import { EXPLAINS, pointsOf } from './rank.ts';
import type { Line } from './split.ts';

/** The line of a log that says why, or the last one that says anything. */
export interface Chosen {
  /** Index among the lines. */
  readonly index: number;
  /** What to quote: the line, with the next one where it only announces that. */
  readonly text: string;
  /** False: no line reports a failure, and this is the last one that is no noise. */
  readonly explains: boolean;
  /** How much it explains, to compare containers. */
  readonly points: number;
}

/** Lines that an announcement and what it announces may be apart. */
const NEAR = 4;
/** Lines of the same trace in which the host of a failed connection is looked for. */
const SAME_TRACE = 120;

/** Of lines that explain as much the first: what follows repeats it. */
export function chooseLine(lines: readonly Line[]): Chosen | undefined {
  let best: Chosen | undefined;
  let last: Chosen | undefined;
  let depth = 0;
  for (const [index, line] of lines.entries()) {
    if (/^\s*(?:Caused by:|--->)/.test(line.text)) depth += 1;
    else if (/^(?:Traceback|Exception in thread|\S+(?:Exception|Error):)/.test(line.text)) depth = 0;
    const text = announced(lines, index);
    const points = pointsOf({ ...line, text }, depth, lines.length - index);
    if (points <= SILENT) continue;
    const chosen = { index, text: text.trim(), points, explains: points >= EXPLAINS };
    if (chosen.explains && points > (best?.points ?? 0)) best = chosen;
    if (points > -40) last = chosen;
  }
  return best ?? last;
}

/** A line that only announces the next one ("panicked at src/main.rs:14:38:", "Error: P3009") takes it along. */
export function announced(lines: readonly Line[], index: number): string {
  const text = lines[index]?.text ?? '';
  if (!ANNOUNCES.test(text)) return text;
  const next = lines
    .slice(index + 1, index + 1 + NEAR)
    .find((line) => line.text.trim() !== '' && !/^\s*at /.test(line.text));
  return next === undefined ? text : `${text.trimEnd()} ${next.text.trim()}`;
}

const ANNOUNCES =
  /^(?:thread '.*panicked at .*:|Error(?: \[[\w ]+\])?: (?:P\d{4})?|[\w.:]+(?:Error|Exception): ?|.*Migration failed for .*:|.*Validation Failed:|fail: .*|crit: .*|FATAL:?|ERROR:?)\s*$/;

/** Another line of the same trace that names where a connection goes to. */
export function addressRow(lines: readonly Line[], index: number): string | undefined {
  const near = lines.slice(Math.max(0, index - SAME_TRACE), index + SAME_TRACE);
  return near.find(({ text }) => CONNECTS.test(text) && addressIn(text) !== undefined)?.text;
}

const CONNECTS = /connect|refused|unreachable|could not start|database server|server running on/i;

/** The forms in which clients name a host and its port. */
const ADDRESSES: readonly RegExp[] = [
  /(?:^|[\s"'`(@/[])((?:\d{1,3}(?:\.\d{1,3}){3}|[A-Za-z][\w-]*(?:\.[\w-]+)*):\d{2,5})(?![\w@]|\.\w)/,
  /server at "([^"]+)"(?: \([^)]*\))?, port (?:\d+)/,
  /(?:ENOTFOUND|EAI_AGAIN|could not translate host name|Unknown (?:MySQL )?server host|host not found in upstream|could not resolve|lookup) ['"]?([\w-]+(?:\.[\w-]+)*)/i,
  /\bhost[=: ]+['"`]?([\w-]+(?:\.[\w-]+)+)/i,
  /server on ['"]([\w.-]+)['"]/i,
  /https?:\/\/([\w.-]+(?::\d+)?)/,
];

export function addressIn(text: string): string | undefined {
  for (const pattern of ADDRESSES) {
    const found = pattern.exec(text)?.[1];
    if (
      found !== undefined &&
      !/^\d{1,2}:\d\d$|\.(?:[cm]?[jt]s|py|rb|go|java|php|rs|kt|ya?ml):\d+$/.test(found)
    )
      return found;
  }
  return undefined;
}
