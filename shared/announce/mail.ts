import type { Cause } from '../domain/release.ts';
import type { Link } from './links.ts';
import { clean, clip, clipBytes, oneLine } from './text.ts';

/** What messages to SNS are made of. */

export interface SnsMessage {
  /** Under 100 characters, ASCII, one line. Source: Amazon SNS API reference, Publish. */
  readonly subject: string;
  /** Together with the attributes under 256 KiB. */
  readonly message: string;
  /** For filter policies; at most 10, none empty. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** SNS allows 262,144 with attributes; 100 KiB are more than any release needs. */
const MOST_BYTES = 100 * 1024;
const LONGEST_SUBJECT = 99;

export function body(lines: readonly string[]): string {
  return clipBytes(lines.join('\n'), MOST_BYTES);
}

/** A blank line, a heading and indented lines; nothing where there are none. */
export function section(heading: string, lines: readonly (string | undefined)[]): string[] {
  const shown = lines.filter((line) => line !== undefined && line !== '');
  if (shown.length === 0) return [];
  return heading === '' ? ['', ...shown.map(String)] : ['', heading, ...shown.map((line) => `  ${line}`)];
}

/** The evidence of a cause, as lines of plain text. */
export function ownWords(cause: Cause | undefined): string[] {
  const lines = cause?.evidence.flatMap((words) => clean(words).split('\n')) ?? [];
  return section("AWS's own words", lines);
}

export function row(name: string, value: string | undefined): string | undefined {
  return value === undefined ? undefined : `${`${name}:`.padEnd(10)}${oneLine(value, 1_200)}`;
}

export function linkLine({ name, url }: Link): string {
  return `${oneLine(name)}: ${url}`;
}

/** SNS refuses empty values. */
export function attributes(
  facts: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(facts).flatMap(([name, value]) => (value ? [[name, oneLine(value, 256)]] : [])),
  );
}

export function subject(text: string): string {
  const ascii = oneLine(text)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7e]+/g, '?')
    .trim();
  // A subject has to begin with a letter, a digit or punctuation, and an app's name is one of the three.
  if (ascii === '') return 'Fairway';
  return ascii.length <= LONGEST_SUBJECT ? ascii : `${clip(ascii, LONGEST_SUBJECT - 2).slice(0, -1)}...`;
}
