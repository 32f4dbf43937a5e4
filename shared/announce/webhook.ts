import { createHash, createHmac } from 'node:crypto';
import * as z from 'zod/mini';
import {
  AnnouncementRefused,
  defineChannel,
  RetryLater,
  type Sender,
  secretOption,
  textOption,
} from './channel.ts';
import { reach, retryAfter, within } from './http.ts';
import type { Message, Row } from './message.ts';

/** Plain HTTP only on this machine, for tests. Credentials in an address would end up in logs. */
const url = textOption(
  /^(?:https:\/\/[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|http:\/\/127\.0\.0\.1)(?::\d{1,5})?(?:[/?][^\s#]*)?$/,
  'an address that starts with https://, without credentials, such as "https://example.com/fairway"',
  'Where messages are posted, such as `https://example.com/fairway`. Only HTTPS; redirects are not followed.',
  'https://example.com/fairway',
);

/** Messages as JSON, signed as Standard Webhooks says. */
export const webhook = defineChannel({
  kind: 'webhook',
  description: 'A webhook, signed as [Standard Webhooks](https://www.standardwebhooks.com) says.',
  options: z.strictObject({
    url,
    secret: secretOption('Where the signing secret is stored', 'webhook-secret'),
  }),
  endsOnly: true,
  needs: ({ secret }) => [{ kind: 'secret', secret, holds: 'signing secret', prefix: 'whsec_' }],
  create: (options, { readSecret, now }) =>
    createWebhookSender({ url: options.url, secret: () => readSecret(options.secret), now }),
});

interface WebhookOptions {
  readonly url: string;
  /** One or several `whsec_…`, separated by spaces or line breaks. */
  readonly secret: () => Promise<string>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Milliseconds for one attempt, reading the secret included. */
  readonly patience?: number;
  readonly fetch?: typeof fetch;
}

const PATIENCE = 3_000;

/** Posts the end of each release, the beginning and the end of each alert, runs and notices. Remembers the last one. */
export function createWebhookSender(options: WebhookOptions): Sender {
  const { url: address, secret, now, patience = PATIENCE, fetch: send = fetch } = options;
  // Path and query may have a secret of the receiver.
  const { host } = new URL(address);

  async function post(body: string, signal: AbortSignal): Promise<void> {
    const response = await reach(host, send, address, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Fairway',
        ...signed(body, secretsIn(await secret(), host), now()),
      },
      body,
      signal,
    });
    await response.body?.cancel();
    judge(response, host, now);
  }

  return {
    async send(message, memory) {
      if (!isWorthAPost(message) || memory === message.moment) return memory;
      await within(patience, host, (signal) => post(renderWebhook(message), signal));
      return hasNews(message) ? message.moment : undefined;
    },
  };
}

/** No step of a release: a message cannot be changed once it was posted. */
function isWorthAPost({ kind, moment }: Message): boolean {
  return kind !== 'release' || moment !== 'open';
}

/** Whether more may follow about the same thing. */
function hasNews({ kind }: Message): boolean {
  return kind === 'release' || kind === 'alert';
}

/** Any 2xx is success, everything else is retried, but 410: the receiver wants no more. Source: Standard Webhooks. */
function judge(response: Response, host: string, now: () => number): void {
  const { status } = response;
  if (response.ok) return;
  const problem = `failed to post to the webhook at ${host}: it answered ${status}`;
  if (status === 410) {
    throw new AnnouncementRefused(`${problem}, it is gone: correct its url, or remove it from fairway.yml`);
  }
  const wait = retryAfter(response, now);
  if (wait !== undefined) throw new RetryLater(problem, wait);
  if (status >= 300 && status < 400) {
    throw new Error(`${problem}, a redirect: write the address that it leads to into fairway.yml`);
  }
  throw new Error(problem);
}

/**
 * The same content has the same id in every attempt, by which the receiver recognizes repeats; the timestamp is that
 * of the attempt. One signature for each secret. Source: Standard Webhooks, "Signature scheme".
 */
function signed(body: string, secrets: readonly Buffer[], now: number): Readonly<Record<string, string>> {
  const id = `msg_${createHash('sha256').update(body).digest('hex').slice(0, 32)}`;
  const timestamp = String(Math.floor(now / 1_000));
  const signatures = secrets.map((secret) => signature(secret, `${id}.${timestamp}.${body}`));
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}

export function signature(secret: Buffer, content: string): string {
  return `v1,${createHmac('sha256', secret).update(content).digest('base64')}`;
}

/** Base64 of 24 to 64 bytes. Source: Standard Webhooks, "Signing secret serialization". */
function secretsIn(stored: string, host: string): readonly Buffer[] {
  const secrets = stored.split(/\s+/).map((text) => /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text)?.[1]);
  const keys = secrets.map((text) => Buffer.from(text ?? '', 'base64'));
  if (keys.every(({ length }) => length >= 24 && length <= 64)) return keys;
  throw new AnnouncementRefused(
    `failed to post to the webhook at ${host}: its signing secret is invalid, store "whsec_" and the base64 of 24 to 64 random bytes; during a rotation the new and the old one, separated by a space`,
  );
}

