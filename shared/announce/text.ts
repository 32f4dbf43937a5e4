import { clip } from '../domain/bounds.ts';
import { redact } from '../domain/redaction/redact.ts';

export { clip };

/** Text from elsewhere, made fit to be shown: one line, no secrets, no longer than there is room for. */

const CONTROL =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;

/** What terminals take for colours, titles and links. Source: ECMA-48, control sequences and strings. */
const COLOUR =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the same
  /(?:\u001b\[|\u009b)[0-?]{0,64}[ -/]{0,4}[@-~]|\u001b\][^\u0007\u001b\n]{0,2048}(?:\u0007|\u001b\\)/g;

/** `arn:aws:sts::123456789012:assumed-role/Admin/ann`, `arn:aws:iam::123456789012:user/ann`. */
const PERSON =
  /\barn:aws[\w-]*:(?:sts|iam)::\d+:(?:assumed-role\/([^\s/]+)\/|user\/(?:[^\s/]+\/)*)([\w+=,.@-]+)/g;

/** Lines of text by somebody else: no control characters, no secrets, people by their names. */
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

/** The same in one line, for what is written by people or found in labels. */
export function oneLine(text: string, length = 500): string {
  return clip(clean(text).replace(/\s+/g, ' ').trim(), length);
}

/** At most `bytes` bytes of UTF-8. */
export function clipBytes(text: string, bytes: number): string {
  const encoded = Buffer.from(text);
  if (encoded.length <= bytes) return text;
  const end = '\n…';
  // A character that is torn apart decodes to the replacement character: three bytes at most are lost.
  const kept = encoded.subarray(0, bytes - Buffer.byteLength(end) - 3).toString();
  return `${kept.replace(/\ufffd+$/, '')}${end}`;
}

/** "a, b, c and 47 more". */
export function list(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
