import type { Sender } from '../../shared/announce/channel.ts';
import { compose } from '../../shared/announce/compose.ts';
import { createSlackSender } from '../../shared/announce/slack.ts';
import type { Announcement } from '../../shared/domain/announcement.ts';
import { aStoryOf, news } from './situations.ts';

/** Slack as a function: answers in the order given, then "ok" with a fresh ts. */
function aSlack(...answers: (Response | Error | 'silence')[]) {
  const calls: { method: string; token: string; body: Record<string, unknown> }[] = [];
  const send: typeof fetch = async (url, request) => {
    const { authorization = '' } = Object.fromEntries(new Headers(request?.headers));
    calls.push({
      method: String(url).split('/').at(-1) ?? '',
      token: authorization,
      body: JSON.parse(String(request?.body)),
    });
    const answer = answers.shift() ?? ok(`${calls.length}.0`);
    if (answer === 'silence') {
      return new Promise((_, reject) =>
        request?.signal?.addEventListener('abort', () => reject(new Error('This operation was aborted'))),
      );
    }
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const announcer = (token: (refused?: string) => Promise<string> = async () => 'xoxb-token') =>
    senderOf(createSlackSender({ channel: 'C1', token, fetch: send, patience: 100 }));
  return { calls, announcer, methods: () => calls.map(({ method }) => method) };
}

function senderOf(sender: Sender) {
  return {
    announce: (announcement: Announcement, memory: string | undefined) =>
      sender.send(compose(announcement), memory),
  };
}

const ok = (ts: string) => Response.json({ ok: true, ts });
const refusal = (error: string) => Response.json({ ok: false, error });
const live = aStoryOf('live');

describe('Slack, message by message', () => {
  it('shows a whole failed release in one message with two replies, one of them in the channel', async () => {
    const { announcer, calls } = aSlack();
    let memory: string | undefined;
    for (const name of ['preparing', 'migrating', 'rolling', 'rolling back', 'failed, rolled back']) {
      memory = await announcer().announce(aStoryOf(name), memory);
    }
    expect(
      calls.map(({ method, body }) => `${method}${body.thread_ts === undefined ? '' : ' in thread'}`),
    ).toEqual([
      'chat.postMessage',
      'chat.update',
      'chat.update',
      'chat.update',
      'chat.postMessage in thread',
      'chat.update',
      'chat.postMessage in thread',
    ]);
    expect(calls.map(({ body }) => body.reply_broadcast ?? false)).toEqual([
      ...Array.from({ length: 6 }, () => false),
      true,
    ]);
    expect(calls.slice(1).every(({ body }) => (body.ts ?? body.thread_ts) === '1.0')).toBe(true);
    expect(memory).toBe('1.0:we');
  });

  it('remembers nothing about notices', async () => {
    const { announcer, methods } = aSlack();
    expect(await announcer().announce(news(), undefined)).toBeUndefined();
    expect(methods()).toEqual(['chat.postMessage']);
  });

  it.each(['message_not_found', 'cant_update_message', 'edit_window_closed'])(
    'posts anew, thread and all, on %s',
    async (error) => {
      const { announcer, methods } = aSlack(refusal(error));
      expect(await announcer().announce(live, '9.9:d')).toBe('2.0:d');
      expect(methods()).toEqual(['chat.update', 'chat.postMessage', 'chat.postMessage']);
    },
  );

  it.each(['msg_blocks_too_long', 'invalid_blocks'])('says it in words alone on %s', async (error) => {
    const { announcer, calls } = aSlack(refusal(error));
    await announcer().announce(aStoryOf('rolling'), undefined);
    expect(calls[1]?.body).toMatchObject({ blocks: [], text: expect.stringContaining('web v12') });
  });

  it('does not post a message twice because its reply failed', async () => {
    const { announcer } = aSlack(ok('1.0'), new Response('', { status: 503 }));
    const failed = announcer().announce(live, undefined);
    await expect(failed).rejects.toMatchObject({ name: 'PartlySent', memory: '1.0:' });
  });

  it('tries a reply again when only the reply failed', async () => {
    const { announcer, calls } = aSlack(ok('1.0'), new Response('', { status: 503 }));
    await expect(announcer().announce(live, '1.0:')).rejects.toThrow(/503/);
    expect(await announcer().announce(live, '1.0:')).toBe('1.0:d');
    expect(calls.at(-1)?.body.thread_ts).toBe('1.0');
  });
});

describe('Slack, when it does not work', () => {
  it.each([
    ['with Retry-After', { 'retry-after': '12' }, 12_000],
    ['without it', {}, 30_000],
    ['with nonsense in it', { 'retry-after': 'soon' }, 30_000],
    ['with a week in it', { 'retry-after': '604800' }, 3_600_000],
  ])('waits after a 429 %s', async (_, headers: Record<string, string>, retryAfterMs) => {
    const { announcer, calls } = aSlack(new Response('', { status: 429, headers }));
    await expect(announcer().announce(live, undefined)).rejects.toMatchObject({
      name: 'RetryLater',
      retryAfterMs,
    });
    expect(calls).toHaveLength(1);
  });

  it('waits when a 200 says ratelimited', async () => {
    const { announcer } = aSlack(refusal('ratelimited'));
    await expect(announcer().announce(live, undefined)).rejects.toMatchObject({ name: 'RetryLater' });
  });

  it.each([
    ['a server error', new Response('', { status: 502 }), /answered 502/],
    ['a page of a proxy', new Response('<html>', { status: 200 }), /not from Slack/],
    ['an internal error', refusal('internal_error'), /C1: internal_error$/],
    [
      'no connection',
      new TypeError('fetch failed', { cause: new Error('ENOTFOUND slack.com') }),
      /ENOTFOUND/,
    ],
    ['silence', 'silence' as const, /no answer in time/],
  ])('asks to be called again after %s', async (_, answer, message) => {
    const { announcer } = aSlack(answer);
    const failed = announcer().announce(live, undefined);
    await expect(failed).rejects.toThrow(message);
    await expect(failed).rejects.toMatchObject({ name: expect.not.stringMatching('AnnouncementRefused') });
  });

  it('gives up in time though the token never comes', async () => {
    const { announcer } = aSlack();
    await expect(announcer(() => new Promise(() => {})).announce(live, undefined)).rejects.toThrow(/in time/);
  });

  it('keeps what was posted when time runs out in the thread', async () => {
    const { announcer } = aSlack(ok('1.0'), 'silence');
    await expect(announcer().announce(live, undefined)).rejects.toMatchObject({
      name: 'PartlySent',
      memory: '1.0:',
    });
  });

  it.each([
    ['channel_not_found', /invite the bot/],
    ['not_in_channel', /invite it/],
    ['is_archived', /archived/],
    ['missing_scope', /chat:write/],
    ['invalid_auth', /store the bot token/],
    ['token_revoked', /store a new one/],
  ])('says what to do about %s', async (error, remedy) => {
    const { announcer } = aSlack(refusal(error), refusal(error));
    const failed = announcer().announce(live, undefined);
    await expect(failed).rejects.toMatchObject({ name: 'AnnouncementRefused' });
    await expect(failed).rejects.toThrow(remedy);
  });
});

describe('the token', () => {
  const rotated = async (refused?: string) => (refused === undefined ? 'xoxb-old' : 'xoxb-new');

  it('is read again once when Slack does not accept it', async () => {
    const { announcer, calls } = aSlack(refusal('invalid_auth'));
    await announcer(rotated).announce(aStoryOf('rolling'), undefined);
    expect(calls.map(({ token }) => token)).toEqual(['Bearer xoxb-old', 'Bearer xoxb-new']);
  });

  it('is not tried again when it is still the same', async () => {
    const { announcer, calls } = aSlack(refusal('invalid_auth'));
    await expect(announcer().announce(live, undefined)).rejects.toMatchObject({
      name: 'AnnouncementRefused',
    });
    expect(calls).toHaveLength(1);
  });

  it.each(['', 'xoxb-one\nxoxb-two', 'xoxb-ü', '"xoxb-quoted" '])(
    'is never sent, nor quoted, when it cannot be one: %j',
    async (token) => {
      const { announcer, calls } = aSlack();
      const error: unknown = await announcer(async () => token)
        .announce(live, undefined)
        .catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ name: 'AnnouncementRefused' });
      expect(String(error)).not.toMatch(/xoxb-[a-zü"]/);
      expect(calls).toEqual([]);
    },
  );
});