/** Version of `data`: it grows when a member is removed or changes its meaning, not when one is added. */
const VERSION = 1;

/** Source: Standard Webhooks recommends at most 20 kB. */
const MOST_BYTES = 20_000;

/** The body of a message. Where it is too large, older lines of the log, the log, then steps and lists are left out. */
export function renderWebhook(message: Message): string {
  const data = dataOf(message);
  const { log, ...withoutLog } = data;
  const least = { ...withoutLog, steps: [], lists: [], lead: data.lead.map(({ quote: _, ...row }) => row) };
  const choices = [data, { ...data, log: log && { ...log, lines: log.lines.slice(-20) } }, withoutLog];
  const bodies = [...choices, { ...least, lead: data.lead }].map((choice) => bodyOf(message, choice));
  return bodies.find((body) => Buffer.byteLength(body) <= MOST_BYTES) ?? bodyOf(message, least);
}

function bodyOf(message: Message, data: object): string {
  const timestamp = new Date(message.at).toISOString();
  return JSON.stringify({ type: typeOf(message), timestamp, data });
}

/**
 * What is documented, and nothing more. While an alert lasts, its numbers grow: without them, all attempts have the same
 * content.
 */
function dataOf(message: Message) {
  const isSteady = message.steadyTitle !== undefined;
  return {
    version: VERSION,
    kind: message.kind,
    id: message.id,
    app: message.app,
    environment: message.environment,
    account: message.account,
    region: message.region,
    cluster: message.cluster,
    severity: message.severity,
    title: message.steadyTitle ?? message.title,
    image: message.image,
    previous: message.previous,
    change: message.change,
    lead: message.lead.filter(({ changing }) => !isSteady || !changing).map(rowOf),
    actions: isSteady ? [] : message.actions,
    hold: message.hold,
    steps: message.steps,
    facts: message.facts.map(rowOf),
    lists: message.lists.flatMap(({ title, items }) => (items.length === 0 ? [] : [{ title, items }])),
    log: message.log,
    links: message.links,
    attributes: message.attributes,
  };
}

function rowOf({ name, text, url: link, quote }: Row) {
  return {
    name,
    text,
    ...(link === undefined ? {} : { url: link }),
    ...(quote === undefined ? {} : { quote }),
  };
}

/** Outcomes in the words of the documentation; the others are called what they are. */
const TYPES: Readonly<Record<string, string>> = {
  'release.rolledBack': 'release.canceled',
  'release.stranded': 'release.rollbackFailed',
};

/** "release.live", "run.failed", "alert.opened", "app.held". */
function typeOf({ kind, moment }: Message): string {
  if (kind === 'alert') return moment === 'closed' ? 'alert.closed' : 'alert.opened';
  const type = `${kind}.${moment}`;
  return TYPES[type] ?? type;
}
