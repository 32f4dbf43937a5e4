import { clip } from '../domain/bounds.ts';
import type { LogTail } from '../domain/logs.ts';
import { redact } from '../domain/redaction/redact.ts';
import type { Log } from './message.ts';

export { clip };

/** Text from elsewhere, made safe to show: no control characters, no secrets, no longer than there is room for. */

const CONTROL =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: matches control characters on purpose
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;

/** Escape sequences for colors, titles and links. Source: ECMA-48, control sequences and strings. */
const COLOUR =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the same
  /(?:\u001b\[|\u009b)[0-?]{0,64}[ -/]{0,4}[@-~]|\u001b\][^\u0007\u001b\n]{0,2048}(?:\u0007|\u001b\\)/g;

/** `arn:aws:sts::123456789012:assumed-role/Admin/ann`, `arn:aws:iam::123456789012:user/ann`. */
const PERSON =
  /\barn:aws[\w-]*:(?:sts|iam)::\d+:(?:assumed-role\/([^\s/]+)\/|user\/(?:[^\s/]+\/)*)([\w+=,.@-]+)/g;

/** Lines of text from elsewhere: no control characters, no secrets, people by their names. */
export function clean(text: string): string {
  const shown = text
    .replace(COLOUR, '')
    .replace(/\r\n?/g, '\n')
    .replaceAll('\t', ' ')
    .replace(CONTROL, '')
    .replace(PERSON, (_, role: string | undefined, name: string) =>
      role === undefined ? name : `${name} (${role})`,
    );
  return redact(shown);
}

/** The same in one line. Cut only after secrets are masked: half a secret is not recognized as one. */
export function oneLine(text: string, length = 500): string {
  return clip(clean(text).replace(/\s+/g, ' ').trim(), length);
}

/** At most `bytes` bytes of UTF-8. */
export function clipBytes(text: string, bytes: number): string {
  const encoded = Buffer.from(text);
  if (encoded.length <= bytes) return text;
  const end = '\n…';
  // A character cut in two decodes to the replacement character: at most three bytes are lost.
  const kept = encoded.subarray(0, bytes - Buffer.byteLength(end) - 3).toString();
  return `${kept.replace(/\ufffd+$/, '')}${end}`;
}

/** "a, b, c and 47 more". */
export function list(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

/** "2026-03-01 10:00", in UTC. */
export function minuteOf(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ');
}

/** The end of what containers wrote; where there are several, each line says whose it is. */
export function logOf(tail: LogTail | undefined, title?: string): Log | undefined {
  if (!tail) return undefined;
  const several = new Set(tail.lines.map(({ container }) => container)).size > 1;
  return {
    ...(title === undefined ? {} : { title }),
    lines: tail.lines.map(({ container, text }) => `${several ? `${container} | ` : ''}${clean(text)}`),
    notes: tail.elsewhere.map((where) => oneLine(where)),
  };
}
