import { createHmac } from 'node:crypto';
import { serve } from '../../local/front/server.ts';
import { startTestCloud, type TestCloud } from './cloud.ts';

interface Post {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** A webhook of the packaged stack, received on this machine. */
describe('a webhook', () => {
  let cloud: TestCloud;
  let receiver: Awaited<ReturnType<typeof serve>>;
  let posts: Post[] = [];
  let statuses: number[] = [];

  beforeAll(async () => {
    receiver = await serve(0, async ({ headers, body }) => {
      posts.push({ headers, body: body.toString() });
      return { status: statuses.shift() ?? 204, headers: {}, body: '' };
    });
    cloud = await startTestCloud(`
environment: production
channels: { hook: { webhook: { url: "${receiver.url}/fairway", secret: { secretsManager: fairway/hook } } } }
defaults: { cluster: app-prod, channels: [hook], taskRole: app-task, executionRole: app-execution }
apps: { web: { image: { repository: web-app, tags: { semver: ">=1.0.0" } }, services: [{ name: web-app }] } }
`);
  }, 120_000);
  afterAll(async () => {
    await cloud?.stop();
    await receiver.stop();
  });
  beforeEach(async () => {
    await cloud.fresh();
    [posts, statuses] = [[], []];
  }, 60_000);

  /** The secret as an operator reads it, with other credentials than the functions'. */
  async function secret(): Promise<string> {
    const response = await fetch(cloud.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'secretsmanager.GetSecretValue',
        authorization:
          'AWS4-HMAC-SHA256 Credential=test/20260301/us-east-1/secretsmanager/aws4_request, SignedHeaders=host, Signature=0',
      },
      body: JSON.stringify({ SecretId: 'fairway/hook' }),
    });
    return JSON.parse(await response.text()).SecretString;
  }

  function isSigned({ headers, body }: Post, stored: string): boolean {
    const key = Buffer.from(stored.replace('whsec_', ''), 'base64');
    const content = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    const signature = createHmac('sha256', key).update(content).digest('base64');
    return headers['webhook-signature'] === `v1,${signature}`;
  }

  it('gets the end of a release, retried with the same id and body, signed with the stored secret', async () => {
    statuses = [503, 204];
    await cloud.push('1.1.0');
    expect(await cloud.settled('1.1.0')).toMatchObject({ state: 'live' });
    await cloud.control('clock', { advance: '2m' });
    const stored = await secret();
    expect(posts.map(({ body }) => JSON.parse(body).type)).toEqual(['release.live', 'release.live']);
    expect(posts.map((post) => isSigned(post, stored))).toEqual([true, true]);
    const [first, second] = posts;
    expect(second?.body).toBe(first?.body);
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(second?.headers['webhook-timestamp']).not.toBe(first?.headers['webhook-timestamp']);
  }, 120_000);

  it('gets no second attempt after 410', async () => {
    statuses = [410];
    await cloud.push('1.2.0');
    await cloud.settled('1.2.0');
    await cloud.control('clock', { advance: '10m' });
    expect(posts).toHaveLength(1);
  }, 120_000);

  it('is reached by a test message, by the rights of the function alone', async () => {
    expect(await cloud.operate({ command: 'announce', who: 'ann' })).toMatchObject({
      ok: true,
      channels: [{ channel: 'hook', ok: true }],
    });
    expect(posts.map(({ body }) => JSON.parse(body).type)).toEqual(['app.test']);
  });
});
