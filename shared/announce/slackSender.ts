import * as z from 'zod/mini';
import type { Announcer } from '../domain/announcement.ts';
import { AnnouncementRefused, RetryLater } from './errors.ts';
import { renderSlack, type SlackReply } from './slack.ts';

const SLACK = 'https://slack.com/api/';
const PATIENCE = 3_000;
const USUAL_RETRY = 30;

export interface SlackOptions {
  /** Channel id. */
  readonly channel: string;
  readonly token: () => Promise<string>;
  /** Base of the Web API, with a trailing slash. */
  readonly apiUrl?: string;
}

const answerSchema = z.object({ ok: z.boolean(), error: z.optional(z.string()), ts: z.optional(z.string()) });

/** Errors that only a person can mend, and how. Source: Slack API, chat.postMessage. */
const HOPELESS: Readonly<Record<string, string>> = {
  invalid_auth: 'the token is not valid: store a new bot token',
  not_authed: 'the token is empty: store a bot token',
  account_inactive: 'the bot was removed: install it again',
  token_revoked: 'the token was revoked: store a new one',
  missing_scope: 'the bot lacks the scope chat:write: add it',
  channel_not_found: 'there is no such channel for the bot: use the channel id and invite the bot',
  not_in_channel: 'the bot is not in the channel: invite it',
  is_archived: 'the channel is archived',
};

/**
 * Posts one message per release and updates it in place; details go into its thread. At least once: a reply whose
 * answer was lost is sent again. Throws AnnouncementRefused or RetryLater; the token is in neither.
 */
export function createSlackAnnouncer(options: SlackOptions): Announcer {
  const base = options.apiUrl ?? SLACK;

  async function call(method: string, body: object): Promise<string | undefined> {
    const response = await fetch(`${base}${method}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await options.token()}`,
        'content-type': 'application/json; charset=utf-8',
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE),
    });
    const wait = Number(response.headers.get('retry-after') ?? USUAL_RETRY) * 1_000;
    if (response.status === 429) throw new RetryLater('Slack asks for fewer messages', wait);
    if (!response.ok) throw new Error(`Slack answered ${response.status} to ${method}`);
    const answer = answerSchema.parse(await response.json());
    if (answer.ok) return answer.ts;
    const error = answer.error ?? 'unknown';
    if (error === 'ratelimited') throw new RetryLater('Slack asks for fewer messages', wait);
    const advice = HOPELESS[error];
    const message = `failed to post to Slack channel ${options.channel}: ${error}`;
    if (advice !== undefined) throw new AnnouncementRefused(`${message}, ${advice}`);
    throw new SlackError(message, error);
  }

  async function post(body: object): Promise<string> {
    const ts = await call('chat.postMessage', { channel: options.channel, unfurl_links: false, ...body });
    if (ts === undefined) throw new Error('Slack answered chat.postMessage without a ts');
    return ts;
  }

  /** Updates the message; posts anew if somebody deleted it. */
  async function show(body: object, ts: string | undefined): Promise<string> {
    if (ts === undefined) return post(body);
    try {
      await call('chat.update', { channel: options.channel, ts, ...body });
      return ts;
    } catch (error) {
      const gone =
        error instanceof SlackError && ['message_not_found', 'cant_update_message'].includes(error.code);
      if (gone) return post(body);
      throw error;
    }
  }

  return {
    async announce(announcement, memory) {
      const message = renderSlack(announcement);
      const [before, said = ''] = (memory ?? '').split(':');
      const ts = await show({ text: message.text, blocks: message.blocks }, before || undefined);
      const fresh = message.replies.filter((reply) => ts !== before || !said.includes(reply.key));
      for (const reply of fresh) await sendReply(ts, reply);
      return `${ts}:${message.replies.map((reply) => reply.key).join('')}`;
    },
  };

  async function sendReply(thread: string, reply: SlackReply): Promise<void> {
    await post({ thread_ts: thread, text: reply.text, ...(reply.broadcast && { reply_broadcast: true }) });
  }
}

class SlackError extends Error {
  readonly code: string;
  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}
