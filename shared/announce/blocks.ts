import type { KnownBlock } from '@slack/types';
import type { Link } from './links.ts';
import { clean, clip, oneLine } from './text.ts';

/** What Slack messages are made of. */

/**
 * Characters. Slack takes 150 in a header, 3,000 in a section, 2,000 in a context, 40,000 in a text and 50 blocks;
 * but blocks of about 13,000 together are refused as `msg_blocks_too_long`, so that all of these are under 10,000.
 * Source: Slack API, Block Kit reference; slackapi/bolt-js issue 2509.
 */
export const ROOM = {
  header: 150,
  steps: 1_500,
  failure: 2_000,
  evidence: 600,
  log: 900,
  notes: 1_000,
  hold: 800,
  context: 1_400,
  text: 3_500,
};

export function header(text: string): KnownBlock {
  return {
    type: 'header',
    text: { type: 'plain_text', text: clip(oneLine(text), ROOM.header), emoji: true },
  };
}

export function section(text: string, room: number): KnownBlock {
  return { type: 'section', text: { type: 'mrkdwn', text: cut(text, room) } };
}

export function context(parts: readonly string[]): KnownBlock {
  return { type: 'context', elements: [{ type: 'mrkdwn', text: joined(parts, ' · ', ROOM.context) }] };
}

export function linkTo({ name, url }: Link): string {
  return `<${escapeMarkup(url)}|${escapeMarkup(oneLine(name, 120))}>`;
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

/** Somebody else's words, as they are. */
export function quoted(evidence: readonly string[], room: number): string[] {
  const words = evidence.map((line) => clean(line).trim()).filter((line) => line !== '');
  if (words.length === 0) return [];
  const text = escapeMarkup(words.join('\n').replaceAll('`', "'"));
  return [`\`\`\`${cut(text, room - 6)}\`\`\``];
}
