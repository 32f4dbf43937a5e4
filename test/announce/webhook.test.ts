import { createHmac, timingSafeEqual } from 'node:crypto';
import { serve } from '../../local/front/server.ts';
import { createAnnounce, createTell } from '../../shared/announce/announce.ts';
import { needsOf } from '../../shared/announce/channels.ts';
import { compose } from '../../shared/announce/compose.ts';
import { createWebhookSender, renderWebhook, signature } from '../../shared/announce/webhook.ts';
import { compileConfiguration } from '../../shared/config/load.ts';
import type { Announcement } from '../../shared/domain/announcement.ts';
import { MINUTE, START } from '../builders.ts';
import { anAlert, anAlertOf } from './alerts.ts';
import { aHostileStory, aRun, aStory, aStoryOf, news } from './situations.ts';

const OLD = `whsec_${Buffer.from('an old secret of 24 bytes and more').toString('base64')}`;
const NEW = `whsec_${Buffer.from('the new secret, as long as it must be').toString('base64')}`;

interface Post {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** A receiver's check, from the text of the specification. `now`: its clock, epoch milliseconds. */
function verify({ headers, body }: Post, secret: string, now = START): boolean {
  const { 'webhook-id': id = '', 'webhook-timestamp': at = '', 'webhook-signature': given = '' } = headers;
  if (Math.abs(now / 1_000 - Number(at)) > 5 * 60) return false;
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const expected = createHmac('sha256', key).update(`${id}.${at}.${body}`).digest();
  return given.split(' ').some((one) => {
    const [version, signature = ''] = one.split(',');
    const bytes = Buffer.from(signature, 'base64');
    return version === 'v1' && bytes.length === expected.length && timingSafeEqual(bytes, expected);
  });
}

describe('a webhook', () => {
  let server: Awaited<ReturnType<typeof serve>>;
  let posts: Post[] = [];
  let answers: { status: number; headers?: Record<string, string> }[] = [];
  let stored = NEW;
  let now = START;

  beforeAll(async () => {
    server = await serve(0, async ({ headers, body }) => {
      posts.push({ headers, body: body.toString() });
      return { status: 204, headers: {}, body: '', ...answers.shift() };
    });
  });
  afterAll(() => server.stop());
  beforeEach(() => {
    [posts, answers, stored, now] = [[], [], NEW, START];
  });

  const send = (announcement: Announcement, memory?: string) =>
    createWebhookSender({
      url: `${server.url}/hook?key=of-the-receiver`,
      secret: async () => stored,
      now: () => now,
    }).send(compose(announcement), memory);
  const types = () => posts.map(({ body }) => JSON.parse(body).type);

  describe('is signed as Standard Webhooks says', () => {
    it('so that the receiver can verify it', async () => {
      await send(aStoryOf('live'));
      const [post] = posts;
      if (!post) throw new Error('nothing was posted');
      expect(verify(post, NEW)).toBe(true);
      expect(verify(post, OLD)).toBe(false);
      expect(verify({ ...post, body: post.body.replace('live', 'dead') }, NEW)).toBe(false);
      expect(verify(post, NEW, START + 6 * MINUTE)).toBe(false);
      expect(post.headers).toMatchObject({ 'content-type': 'application/json', 'user-agent': 'Fairway' });
    });

    it('with the same signature as the example of the reference libraries', () => {
      const key = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64');
      const content = 'msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}';
      expect(signature(key, content)).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
    });

    it.each([
      ['a space', ' '],
      ['a line break', '\n'],
    ])('with both secrets during a rotation, separated by %s', async (_, separator) => {
      stored = `${NEW}${separator}${OLD}`;
      await send(aStoryOf('live'));
      for (const secret of [NEW, OLD]) expect(posts.map((post) => verify(post, secret))).toEqual([true]);
      expect(posts[0]?.headers['webhook-signature']?.split(' ')).toHaveLength(2);
    });

    it.each([
      ['empty', ''],
      ['no secret', 'hunter2hunter2hunter2hunter2'],
      ['too short', `whsec_${Buffer.from('short').toString('base64')}`],
      ['too long', `whsec_${Buffer.alloc(65, 1).toString('base64')}`],
      ['in part no secret', `${NEW} hunter2`],
    ])('and posts nothing where the stored secret is %s', async (_, secret) => {
      stored = secret;
      const failed = send(aStoryOf('live'));
      await expect(failed).rejects.toMatchObject({ name: 'AnnouncementRefused' });
      await expect(failed).rejects.toThrow(/store "whsec_" and the base64 of 24 to 64 random bytes/);
      await expect(failed).rejects.not.toThrow(/hunter2|AQEB/);
      expect(posts).toEqual([]);
    });
  });

  it('repeats an attempt with the same id and body, and the time of the attempt', async () => {
    answers = [{ status: 500 }, { status: 204 }];
    await expect(send(aStoryOf('failed, rolled back'))).rejects.toThrow('it answered 500');
    now += 10 * MINUTE;
    await send(aStoryOf('failed, rolled back'));
    const [first, second] = posts;
    if (!first || !second) throw new Error('there were not two attempts');
    expect(second.body).toBe(first.body);
    expect(second.headers['webhook-id']).toBe(first.headers['webhook-id']);
    expect(Number(second.headers['webhook-timestamp'])).toBe(
      Number(first.headers['webhook-timestamp']) + 600,
    );
    expect(verify(second, NEW, now)).toBe(true);
  });

  it('says the same of an alert in every attempt, although its numbers grow', async () => {
    answers = [{ status: 503 }];
    const growing = {
      lastAt: START + 9 * MINUTE,
      at: START + 10 * MINUTE,
      runs: { what: 'web-app:11 at 0/3 tasks', at: START },
    };
    await expect(send(anAlert({ count: 3 }))).rejects.toThrow('503');
    await send(anAlert({ ...growing, count: 30, tasks: { crash: 30 } }));
    expect(posts[1]?.body).toBe(posts[0]?.body);
    expect(JSON.parse(posts[0]?.body ?? '').data.title).toBe('web in production: web-app keeps stopping');
  });

  it('has another id wherever something else is said', async () => {
    for (const announcement of [
      aStoryOf('live'),
      aStoryOf('rollback failed'),
      aRun(),
      anAlert(),
      news(),
      news({ at: START + 1 }),
    ])
      await send(announcement);
    expect(new Set(posts.map(({ headers }) => headers['webhook-id'])).size).toBe(posts.length);
  });

  it('is posted once for the end of a release, and for none of its steps', async () => {
    let memory: string | undefined;
    for (const name of ['preparing', 'rolling', 'rolling back', 'failed, rolled back', 'failed, rolled back'])
      memory = await send(aStoryOf(name), memory);
    expect(types()).toEqual(['release.failed']);
  });

  it('is posted when an alert begins, when its trouble changes, and when it is closed', async () => {
    let memory: string | undefined;
    for (const count of [3, 4, 5]) memory = await send(anAlert({ count }), memory);
    memory = await send(anAlert({ count: 6, trouble: 'deploymentFailed' }), memory);
    for (const _ of [1, 2]) memory = await send(anAlertOf('recovered'), memory);
    expect(types()).toEqual(['alert.opened', 'alert.opened', 'alert.closed']);
    expect(new Set(posts.map(({ body }) => JSON.parse(body).data.id)).size).toBe(1);
  });

  it.each<[string, Announcement]>([
    ['release.live', aStoryOf('live')],
    ['release.canceled', aStoryOf('cancelled by a person')],
    ['release.superseded', aStoryOf('superseded')],
    ['release.rollbackFailed', aStoryOf('rollback failed')],
    ['run.neverStarted', aRun({ outcome: 'neverStarted' })],
    ['app.held', news()],
  ])('has the type %s', async (type, announcement) => {
    await send(announcement);
    expect(types()).toEqual([type]);
  });

  it('stops at 410 and says what to do', async () => {
    answers = [{ status: 410 }];
    const failed = send(news());
    await expect(failed).rejects.toMatchObject({ name: 'AnnouncementRefused' });
    await expect(failed).rejects.toThrow(/it is gone: correct its url, or remove it from fairway.yml/);
  });

  it.each([
    ['seconds', '7'],
    ['a date', new Date(START + 7_000).toUTCString()],
  ])('waits as long as the receiver asks, in %s', async (_, value) => {
    answers = [{ status: 429, headers: { 'retry-after': value } }];
    await expect(send(news())).rejects.toMatchObject({ name: 'RetryLater', retryAfterMs: 7_000 });
  });

  it.each([301, 302, 307, 308])('does not follow a redirect (%i)', async (status) => {
    answers = [{ status, headers: { location: `${server.url}/elsewhere` } }];
    await expect(send(news())).rejects.toThrow(
      /a redirect: write the address that it leads to into fairway.yml/,
    );
    expect(posts).toHaveLength(1);
  });

  it.each([400, 401, 404, 500, 503])('is retried after %i', async (status) => {
    answers = [{ status }];
    const failed = send(news());
    await expect(failed).rejects.toThrow(`it answered ${status}`);
    await expect(failed).rejects.not.toMatchObject({ name: 'AnnouncementRefused' });
    await expect(failed).rejects.not.toThrow(/of-the-receiver/);
  });

  it('gives up on an attempt without an answer', async () => {
    const silent: typeof fetch = (_, request) =>
      new Promise((_resolve, reject) =>
        request?.signal?.addEventListener('abort', () => reject(new Error('This operation was aborted'))),
      );
    const sender = createWebhookSender({
      url: 'https://hooks.example.com/x',
      secret: async () => NEW,
      now: () => START,
      patience: 50,
      fetch: silent,
    });
    await expect(sender.send(compose(news()), undefined)).rejects.toThrow(
      'failed to reach hooks.example.com: no answer in time',
    );
  });

  it('is retried by the loop with a growing wait, and given up after 410', async () => {
    const logged: unknown[] = [];
    const announce = createAnnounce({
      channels: { hook: { kind: 'webhook', url: `${server.url}/hook`, secret: { ssm: '/hook' } } },
      topicArn: '',
      readSecret: async () => NEW,
      publish: async () => undefined,
      now: () => START,
    });
    const tell = createTell(announce, (...entry) => logged.push(entry));
    answers = [
      { status: 500 },
      { status: 429 },
      { status: 503, headers: { 'retry-after': '900' } },
      { status: 410 },
    ];
    const waits = [];
    for (const attempt of [0, 3, 1]) waits.push(await tell('hook', news(), undefined, attempt));
    expect(waits).toMatchObject([
      { kind: 'retry', wait: 5_000 },
      { kind: 'retry', wait: 40_000 },
      { kind: 'retry', wait: 900_000 },
    ]);
    expect(await tell('hook', news(), undefined, 0)).toEqual({ kind: 'announced' });
    expect(JSON.stringify(logged)).toContain('announcement given up');
    expect(JSON.stringify(logged)).not.toContain(NEW.slice(6));
  });
});

describe('the body of a webhook', () => {
  it.each<[string, Announcement]>([
    ['a hostile release', aHostileStory()],
    [
      'a long log',
      aRun({
        tail: {
          lines: Array.from({ length: 200 }, (_, at) => ({
            at,
            container: 'web',
            text: `line ${at} ${'x'.repeat(200)}`,
          })),
          elsewhere: [],
        },
      }),
    ],
  ])('has at most 20 kB: %s', (_, announcement) => {
    const body = renderWebhook(compose(announcement));
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(20_000);
    expect(JSON.parse(body).data).toMatchObject({ version: 1, title: expect.any(String) });
  });

  it('keeps the newest lines of a long log', () => {
    const lines = Array.from({ length: 200 }, (_, at) => ({
      at,
      container: 'web',
      text: `line ${at} ${'x'.repeat(100)}`,
    }));
    const { data } = JSON.parse(renderWebhook(compose(aRun({ tail: { lines, elsewhere: [] } }))));
    expect(data.log.lines.at(-1)).toMatch(/^line 199 /);
  });

  it('shows no secret', () => {
    const body = renderWebhook(compose(aStory({ notes: ['PASSWORD=hunter2'] })));
    expect(body).toContain('PASSWORD=[redacted]');
    expect(body).not.toContain('hunter2');
  });
});

describe('a webhook in fairway.yml', () => {
  const compile = (webhook: string) =>
    compileConfiguration(
      `environment: p
channels: { hook: { webhook: ${webhook} } }
apps: { web: { cluster: c, image: { repository: web-app, tags: { newest: "*" } }, services: [{ name: a }] } }`,
      'fairway.yml',
    );

  it('needs an address and a secret', () => {
    const { channels } = compile('{ url: "https://example.com/fairway", secret: { ssm: /fairway/webhook } }');
    expect(channels.hook).toEqual({
      kind: 'webhook',
      url: 'https://example.com/fairway',
      secret: { ssm: '/fairway/webhook' },
    });
    expect(needsOf(channels.hook ?? { kind: '' })).toMatchObject([
      { kind: 'secret', secret: { ssm: '/fairway/webhook' } },
    ]);
  });

  it.each([
    ['no secret', '{ url: "https://example.com/x" }', /channels\.hook\.webhook\.secret: missing/],
    [
      'the secret itself',
      `{ url: "https://example.com/x", secret: { ssm: "${NEW}" } }`,
      /not the secret itself/,
    ],
    ['plain HTTP', '{ url: "http://example.com/x", secret: { ssm: /x } }', /starts with https:/],
    [
      'credentials in its address',
      '{ url: "https://ann:pw@example.com/x", secret: { ssm: /x } }',
      /without credentials/,
    ],
    [
      'plain HTTP to an address that only begins like this machine',
      '{ url: "http://127.0.0.1.example.com/", secret: { ssm: /x } }',
      /starts with https:/,
    ],
  ])('is refused with %s', (_, webhook, message) => {
    expect(() => compile(webhook)).toThrow(message);
    expect(() => compile(webhook)).not.toThrow(NEW);
  });
});
