import { startTestCloud, type TestCloud } from './cloud.ts';
import { ALARMS, PAUSE, untilStatus } from './shifts.ts';

const who = 'arn:aws:iam::123456789012:user/ann';
const [pause] = PAUSE.lifecycleHooks;
/** Which stages a rolling deployment pauses at is disputed: here after the new tasks are healthy. */
const PAUSED = { lifecycleHooks: [{ ...pause, lifecycleStages: ['POST_SCALE_UP'] }] };

/** What ships, on a service whose deployments are rolling: the right outcome, revision and message. */
describe('a release with the strategy ROLLING', () => {
  let cloud: TestCloud;

  beforeAll(async () => {
    cloud = await startTestCloud();
  }, 120_000);
  afterAll(() => cloud?.stop());
  beforeEach(async () => {
    await cloud.reset();
    await cloud.control('clock', { speed: 'max' });
    await cloud.control('clock', { advance: '6m' });
    await cloud.quiet();
  }, 60_000);

  async function rolling(more: object = {}) {
    const deploymentConfiguration = {
      strategy: 'ROLLING',
      minimumHealthyPercent: 100,
      maximumPercent: 200,
      deploymentCircuitBreaker: { enable: true, rollback: true },
      ...more,
    };
    const input = { cluster: 'app-prod', service: 'web-app', deploymentConfiguration };
    await cloud.raw('UpdateService', input);
    await cloud.control('clock', { speed: 1 });
  }
  const said = async () => JSON.stringify(await cloud.messages());
  const outcome = async (tag: string, state: string) => {
    await cloud.control('clock', { speed: 'max' });
    expect(await cloud.settled(tag)).toMatchObject({ tag, state });
  };
  /** All tasks of the service, not only its task definition. */
  async function runs(image: 'the earlier image' | 'a new image') {
    const service = await cloud.service();
    expect(service.image).toContain(image === 'a new image' ? '@sha256:' : 'web-app:1.0.0');
    expect(service.deployments).toMatchObject([{ rolloutState: 'COMPLETED', runningCount: 3 }]);
  }

  it('goes live, and says how far it is', async () => {
    await rolling();
    await cloud.push('1.1.0');
    await untilStatus(cloud, /of 3 tasks/);
    await outcome('1.1.0', 'live');
    await runs('a new image');
    expect(await said()).toMatch(/3 of 3 tasks/);
  }, 120_000);

  it('that crashes rolls back, and says why', async () => {
    await rolling();
    await cloud.behave({ image: 'web-app:1.1.0', for: 'service', exit: { after: '3s', code: 1 } });
    await cloud.push('1.1.0');
    await outcome('1.1.0', 'failed');
    await runs('the earlier image');
    expect(await said()).toMatch(/code 1/);
  }, 120_000);

  it('is rolled back by an alarm while it bakes', async () => {
    await rolling({ ...ALARMS, bakeTimeInMinutes: 10 });
    await cloud.push('1.1.0');
    await untilStatus(cloud, /3 of 3 tasks/);
    await cloud.control('alarms', { name: 'web-5xx', state: 'ALARM' });
    await outcome('1.1.0', 'failed');
    await runs('the earlier image');
    expect(await said()).toMatch(/alarm web-5xx/);
  }, 120_000);

  it.each([
    ['continues it', 'continue', 'live', 'a new image', /then rolls back/],
    ['cancels it', 'cancel', 'rolledBack', 'the earlier image', /canceled by ann/],
  ] as const)(
    'waits for a person, who %s',
    async (_, command, state, image, words) => {
      await rolling(PAUSED);
      await cloud.push('1.1.0');
      await untilStatus(cloud, /waits for a person at POST_SCALE_UP/);
      expect(await cloud.operate({ command, app: 'web', who })).toMatchObject({ ok: true });
      await outcome('1.1.0', state);
      await runs(image);
      expect(await said()).toMatch(words);
    },
    120_000,
  );

  it('waits for a person, who does not decide', async () => {
    await rolling(PAUSED);
    await cloud.push('1.1.0');
    await untilStatus(cloud, /waits for a person/);
    await cloud.control('clock', { advance: '61m' });
    await outcome('1.1.0', 'failed');
    await runs('the earlier image');
    expect(await said()).toMatch(/pause hook timed out/);
  }, 120_000);

  it('is canceled while its new tasks run', async () => {
    await rolling({ bakeTimeInMinutes: 10 });
    await cloud.push('1.1.0');
    await untilStatus(cloud, /3 of 3 tasks/);
    await cloud.operate({ command: 'cancel', app: 'web', who });
    await outcome('1.1.0', 'rolledBack');
    await runs('the earlier image');
    expect(await said()).toMatch(/canceled by ann/);
  }, 120_000);

  it.each([
    ['an alarm ended', ALARMS],
    ['the circuit breaker ended', {}],
  ])(
    'goes live although %s a deployment from outside before it',
    async (_, more) => {
      await rolling(more);
      const rule = await cloud.behave({
        image: 'web-app:1.0.0',
        for: 'service',
        exit: { after: '3s', code: 1 },
      });
      expect(rule).toBeDefined();
      await cloud.raw('UpdateService', {
        cluster: 'app-prod',
        service: 'web-app',
        forceNewDeployment: true,
      });
      await cloud.push('1.1.0');
      await cloud.control('clock', { advance: '5s' });
      await cloud.control('alarms', { name: 'web-5xx', state: 'ALARM' });
      await cloud.control('clock', { advance: '2m' });
      await cloud.control('alarms', { name: 'web-5xx', state: 'OK' });
      await outcome('1.1.0', 'live');
      await runs('a new image');
    },
    120_000,
  );

  it('lets a newer push wait for its end', async () => {
    await rolling();
    await cloud.push('1.1.0');
    await untilStatus(cloud, /of 3 tasks/);
    await cloud.push('1.2.0');
    await outcome('1.2.0', 'live');
    expect((await cloud.releases()).map(({ tag, state }) => [tag, state])).toEqual([
      ['1.2.0', 'live'],
      ['1.1.0', 'live'],
    ]);
    await runs('a new image');
  }, 120_000);

  it('is rolled back by a person afterwards', async () => {
    await rolling();
    await cloud.push('1.1.0');
    await outcome('1.1.0', 'live');
    await cloud.operate({ command: 'rollback', app: 'web', who });
    expect(await cloud.settled('1.0.0')).toMatchObject({ state: 'live' });
    await runs('the earlier image');
    expect(await said()).toMatch(/1\.0\.0/);
  }, 120_000);
});
