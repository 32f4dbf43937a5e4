import * as z from 'zod/mini';
import { defineChannel, type Publish, type Sender, textOption } from './channel.ts';
import type { Item, Message, Row } from './message.ts';
import { clip, clipBytes, oneLine } from './text.ts';

const topic = textOption(
  /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/,
  'the ARN of an SNS topic',
  "ARN of an SNS topic. Default: the topic that Fairway's stack creates.",
  'arn:aws:sns:eu-central-1:123456789012:deploys',
);

export const sns = defineChannel({
  kind: 'sns',
  description: "An SNS topic; `{}` for the topic that Fairway's stack creates.",
  options: z.strictObject({ topic: z.optional(topic) }),
  endsOnly: true,
  needs: (options) => [{ kind: 'topic', ...(options.topic === undefined ? {} : { topic: options.topic }) }],
  create: (options, services) =>
    createSnsSender({ topicArn: options.topic ?? services.topicArn, publish: services.publish }),
});

export interface SnsOptions {
  readonly topicArn: string;
  readonly publish: Publish;
}

/** Publishes the end of each release, the beginning and the end of each alert, runs and notices: each once. */
export function createSnsSender({ topicArn, publish }: SnsOptions): Sender {
  return {
    async send(message, memory) {
      const sent = memoryOf(message);
      if (!isWorthAnEmail(message) || (memory !== undefined && memory === sent)) return memory;
      await publish({ topicArn, ...renderSns(message) });
      return sent;
    },
  };
}

/** E-mails are few: none for the steps of a release. */
function isWorthAnEmail({ kind, moment }: Pick<Message, 'kind' | 'moment'>): boolean {
  return kind !== 'release' || moment !== 'open';
}

/** Of runs and notices there is one message each: nothing has to be remembered. */
function memoryOf({ kind, moment }: Message): string | undefined {
  switch (kind) {
    case 'release':
      return 'sent';
    case 'alert':
      // A crash loop that turns out to be a failed deployment is worth another e-mail.
      return moment;
    case 'run':
    case 'app':
      return undefined;
  }
}

export interface SnsMessage {
  /** Under 100 characters, ASCII, one line. Source: Amazon SNS API reference, Publish. */
  readonly subject: string;
  /** Together with the attributes under 256 KiB. */
  readonly message: string;
  /** For filter policies. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** SNS allows 262,144 bytes with attributes; 100 KiB are more than any release needs. */
const MOST_BYTES = 100 * 1024;

/** Plain text that reads well as an e-mail. */
export function renderSns(message: Message): SnsMessage {
  const { title, change, lead, actions, hold, facts, steps, lists, log, links, attributes } = message;
  const lines = [
    /[.!?…]$/.test(title) ? title : `${title}.`,
    ...section('', [
      ...lead.map(rowLine),
      ...actions.map((action) => line('To do', action)),
      ...(hold === undefined ? [] : [line('Hold', hold)]),
    ]),
    ...section('', [...(change === undefined ? [] : [line('Image', change)]), ...facts.map(rowLine)]),
    ...section('Steps', steps),
    ...lists.flatMap((list) => section(list.title, list.items.map(itemLine))),
    ...section(
      'Messages from AWS',
      lead.flatMap(({ quote = [] }) => quote.flatMap((words) => words.split('\n'))),
    ),
    ...section(log?.title ?? 'Last lines', log?.lines ?? []),
    ...section('Logs', log?.notes ?? []),
    ...section(
      'Links',
      links.map(({ name, url }) => `${name}: ${url}`),
    ),
  ];
  return { subject: subject(title), message: clipBytes(lines.join('\n'), MOST_BYTES), attributes };
}

/** A blank line, a heading and indented lines; nothing where there are none. */
function section(heading: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  return heading === '' ? ['', ...lines] : ['', heading, ...lines.map((text) => `  ${text}`)];
}

function rowLine({ name, text, url }: Row): string {
  return line(name, url === undefined ? text : `${text}  ${url}`);
}

function line(name: string, text: string): string {
  return `${`${name}:`.padEnd(10)}${text}`;
}

function itemLine({ text, link }: Item): string {
  return link === undefined ? text : `${text} ${link.name}`;
}

const LONGEST_SUBJECT = 99;

function subject(text: string): string {
  const ascii = oneLine(text)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7e]+/g, '?')
    .trim();
  // A subject has to begin with a letter, a digit or punctuation, as an app's name does.
  if (ascii === '') return 'Fairway';
  return ascii.length <= LONGEST_SUBJECT ? ascii : `${clip(ascii, LONGEST_SUBJECT - 2).slice(0, -1)}...`;
}
