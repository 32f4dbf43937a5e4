import { replacedIn } from './data.ts';
import { redact } from './redaction/redact.ts';
import { isTold, redactTold } from './redaction/structures.ts';

/** Bounds on what others send: an app's item has room for 400 KB, and whatever enters it stays there for long. */

/** Characters of one text. No name, ARN or id of AWS is longer. */
const LONGEST_TEXT = 2_000;
/** Items of one list. An app has at most 50 services; a check of a schedule reports at most 1,000 times. */
const MOST_ITEMS = 1_000;

/**
 * A copy of an event within bounds: long texts are cut, long lists end early. The words of a command and
 * the settings of a service stay whole, because shorter ones would be others: those that are too long are refused where
 * they are requested.
 */
export function withinBounds<Value>(value: Value): Value {
  return bounded(value) as Value;
}

function bounded(value: unknown): unknown {
  // Masked first: half a secret is not recognized as one.
  if (typeof value === 'string')
    return value.length > LONGEST_TEXT ? clip(redact(value), LONGEST_TEXT) : value;
  if (Array.isArray(value)) return value.slice(0, MOST_ITEMS).map(bounded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, isWhole(name, member) ? member : bounded(member)]),
  );
}

function isWhole(name: string, member: unknown): boolean {
  return name === 'settings' || ((name === 'words' || name === 'command') && Array.isArray(member));
}

/** At most `length` UTF-16 units; what is cut ends in "…", and no character is torn apart. */
export function clip(text: string, length: number): string {
  if (text.length <= length) return text;
  const kept = text.slice(0, Math.max(0, length - 1));
  return `${kept.replace(/[\ud800-\udbff]$/, '')}…`;
}

/** Lengths that sentences and labels are cut to, one after the other, until content fits. */
const SHORTER = [500, 100, 20];

/**
 * Content as JSON without secrets, of at most `bytes`: where it is longer, sentences and labels are cut. What remains
 * is what something is done by. Undefined: that alone is longer.
 */
export function jsonWithin(content: unknown, bytes: number): string | undefined {
  const masked = replacedIn(content, redactTold);
  const whole = JSON.stringify(masked);
  if (Buffer.byteLength(whole) <= bytes) return whole;
  for (const longest of SHORTER) {
    const shorter = JSON.stringify(masked, (key, value) => cutTold(key, value, longest));
    if (Buffer.byteLength(shorter) <= bytes) return shorter;
  }
  return undefined;
}

function cutTold(key: string, value: unknown, longest: number): unknown {
  if (key === 'labels') return cutEach(value, longest);
  if (!isTold(key)) return value;
  if (Array.isArray(value)) return value.map((item) => cutText(item, longest));
  return cutText(value, longest);
}

function cutEach(labels: unknown, longest: number): unknown {
  if (typeof labels !== 'object' || labels === null) return labels;
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, cutText(value, longest)]));
}

function cutText(value: unknown, longest: number): unknown {
  return typeof value === 'string' ? clip(value, longest) : value;
}
