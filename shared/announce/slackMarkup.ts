import type { KnownBlock } from '@slack/types';
import type { Item, Link, Log } from './message.ts';
import { clip } from './text.ts';

/** Slack's blocks and markup. */

/**
 * Characters. Slack takes 150 in a header, 3,000 in a section, 2,000 in a context, 40,000 in a text and 50 blocks;
 * but blocks of about 13,000 together are refused as `msg_blocks_too_long`, so that all of these are under 10,000.
 * Source: Slack API, Block Kit reference; slackapi/bolt-js issue 2509.
 */
export const ROOM = {
  header: 150,
  steps: 1_500,
  lead: 2_400,
  row: 900,
  quote: 600,
  list: 900,
  log: 900,
  action: 800,
  context: 1_200,
  text: 3_500,
};

export function header(text: string): KnownBlock {
  return { type: 'header', text: { type: 'plain_text', text, emoji: true } };
}

export function section(text: string): KnownBlock {
  return { type: 'section', text: { type: 'mrkdwn', text } };
}

export function context(parts: readonly string[]): KnownBlock {
  return { type: 'context', elements: [{ type: 'mrkdwn', text: joined(parts, ' · ', ROOM.context) }] };
}

export function linkTo({ name, url }: Link): string {
  return `<${escapeMarkup(url)}|${escapeMarkup(clip(name, 120))}>`;
}

export function itemText({ text, link }: Item): string {
  const words = cut(escapeMarkup(text), ROOM.row);
  return link === undefined ? words : `${words} ${linkTo(link)}`;
}

/** As many whole parts as there is room for: a link that is cut is no link. */
export function joined(parts: readonly string[], separator: string, room: number): string {
  let text = '';
  for (const part of parts) {
    const longer = text === '' ? part : `${text}${separator}${part}`;
    if (longer.length > room - 2)
      return text === '' ? cut(part, room) : `${text}${separator.trimEnd()} …`.slice(0, room);
    text = longer;
  }
  return text;
}

/**
 * The three characters that mean something in Slack's markup, and fences, which would swallow what follows.
 * Source: Slack API, "Formatting message text".
 */
export function escapeMarkup(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/`{3,}/g, "'''");
}

/** Cuts escaped text, but neither an entity nor a character in two. */
export function cut(text: string, room: number): string {
  if (text.length <= room) return text;
  return clip(text, room).replace(/&[a-z]{0,3}…$/, '…');
}

/** Words of others, unchanged, in a fence. */
export function fenced(words: readonly string[], room: number): string[] {
  if (words.length === 0) return [];
  const text = escapeMarkup(words.join('\n').replaceAll('`', "'"));
  return [`\`\`\`${cut(text, room - 6)}\`\`\``];
}

/** Characters below which no line of a log fits in. */
const LEAST = 100;

/** The newest lines that fit into `room` characters, and where the rest is logged. Empty where there is nothing. */
export function logText({ title, lines, notes }: Log, room: number): string {
  const heading = title === undefined ? '' : `*${escapeMarkup(title)}:*\n`;
  const left = room - heading.length;
  if (left < LEAST) return '';
  const elsewhere = joined(notes.map(escapeMarkup), '\n', Math.floor(left / 2));
  const kept = newest(lines, left - elsewhere.length - 9);
  const parts = [kept.length === 0 ? '' : `\`\`\`\n${kept.join('\n')}\n\`\`\``, elsewhere];
  const text = parts.filter((part) => part !== '').join('\n');
  return text === '' ? '' : `${heading}${text}`;
}

function newest(lines: readonly string[], room: number): readonly string[] {
  const kept: string[] = [];
  let left = room;
  for (const line of lines.toReversed()) {
    const whole = escapeMarkup(line.replaceAll('`', "'"));
    // The last line is always shown, cut where it is too long once it is escaped.
    const shown = kept.length === 0 ? cut(whole, left - 1) : whole;
    left -= shown.length + 1;
    if (left < 0) break;
    kept.unshift(shown);
  }
  return kept;
}
