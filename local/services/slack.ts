import type { Clock, Json } from '../contract.ts';
import type { Messages } from './messages.ts';

interface SlackAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Json;
}

/** The simulated methods of Slack's Web API. */
export const SLACK_METHODS = ['auth.test', 'chat.postMessage', 'chat.update'] as const;

/** Slack's Web API: chat.postMessage, chat.update, auth.test. */
export function createSlack(clock: Clock, messages: Messages) {
  let count = 0;
  const posted = new Set<string>();

  function call(
    method: string,
    token: string | undefined,
    parameters: Readonly<Record<string, Json | undefined>>,
  ): SlackAnswer {
    if (!token) return refuse('not_authed');
    switch (method) {
      case 'auth.test':
        return { status: 200, body: { ok: true, team: 'local', user: 'fairway' } };
      case 'chat.postMessage':
        return post(parameters);
      case 'chat.update':
        return update(parameters);
      default:
        return refuse('unknown_method');
    }
  }

  function post(parameters: Readonly<Record<string, Json | undefined>>): SlackAnswer {
    const { channel } = parameters;
    if (typeof channel !== 'string' || channel === '') return refuse('channel_not_found');
    if (!parameters.text && !parameters.blocks) return refuse('no_text');
    count += 1;
    const ts = `${Math.floor(clock.now() / 1000)}.${String(count).padStart(6, '0')}`;
    posted.add(`${channel}/${ts}`);
    messages.add({ kind: 'slack', channel, update: false, payload: { ...parameters, ts } });
    return { status: 200, body: { ok: true, channel, ts } };
  }

  function update(parameters: Readonly<Record<string, Json | undefined>>): SlackAnswer {
    const { channel, ts } = parameters;
    if (typeof channel !== 'string' || typeof ts !== 'string' || !posted.has(`${channel}/${ts}`)) {
      return refuse('message_not_found');
    }
    messages.add({ kind: 'slack', channel, update: true, payload: { ...parameters } });
    return { status: 200, body: { ok: true, channel, ts } };
  }

  return {
    call,
    reset: () => posted.clear(),
  };
}

function refuse(error: string): SlackAnswer {
  return { status: 200, body: { ok: false, error } };
}
