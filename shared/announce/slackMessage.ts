import type { KnownBlock } from '@slack/types';
import type { List, Message, Row } from './message.ts';
import {
  context,
  cut,
  escapeMarkup,
  fenced,
  header,
  itemText,
  joined,
  linkTo,
  logText,
  ROOM,
  section,
} from './slackMarkup.ts';

/** One message, updated in place, and what goes into its thread. */
export interface SlackMessage {
  /** For notifications, and for clients that show no blocks. */
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
  readonly replies: readonly SlackReply[];
}

export interface SlackReply {
  /** One letter: the channel's memory has those of the replies that were sent. */
  readonly key: 'w' | 'e' | 'd';
  readonly text: string;
  /** Shown in the channel too. */
  readonly broadcast: boolean;
}

const MOST_ITEMS = 10;

export function renderSlack(message: Message): SlackMessage {
  return { text: plainText(message), blocks: blocksOf(message), replies: repliesOf(message) };
}

function blocksOf(message: Message): KnownBlock[] {
  const { change, steps, lead, lists, actions, hold, facts, links } = message;
  const progress = [
    ...(change === undefined ? [] : [`*${escapeMarkup(change)}*`]),
    ...steps.map(escapeMarkup),
  ];
  const todo = actions.map((action) => `*To do:* ${cut(escapeMarkup(action), ROOM.action)}`);
  const sections: readonly (readonly [readonly string[], number])[] = [
    [progress, ROOM.steps],
    [lead.flatMap(rowText), ROOM.lead],
    ...lists.filter(({ minor }) => !minor).map((list) => [bullets(list), ROOM.list] as const),
    [logOf(message, ROOM.log), ROOM.log],
    [[...todo, ...(hold === undefined ? [] : [`✋ ${escapeMarkup(hold)}`])], ROOM.action],
  ];
  return [
    titleBlock(message),
    ...sections.flatMap(([lines, room]) => (lines.length === 0 ? [] : [section(joined(lines, '\n', room))])),
    context(facts.filter(({ minor }) => !minor).map(factText)),
    context(links.map(linkTo)),
  ];
}

/** A header has no room for sentences, and shows no code. */
function titleBlock({ sign, title }: Message): KnownBlock {
  const text = `${sign} ${title}`;
  if (text.length <= ROOM.header && !title.includes('`')) return header(text);
  return section(`*${cut(escapeMarkup(text), ROOM.action)}*`);
}

function plainText({ sign, title, lead, actions }: Message): string {
  const lines = [`${sign} ${title}`, ...lead.map(({ name, text }) => `${name}: ${text}`), ...actions];
  return joined(
    lines.map((line) => cut(escapeMarkup(line), ROOM.row)),
    '\n',
    ROOM.text,
  );
}

/** "*Why:* Container web exited with code 1.", and AWS's own words. */
function rowText({ name, text, quote = [] }: Row): string[] {
  return [`*${name}:* ${cut(escapeMarkup(text), ROOM.row)}`, ...fenced(quote, ROOM.quote)];
}

function factText({ name, text, url, named }: Row): string {
  const shown = url === undefined ? escapeMarkup(text) : linkTo({ name: text, url });
  return named ? `${name.toLowerCase()} ${shown}` : shown;
}

function bullets({ items }: List): string[] {
  const more = items.length - MOST_ITEMS;
  return [
    ...items.slice(0, MOST_ITEMS).map((item) => `• ${itemText(item)}`),
    ...(more > 0 ? [`… and ${more} more, in the thread`] : []),
  ];
}

function logOf({ log }: Message, room: number): string[] {
  const text = log && logText(log, room);
  return text ? [text] : [];
}

/** Details of a release belong into its thread; its end also into the channel. The threads of others are for people. */
function repliesOf(message: Message): SlackReply[] {
  if (message.kind !== 'release') return [];
  const hasFailed = message.lead.length > 0;
  const hasEnded = message.moment !== 'open';
  return [
    ...(hasFailed ? [{ key: 'w', text: causeText(message), broadcast: false } as const] : []),
    ...(hasFailed && hasEnded
      ? [{ key: 'e', text: endText(message), broadcast: !message.quiet } as const]
      : []),
    ...(!hasFailed && hasEnded ? [{ key: 'd', text: detailsText(message), broadcast: false } as const] : []),
  ];
}

function causeText(message: Message): string {
  const rows = message.lead.filter(({ name }) => name !== 'Now').flatMap(rowText);
  const text = joined(rows, '\n', ROOM.text);
  // What is cut has no end of its fence.
  return [text, ...logOf(message, Math.min(1_200, ROOM.text - text.length - 1))].join('\n');
}

function endText({ sign, title, lead, lists }: Message): string {
  const lines = [
    `${sign} *${escapeMarkup(title)}*`,
    ...lead.map(({ text }) => cut(escapeMarkup(text), ROOM.row)),
    ...lists.flatMap(({ title: name, items }) =>
      name === 'Services' ? items.map((item) => `• ${itemText(item)}`) : [],
    ),
  ];
  return joined(lines, '\n', ROOM.text);
}

/** What exactly runs now, for those who look closer. */
function detailsText({ facts, lists }: Message): string {
  const lines = [
    ...facts.filter(({ minor }) => minor).map(({ name, text }) => `${name}: ${escapeMarkup(text)}`),
    ...lists.flatMap(({ items }) => items.map((item) => `• ${itemText(item)}`)),
  ];
  return joined(lines, '\n', ROOM.text);
}
