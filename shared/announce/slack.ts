import * as z from 'zod/mini';
import { defineChannel, PartlySent, type Sender, secretOption, textOption } from './channel.ts';
import { within } from './http.ts';
import { createSlackCall, type SlackApiOptions, SlackError } from './slackApi.ts';
import { renderSlack, type SlackMessage, type SlackReply } from './slackMessage.ts';

const channel = textOption(
  /^[CGD][A-Z0-9]{6,20}$/,
  'the ID of a Slack channel, such as "C0123456789" (in Slack: at the bottom of the channel details)',
  'ID of the Slack channel, such as `C0123456789` (not its name).',
  'C0123456789',
);

export const slack = defineChannel({
  kind: 'slack',
  description: 'A Slack channel that Fairway posts to with a bot token.',
  options: z.strictObject({ channel, token: secretOption('Where the bot token is stored', 'slack-token') }),
  needs: ({ token }) => [{ kind: 'secret', secret: token, holds: 'token', prefix: 'xoxb-' }],
  create: (options, { readSecret, slackApiUrl }) =>
    createSlackSender({
      channel: options.channel,
      token: (refused) => readSecret(options.token, refused),
      ...(slackApiUrl === undefined ? {} : { apiUrl: slackApiUrl }),
    }),
});

interface SlackOptions extends SlackApiOptions {
  /** Milliseconds for everything that one announcement sends, reading the token included. */
  readonly patience?: number;
}

const PATIENCE = 3_000;

/** The message no longer exists, or may not be changed any more: it is posted anew. Source: Slack API, chat.update. */
const GONE = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed']);

/** Slack refuses the blocks: the text has to do. Source: Slack API, chat.postMessage. */
const TOO_MUCH = new Set(['msg_blocks_too_long', 'invalid_blocks', 'invalid_blocks_format', 'msg_too_long']);

/**
 * Posts one message per release or alert and updates it in place; details go into its thread. At least once: what was
 * sent while the answer was lost is sent again. Remembers "ts:letters of the replies sent".
 */
export function createSlackSender(options: SlackOptions): Sender {
  const call = createSlackCall(options);
  const patience = options.patience ?? PATIENCE;

  async function put(method: string, message: SlackMessage, extra: object, signal: AbortSignal) {
    const body = { ...extra, text: message.text, unfurl_links: false, unfurl_media: false };
    try {
      return await call(method, { ...body, blocks: message.blocks }, signal);
    } catch (error) {
      if (!(error instanceof SlackError && TOO_MUCH.has(error.code))) throw error;
      return call(method, { ...body, blocks: [] }, signal);
    }
  }

  async function show(message: SlackMessage, ts: string | undefined, signal: AbortSignal): Promise<string> {
    if (ts === undefined) return put('chat.postMessage', message, {}, signal);
    try {
      await put('chat.update', message, { ts }, signal);
      return ts;
    } catch (error) {
      if (!(error instanceof SlackError && GONE.has(error.code))) throw error;
      return put('chat.postMessage', message, {}, signal);
    }
  }

  async function reply(thread: string, { text, broadcast }: SlackReply, signal: AbortSignal): Promise<void> {
    const body = { thread_ts: thread, text, unfurl_links: false, unfurl_media: false };
    await call('chat.postMessage', { ...body, ...(broadcast && { reply_broadcast: true }) }, signal);
  }

  return {
    async send(message, memory) {
      const rendered = renderSlack(message);
      const known = parseMemory(memory);
      return within(patience, 'Slack', async (signal) => {
        const ts = await show(rendered, known?.ts, signal);
        let sent = ts === known?.ts ? known.sent : '';
        for (const one of rendered.replies.filter(({ key }) => !sent.includes(key))) {
          try {
            await reply(ts, one, signal);
          } catch (error) {
            throw new PartlySent(`${ts}:${sent}`, error);
          }
          sent += one.key;
        }
        return message.kind === 'app' ? undefined : `${ts}:${sent}`;
      });
    },
  };
}

function parseMemory(memory: string | undefined): { readonly ts: string; readonly sent: string } | undefined {
  const [ts = '', sent = ''] = (memory ?? '').split(':');
  return ts === '' ? undefined : { ts, sent };
}
