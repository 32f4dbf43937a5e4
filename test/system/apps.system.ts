import { startTestCloud, type TestCloud } from './cloud.ts';

const FAIRWAY = `
environment: production
channels:
  deploys: { slack: { channel: C0123456789, token: { ssm: /fairway/slack-token } } }
defaults: { cluster: app-prod, channels: [deploys], taskRole: app-task, executionRole: app-execution }
apps:
  plain:
    image: { repository: api, tags: { newest: "main-*" } }
    services: [{ name: api }]
  moving:
    image: { repository: site, tags: { digest: latest } }
    services: [{ name: site }]
  set:
    image: { repository: shop, tags: { semver: ">=1.0.0" } }
    before: [{ name: migrate, taskDefinition: shop-web, container: shop-web, command: [npm, run, migrate] }]
    services:
      - { name: shop-web, wave: 1 }
      - { name: shop-worker, wave: 1 }
      - { name: shop-edge, wave: 2 }
    after: [{ name: smoke-test, container: smoke, command: [npm, run, smoke] }]
`;

/** Apps of other shapes than the example's. */
describe('a release', () => {
  let cloud: TestCloud;

  beforeAll(async () => {
    cloud = await startTestCloud(FAIRWAY);
  }, 120_000);
  afterAll(() => cloud?.stop());
  beforeEach(() => cloud.fresh(), 60_000);

  const push = (repository: string, tag: string, more: object = {}) =>
    cloud.control<{ digest: string }>('push', { repository, tag, content: `${repository}:${tag}`, ...more });

  const SET = ['shop-web', 'shop-worker', 'shop-edge'];
  const revisions = async () =>
    Promise.all(SET.map(async (name) => (await cloud.service(name)).taskDefinition));

  async function callsOf(work: () => Promise<unknown>) {
    const before = (await cloud.calls()).length;
    await work();
    const calls = (await cloud.calls(before)).filter(({ caller }) => /image-pushed|ecs-changed/.test(caller));
    const of = (service: string) =>
      calls.filter((call) => call.service === service).map((call) => call.operation);
    return { ecs: of('ecs'), ecr: of('ecr') };
  }

  it('without a migration makes five calls to ECS and three to ECR', async () => {
    const calls = await callsOf(async () => {
      await push('api', 'main-1');
      expect(await cloud.settled('main-1', 'plain')).toMatchObject({ state: 'live' });
    });
    expect(calls.ecs).toEqual([
      'DescribeServices',
      'DescribeTaskDefinition',
      'RegisterTaskDefinition',
      'UpdateService',
      'DescribeServices',
    ]);
    expect(calls.ecr.toSorted()).toEqual(['BatchGetImage', 'DescribeImages', 'GetDownloadUrlForLayer']);
  }, 60_000);

  it('of an image for several platforms makes four calls to ECR, and is one release', async () => {
    const calls = await callsOf(async () => {
      await push('api', 'main-1', { platforms: ['linux/amd64', 'linux/arm64'] });
      expect(await cloud.settled('main-1', 'plain')).toMatchObject({ state: 'live' });
    });
    expect(calls.ecr.length).toBeLessThanOrEqual(4);
    expect(await cloud.releases('plain')).toHaveLength(1);
  }, 60_000);

  it('follows a moving tag, and never returns to what it pointed to before', async () => {
    await push('site', 'latest', { content: 'one' });
    expect(await cloud.settled('latest', 'moving')).toMatchObject({ state: 'live' });
    const { digest } = await push('site', 'latest', { content: 'two' });
    await cloud.quiet();
    await cloud.control('clock', { advance: '2m' });
    await cloud.quiet();
    expect((await cloud.service('site')).image).toContain(digest);
    expect((await cloud.releases('moving')).map(({ state }) => state)).toEqual(['live', 'live']);
  }, 60_000);

  it('of three tags on one digest is one release', async () => {
    for (const tag of ['main-1', 'main-1-amd64', 'main-one']) await push('api', tag, { content: 'same' });
    await cloud.quiet();
    await cloud.adopted();
    expect(await cloud.releases('plain')).toHaveLength(1);
  }, 60_000);

  it('rolls a set in waves, on one revision for the migration and the service of its family', async () => {
    const calls = await callsOf(async () => {
      await push('shop', '1.1.0');
      expect(await cloud.settled('1.1.0', 'set')).toMatchObject({ state: 'live' });
    });
    expect(calls.ecs.filter((operation) => operation === 'RegisterTaskDefinition')).toHaveLength(4);
    expect(calls.ecs.filter((operation) => operation === 'RunTask')).toHaveLength(2);
    expect((await cloud.service('shop-web')).taskDefinition).toMatch(/shop-web:2$/);
    const starts = await Promise.all(
      SET.map(async (name) => (await cloud.service(name)).deployments?.[0]?.createdAt?.getTime() ?? 0),
    );
    const [web = 0, worker = 0, edge = 0] = starts;
    expect(edge - Math.max(web, worker)).toBeGreaterThan(30_000);
  }, 60_000);

  it.each([
    ['the second wave crashes', { image: 'shop:1.2.0', family: 'shop-edge', exit: { after: '2s', code: 1 } }],
    ['the smoke test fails', { image: 'shop:1.2.0', family: 'smoke-test', exit: { after: '2s', code: 4 } }],
  ])(
    'rolls the whole set back when %s',
    async (_, rule) => {
      await push('shop', '1.1.0');
      await cloud.settled('1.1.0', 'set');
      const before = await revisions();
      await cloud.behave(rule);
      await push('shop', '1.2.0');
      expect(await cloud.settled('1.2.0', 'set')).toMatchObject({ state: 'failed' });
      expect(await revisions()).toEqual(before);
      for (const name of SET) {
        const [primary] = (await cloud.service(name)).deployments ?? [];
        expect(primary).toMatchObject({ status: 'PRIMARY', rolloutState: 'COMPLETED' });
      }
    },
    60_000,
  );

  it('of one app leaves the others alone', async () => {
    const before = await revisions();
    await Promise.all([push('api', 'main-1'), push('site', 'latest', { content: 'new' })]);
    expect(await cloud.settled('main-1', 'plain')).toMatchObject({ state: 'live' });
    expect(await cloud.settled('latest', 'moving')).toMatchObject({ state: 'live' });
    expect(await revisions()).toEqual(before);
  }, 60_000);
});
