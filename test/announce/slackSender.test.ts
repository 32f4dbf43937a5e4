import { serve } from '../../local/front/server.ts';
import { createAnnounce, createTell } from '../../shared/announce/announce.ts';
import { compose } from '../../shared/announce/compose.ts';
import { createSlackSender } from '../../shared/announce/slack.ts';
import type { Announcement } from '../../shared/domain/announcement.ts';
import { anAlert, anAlertOf } from './alerts.ts';
import { aFailedStory, aStory } from './stories.ts';

const TOKEN = 'xoxb-very-secret';

describe('createSlackSender', () => {
  let server: Awaited<ReturnType<typeof serve>>;
  const seen: { method: string; body: Record<string, unknown>; token: string | undefined }[] = [];
  let answers: { status?: number; headers?: Record<string, string>; body: unknown }[] = [];

  beforeAll(async () => {
    server = await serve(0, async (request) => {
      const body = JSON.parse(request.body.toString());
      seen.push({ method: request.path.slice(1), body, token: request.headers.authorization });
      const next = answers.shift() ?? { body: { ok: true, ts: `${seen.length}.0` } };
      return { status: next.status ?? 200, headers: next.headers ?? {}, body: JSON.stringify(next.body) };
    });
  });
  afterAll(() => server.stop());
  beforeEach(() => {
    seen.length = 0;
    answers = [];
  });

  const send = (announcement: Announcement, memory: string | undefined) =>
    createSlackSender({ channel: 'C0123456789', token: async () => TOKEN, apiUrl: `${server.url}/` }).send(
      compose(announcement),
      memory,
    );

  it('posts once, then updates in place', async () => {
    const memory = await send(aStory(), undefined);
    expect(memory?.length).toBeLessThan(200);
    await send(aStory(), memory);
    expect(seen.map((call) => call.method)).toEqual(['chat.postMessage', 'chat.update']);
    expect(seen[1]?.body).toMatchObject({ channel: 'C0123456789', ts: '1.0' });
    expect(seen[0]?.token).toBe(`Bearer ${TOKEN}`);
  });

  it('updates the message of an alert until it is closed, and posts nothing to its thread', async () => {
    let memory: string | undefined;
    for (const news of [anAlert(), anAlert({ count: 20 }), anAlertOf('recovered')])
      memory = await send(news, memory);
    expect(seen.map((call) => call.method)).toEqual(['chat.postMessage', 'chat.update', 'chat.update']);
    expect(seen.filter((call) => call.body.thread_ts !== undefined)).toEqual([]);
  });

  it('sends each reply once', async () => {
    const memory = await send(aFailedStory(), undefined);
    await send(aFailedStory(), memory);
    const replies = seen.filter((call) => call.body.thread_ts !== undefined);
    expect(replies).toHaveLength(2);
    expect(replies.filter((call) => call.body.reply_broadcast === true)).toHaveLength(1);
  });

  it('posts anew when someone deleted the message', async () => {
    answers = [{ body: { ok: false, error: 'message_not_found' } }];
    await send(aStory(), '9.9:');
    expect(seen.map((call) => call.method)).toEqual(['chat.update', 'chat.postMessage']);
  });

  it('waits when Slack asks for it', async () => {
    answers = [{ status: 429, headers: { 'retry-after': '7' }, body: {} }];
    await expect(send(aStory(), undefined)).rejects.toMatchObject({
      name: 'RetryLater',
      retryAfterMs: 7_000,
    });
  });

  it.each(['invalid_auth', 'channel_not_found', 'not_in_channel'])(
    'gives up on %s and says how to fix it',
    async (error) => {
      answers = [{ body: { ok: false, error } }];
      const failed = send(aStory(), undefined);
      await expect(failed).rejects.toMatchObject({ name: 'AnnouncementRefused' });
      await expect(failed).rejects.not.toThrow(TOKEN);
    },
  );

  describe('createTell', () => {
    const logged: unknown[] = [];
    const tell = () =>
      createTell(
        createAnnounce({
          channels: { deploys: { kind: 'slack', channel: 'C0123456789', token: { ssm: '/token' } } },
          topicArn: 'arn:topic',
          slackApiUrl: `${server.url}/`,
          readSecret: async () => TOKEN,
          publish: async () => {},
          now: () => 0,
        }),
        (...entry) => logged.push(entry),
      );

    it('retries a message later while a channel is down', async () => {
      answers = [{ status: 503, body: {} }];
      expect(await tell()('deploys', aStory(), undefined, 0)).toMatchObject({ kind: 'retry', wait: 5_000 });
    });

    it('waits at least as long as Slack says', async () => {
      answers = [{ status: 429, headers: { 'retry-after': '60' }, body: {} }];
      expect(await tell()('deploys', aStory(), undefined, 0)).toMatchObject({ kind: 'retry', wait: 60_000 });
    });

    it('remembers the message that was sent when only a reply failed', async () => {
      answers = [{ body: { ok: true, ts: '1.0' } }, { status: 503, body: {} }];
      expect(await tell()('deploys', aFailedStory(), undefined, 0)).toMatchObject({
        kind: 'retry',
        memory: '1.0:',
      });
    });

    it('does not retry what only a person can fix', async () => {
      answers = [{ body: { ok: false, error: 'invalid_auth' } }];
      expect(await tell()('deploys', aStory(), undefined, 0)).toEqual({ kind: 'announced' });
    });

    it('invariant 11, secrets stay secret: the token is in no log', () => {
      expect(logged.length).toBeGreaterThan(0);
      expect(JSON.stringify(logged)).not.toContain(TOKEN);
    });
  });
});
