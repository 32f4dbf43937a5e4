import { startTestCloud, type TestCloud } from './cloud.ts';
import { ALARMS, HOOK, PAUSE, shiftTraffic, untilStatus, weights } from './shifts.ts';

const who = 'arn:aws:iam::123456789012:user/ann';

/** What ships, on services whose deployments shift traffic: the right outcome, revision, weights and message. */
describe.each(['BLUE_GREEN', 'CANARY', 'LINEAR'])('a release with the strategy %s', (strategy) => {
  let cloud: TestCloud;

  beforeAll(async () => {
    cloud = await startTestCloud();
  }, 120_000);
  afterAll(() => cloud?.stop());
  beforeEach(() => cloud.fresh(), 60_000);

  async function shifting(more: object = {}) {
    await shiftTraffic(cloud, strategy, more);
    await cloud.control('clock', { speed: 1 });
  }
  const said = async () => JSON.stringify(await cloud.messages());
  async function runs(tag: string, on: readonly number[]) {
    expect((await cloud.service()).image).toContain(tag === '1.0.0' ? 'web-app' : '@sha256:');
    expect(await weights(cloud)).toEqual(on);
  }
  const BLUE = [100, 0];
  const GREEN = [0, 100];

  it('goes live with all the traffic, and says how far it is', async () => {
    await shifting();
    await cloud.push('1.1.0');
    await untilStatus(cloud, /of the traffic/);
    await cloud.control('clock', { speed: 'max' });
    expect(await cloud.settled('1.1.0')).toMatchObject({ state: 'live' });
    await runs('1.1.0', GREEN);
    expect(await said()).toMatch(/of the traffic/);
  }, 120_000);

  it('that crashes before the shift fails at once, and no user sees it', async () => {
    await shifting();
    await cloud.behave({ image: 'web-app:1.1.0', for: 'service', exit: { after: '3s', code: 1 } });
    await cloud.push('1.1.0');
    await cloud.control('clock', { speed: 'max' });
    expect(await cloud.settled('1.1.0')).toMatchObject({ state: 'failed' });
    await runs('1.0.0', BLUE);
  }, 120_000);

  it('is rolled back by an alarm after the shift', async () => {
    await shifting(ALARMS);
    await cloud.push('1.1.0');
    await untilStatus(cloud, /100% of the traffic/);
    await cloud.control('alarms', { name: 'web-5xx', state: 'ALARM' });
    await cloud.control('clock', { speed: 'max' });
    expect(await cloud.settled('1.1.0')).toMatchObject({ state: 'failed' });
    await runs('1.0.0', BLUE);
    expect(await said()).toMatch(/alarm web-5xx/);
  }, 120_000);

  it('waits for a person, who continues it', async () => {
    await shifting(PAUSE);
    await cloud.push('1.1.0');
    await untilStatus(cloud, /waits for a person at POST_TEST_TRAFFIC_SHIFT/);
    expect(await said()).toMatch(/web-app waits for a person .* then rolls back/);
    expect(await cloud.operate({ command: 'continue', app: 'web', who })).toMatchObject({ ok: true });
    await cloud.control('clock', { speed: 'max' });
    expect(await cloud.settled('1.1.0')).toMatchObject({ state: 'live' });
    await runs('1.1.0', GREEN);
  }, 120_000);

  it('waits for a person, who cancels it', async () => {
    await shifting(PAUSE);
    await cloud.push('1.1.0');
    await untilStatus(cloud, /waits for a person/);
    await cloud.operate({ command: 'cancel', app: 'web', who });
    await cloud.control('clock', { speed: 'max' });
    expect(await cloud.settled('1.1.0')).toMatchObject({ state: 'rolledBack' });
    await runs('1.0.0', BLUE);
  }, 120_000);

  it('waits for a person, who does not decide', async () => {
    await shifting(PAUSE);
    await cloud.push('1.1.0');
    await untilStatus(cloud, /waits for a person/);
    await cloud.control('clock', { advance: '61m' });
    await cloud.control('clock', { speed: 'max' });
    expect(await cloud.settled('1.1.0')).toMatchObject({ state: 'failed' });
    await runs('1.0.0', BLUE);
    expect(await said()).toMatch(/pause hook timed out/);
  }, 120_000);

  it('is canceled after the shift: the traffic returns at once', async () => {
    await shifting();
    await cloud.push('1.1.0');
    await untilStatus(cloud, /100% of the traffic/);
    await cloud.operate({ command: 'cancel', app: 'web', who });
    await cloud.control('clock', { advance: '1m' });
    expect(await weights(cloud)).toEqual(BLUE);
    await cloud.control('clock', { speed: 'max' });
    expect(await cloud.settled('1.1.0')).toMatchObject({ state: 'rolledBack' });
    await runs('1.0.0', BLUE);
  }, 120_000);

  it.each<[string, object, () => Promise<unknown>, () => Promise<unknown>]>([
    [
      'an alarm ended',
      ALARMS,
      () => cloud.control('alarms', { name: 'web-5xx', state: 'ALARM' }),
      () => cloud.control('alarms', { name: 'web-5xx', state: 'OK' }),
    ],
    [
      'a hook failed',
      HOOK,
      () => cloud.control('hooks', { function: 'check-web', answer: 'FAILED' }),
      () => cloud.control('hooks', { function: 'check-web', answer: 'SUCCEEDED' }),
    ],
  ])(
    'goes live although %s a deployment from outside before it',
    async (_, more, fail, pass) => {
      await shifting(more);
      await cloud.raw('UpdateService', {
        cluster: 'app-prod',
        service: 'web-app',
        forceNewDeployment: true,
      });
      await cloud.push('1.1.0');
      await cloud.control('clock', { advance: '5s' });
      await fail();
      await cloud.control('clock', { advance: '2m' });
      expect((await cloud.status()).open).toMatchObject({ tag: '1.1.0' });
      await pass();
      await cloud.control('clock', { speed: 'max' });
      expect(await cloud.settled('1.1.0')).toMatchObject({ state: 'live' });
      await runs('1.1.0', GREEN);
      const { serviceDeployments } = await cloud.raw('ListServiceDeployments', {
        cluster: 'app-prod',
        service: 'web-app',
        status: ['ROLLBACK_SUCCESSFUL'],
      });
      expect(serviceDeployments).toHaveLength(1);
    },
    120_000,
  );

  it('lets a newer push wait for its end', async () => {
    await shifting();
    await cloud.push('1.1.0');
    await untilStatus(cloud, /of the traffic/);
    await cloud.push('1.2.0');
    await cloud.control('clock', { advance: '30s' });
    await cloud.control('clock', { speed: 'max' });
    expect(await cloud.settled('1.2.0')).toMatchObject({ state: 'live' });
    expect((await cloud.releases()).map(({ tag, state }) => [tag, state])).toEqual([
      ['1.2.0', 'live'],
      ['1.1.0', 'live'],
    ]);
    await runs('1.2.0', BLUE);
  }, 120_000);

  it('is rolled back by a person afterwards', async () => {
    await shifting();
    await cloud.push('1.1.0');
    await cloud.control('clock', { speed: 'max' });
    await cloud.settled('1.1.0');
    await cloud.operate({ command: 'rollback', app: 'web', who });
    expect(await cloud.settled('1.0.0')).toMatchObject({ state: 'live' });
    await runs('1.0.0', BLUE);
  }, 120_000);
});
