import * as z from 'zod/mini';
import { memberOf } from '../domain/member.ts';
import { AnnouncementRefused, RetryLater } from './channel.ts';
import { reach, retryAfter } from './http.ts';

const SLACK = 'https://slack.com/api/';
const USUAL_RETRY_MS = 30_000;

export interface SlackApiOptions {
  /** Channel id. */
  readonly channel: string;
  /** `refused`: the token that Slack has just not accepted. */
  readonly token: (refused?: string) => Promise<string>;
  /** Base of the Web API, with a trailing slash. */
  readonly apiUrl?: string;
  readonly fetch?: typeof fetch;
}

/** Calls a method of Slack's Web API; answers the message's `ts`. */
type SlackCall = (method: string, body: object, signal: AbortSignal) => Promise<string>;

/** Slack refused, with a code that the caller may handle. */
export class SlackError extends Error {
  override readonly name = 'SlackError';
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}

const answerSchema = z.object({
  ok: z.boolean(),
  error: z.optional(z.string()),
  ts: z.optional(z.string()),
});

/** The token is wrong or was replaced. Source: Slack API, chat.postMessage, "Errors". */
const TOKEN_FAULTS: Readonly<Record<string, string>> = {
  invalid_auth: 'the token is not valid: store the bot token (xoxb-…) of the Slack app',
  not_authed: 'the token is empty: store the bot token (xoxb-…) of the Slack app',
  account_inactive: 'the bot was removed: install the Slack app again and store its token',
  token_revoked: 'the token was revoked: store a new one',
  token_expired: 'the token has expired: store a new one',
  not_allowed_token_type: 'the token has the wrong type: store the bot token (xoxb-…)',
};

/** What only a person can fix, and how. Source: Slack API, chat.postMessage and chat.update, "Errors". */
const HOPELESS: Readonly<Record<string, string>> = {
  ...TOKEN_FAULTS,
  missing_scope: 'the bot lacks the scope chat:write: add it and install the Slack app again',
  no_permission: 'the token may not post: add the scope chat:write and install the Slack app again',
  channel_not_found: 'the bot cannot see this channel: use the channel ID (C…) and invite the bot',
  not_in_channel: 'the bot is not in the channel: invite it',
  is_archived: 'the channel is archived: name another one',
  restricted_action: 'the workspace does not allow the bot to post there: ask its administrators',
  restricted_action_read_only_channel: 'the channel is read-only: name another one',
  team_access_not_granted: 'the Slack app is not approved for this workspace: ask its administrators',
  org_login_required: 'the workspace is being moved: store a new token afterwards',
  ekm_access_denied: 'the workspace has suspended posting: ask its administrators',
};

/**
 * Plain HTTP instead of @slack/web-api: three methods are no reason for its 63 kB in every function, and it would
 * retry on its own for longer than an announcement may take. Errors never contain the token.
 */
export function createSlackCall(options: SlackApiOptions): SlackCall {
  const { channel, apiUrl = SLACK, fetch: send = fetch } = options;

  async function attempt(method: string, body: object, token: string, signal: AbortSignal): Promise<string> {
    const response = await reach('Slack', send, `${apiUrl}${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ channel, ...body }),
      signal,
    });
    if (response.status === 429)
      throw new RetryLater('Slack reported a rate limit', retryAfter(response) ?? USUAL_RETRY_MS);
    if (!response.ok) throw new Error(`failed to call Slack's ${method}: it answered ${response.status}`);
    const answer = answerSchema.safeParse(await response.json().catch(() => undefined));
    if (!answer.success) throw new Error(`failed to call Slack's ${method}: the response is not from Slack`);
    const { ok, error = 'unknown_error', ts } = answer.data;
    if (ok && ts !== undefined) return ts;
    if (ok) throw new Error(`failed to call Slack's ${method}: the response has no ts`);
    if (error === 'ratelimited' || error === 'rate_limited') {
      throw new RetryLater('Slack reported a rate limit', retryAfter(response) ?? USUAL_RETRY_MS);
    }
    throw new SlackError(`failed to post to Slack channel ${channel}: ${error}`, error);
  }

  return async (method, body, signal) => {
    const token = await usable(options.token(), channel);
    try {
      return await attempt(method, body, token, signal);
    } catch (error) {
      if (!(error instanceof SlackError)) throw error;
      if (error.code in TOKEN_FAULTS) return secondToken(token, error);
      throw explained(error);
    }

    async function secondToken(refused: string, error: SlackError): Promise<string> {
      const fresh = await usable(options.token(refused), channel);
      if (fresh === refused) throw explained(error);
      return attempt(method, body, fresh, signal).catch((second) => {
        throw second instanceof SlackError ? explained(second) : second;
      });
    }
  };
}

function explained(error: SlackError): Error {
  const remedy = memberOf(HOPELESS, error.code);
  return remedy === undefined ? error : new AnnouncementRefused(`${error.message}, ${remedy}`);
}

/** A header that fetch refuses would be quoted in its error, token and all. */
async function usable(reading: Promise<string>, channel: string): Promise<string> {
  const token = await reading;
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  const problem = token === '' ? 'is empty' : 'contains spaces or characters that no token has';
  throw new AnnouncementRefused(
    `failed to post to Slack channel ${channel}: the token ${problem}, store the bot token (xoxb-…) and nothing else`,
  );
}
