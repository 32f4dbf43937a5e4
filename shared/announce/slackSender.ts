import type { Announcer } from '../domain/announcement.ts';
import { callingIt } from './command.ts';
import { PartlySent } from './errors.ts';
import { renderSlack, type SlackMessage, type SlackReply } from './slack.ts';
import { createSlackCall, type SlackApiOptions, SlackError } from './slackApi.ts';

export interface SlackOptions extends SlackApiOptions {
  /** Milliseconds for everything that one announcement sends, reading the token included. */
  readonly patience?: number;
  /** How people call Fairway's command; absent: "fairway". */
  readonly command?: string | undefined;
}

const PATIENCE = 3_000;
/** Share of the patience after which requests are cut off. */
const NOTICE = 0.9;

/** The message is there no more, or may no longer be changed: it is posted anew. Source: Slack API, chat.update. */
const GONE = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed']);

/** Slack does not like the blocks: the words alone have to do. Source: Slack API, chat.postMessage. */
const TOO_MUCH = new Set(['msg_blocks_too_long', 'invalid_blocks', 'invalid_blocks_format', 'msg_too_long']);

/**
 * Posts one message per release or alert and updates it in place; details go into its thread. At least once: what was sent
 * while the answer was lost is sent again. Remembers "ts:letters of the replies sent".
 * Throws PartlySent (the message stands, a reply does not), RetryLater (asked for patience), AnnouncementRefused (a person must mend something) or an Error (try again).
 */
export function createSlackAnnouncer(options: SlackOptions): Announcer {
  const call = createSlackCall(options);
  const patience = options.patience ?? PATIENCE;

  async function withinReason(method: string, message: SlackMessage, extra: object, signal: AbortSignal) {
    const body = { ...extra, text: message.text, unfurl_links: false, unfurl_media: false };
    try {
      return await call(method, { ...body, blocks: message.blocks }, signal);
    } catch (error) {
      if (!(error instanceof SlackError && TOO_MUCH.has(error.code))) throw error;
      return call(method, { ...body, blocks: [] }, signal);
    }
  }

  async function show(message: SlackMessage, ts: string | undefined, signal: AbortSignal): Promise<string> {
    if (ts === undefined) return withinReason('chat.postMessage', message, {}, signal);
    try {
      await withinReason('chat.update', message, { ts }, signal);
      return ts;
    } catch (error) {
      if (!(error instanceof SlackError && GONE.has(error.code))) throw error;
      return withinReason('chat.postMessage', message, {}, signal);
    }
  }

  async function reply(thread: string, { text, broadcast }: SlackReply, signal: AbortSignal): Promise<void> {
    const body = { thread_ts: thread, text, unfurl_links: false, unfurl_media: false };
    await call('chat.postMessage', { ...body, ...(broadcast && { reply_broadcast: true }) }, signal);
  }

  return {
    async announce(announcement, memory) {
      const message = callingIt(options.command, renderSlack(announcement));
      const known = parseMemory(memory);
      return limited(patience, async (signal) => {
        const ts = await show(message, known?.ts, signal);
        let said = ts === known?.ts ? known.said : '';
        for (const one of message.replies.filter(({ key }) => !said.includes(key))) {
          try {
            await reply(ts, one, signal);
            said += one.key;
          } catch (error) {
            if (announcement.kind === 'release') throw new PartlySent(`${ts}:${said}`, error);
            throw error;
          }
        }
        return announcement.kind === 'app' ? undefined : `${ts}:${said}`;
      });
    },
  };
}

function parseMemory(memory: string | undefined): { readonly ts: string; readonly said: string } | undefined {
  const [ts = '', said = ''] = (memory ?? '').split(':');
  return ts === '' ? undefined : { ts, said };
}

/** Gives up after `milliseconds` whatever `work` does; shortly before, it is told to stop and say how far it came. */
async function limited<Result>(
  milliseconds: number,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const notice = setTimeout(() => controller.abort(), milliseconds * NOTICE);
  let end: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    end = setTimeout(() => reject(new Error('failed to reach Slack: no answer in time')), milliseconds);
  });
  try {
    return await Promise.race([work(controller.signal), late]);
  } finally {
    clearTimeout(notice);
    clearTimeout(end);
  }
}
