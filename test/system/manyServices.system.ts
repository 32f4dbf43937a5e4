import type { InvocationRecord } from '../../local/lambda/runtime.ts';
import { startTestCloud, type TestCloud } from './cloud.ts';

const SERVICES = Array.from({ length: 50 }, (_, index) => `shop-${index}`);

const FAIRWAY = `
environment: production
channels:
  deploys: { slack: { channel: C0123456789, token: { ssm: /fairway/slack-token } } }
  mail: { sns: {} }
defaults: { cluster: app-prod, channels: [deploys, mail], taskRole: app-task, executionRole: app-execution }
apps:
  shop:
    image: { repository: shop, tags: { semver: ">=1.0.0" } }
    services:
${SERVICES.map((name) => `      - { name: ${name} }`).join('\n')}
`;

describe('a release of 50 services', () => {
  let cloud: TestCloud;

  beforeAll(async () => {
    cloud = await startTestCloud(FAIRWAY);
    await cloud.adopted();
  }, 120_000);
  afterAll(() => cloud?.stop());

  it('ends live without a failed invocation, with one for the push and one for each service', async () => {
    const since = Date.parse((await cloud.control<{ now: string }>('clock')).now);
    await cloud.control('push', { repository: 'shop', tag: '1.1.0', content: '1.1.0' });
    expect(await cloud.settled('1.1.0', 'shop')).toMatchObject({ state: 'live' });
    const invocations = (await cloud.control<readonly InvocationRecord[]>('invocations')).filter(
      ({ at }) => Date.parse(at) >= since,
    );
    expect(invocations.filter(({ error }) => error !== undefined)).toEqual([]);
    const of = (name: string) => invocations.filter((one) => one.function.endsWith(name)).length;
    expect(of('image-pushed')).toBe(1);
    expect(of('ecs-changed')).toBe(SERVICES.length);
  }, 180_000);
});
