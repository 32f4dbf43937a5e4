import { DescribeImagesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { startTestCloud, type TestCloud } from './cloud.ts';
import { ALARMS, PAUSE, untilStatus } from './shifts.ts';

const who = 'arn:aws:iam::123456789012:user/ann';
const [pause] = PAUSE.lifecycleHooks;
/** Which stages a rolling deployment pauses at is disputed: here after the new tasks are healthy. */
const PAUSED = { lifecycleHooks: [{ ...pause, lifecycleStages: ['POST_SCALE_UP'] }] };

/** What ships, on a service whose deployments are rolling: the right outcome, revision and message. */
describe('a release with the strategy ROLLING', () => {
  let cloud: TestCloud;
  let ecr: ECRClient;

  beforeAll(async () => {
    cloud = await startTestCloud();
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    ecr = new ECRClient({ region: 'us-east-1', endpoint: cloud.url, credentials });
  }, 120_000);
  afterAll(() => cloud?.stop());
  beforeEach(() => cloud.fresh(), 60_000);

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
  /** All tasks of the service run this image, and no other deployment is left. */
  async function runs(tag: string) {
    const { imageDetails } = await ecr.send(
      new DescribeImagesCommand({ repositoryName: 'web-app', imageIds: [{ imageTag: tag }] }),
    );
    const service = await cloud.service();
    // The revision of before Fairway names the image by its tag.
    expect(service.image).toMatch(new RegExp(`web-app(:${tag}|@${imageDetails?.[0]?.imageDigest})$`));
    expect(service.deployments).toMatchObject([{ rolloutState: 'COMPLETED', runningCount: 3 }]);
  }

  it('goes live, and says how far it is', async () => {
    await rolling();
    await cloud.push('1.1.0');
    await untilStatus(cloud, /web-app \d\/3/);
    await outcome('1.1.0', 'live');
    await runs('1.1.0');
    expect(await said()).toMatch(/web-app 3\/3/);
  }, 120_000);

  it('that crashes rolls back, and says why', async () => {
    await rolling();
    await cloud.behave({ image: 'web-app:1.1.0', for: 'service', exit: { after: '3s', code: 1 } });
    await cloud.push('1.1.0');
    await outcome('1.1.0', 'failed');
    await runs('1.0.0');
    expect(await said()).toMatch(/code 1/);
  }, 120_000);

  it('is rolled back by an alarm while it bakes', async () => {
    await rolling({ ...ALARMS, bakeTimeInMinutes: 10 });
    await cloud.push('1.1.0');
    await untilStatus(cloud, /web-app 3\/3/);
    await cloud.control('alarms', { name: 'web-5xx', state: 'ALARM' });
    await outcome('1.1.0', 'failed');
    await runs('1.0.0');
    expect(await said()).toMatch(/alarm web-5xx/);
  }, 120_000);

  it('waits for a person, who continues it', async () => {
    await rolling(PAUSED);
    await cloud.push('1.1.0');
    await untilStatus(cloud, /waits for a person/);
    expect(await cloud.operate({ command: 'continue', app: 'web', who })).toMatchObject({ ok: true });
    await outcome('1.1.0', 'live');
    await runs('1.1.0');
    expect(await said()).toMatch(/web-app waits for a person .* then rolls back/);
  }, 120_000);

  it('waits for a person, who cancels it: the rollback is a deployment that waits as well', async () => {
    await rolling(PAUSED);
    await cloud.push('1.1.0');
    await untilStatus(cloud, /waits for a person/);
    await cloud.operate({ command: 'cancel', app: 'web', who });
    await untilStatus(cloud, /roll back .*waits for a person/);
    expect(await cloud.operate({ command: 'continue', app: 'web', who })).toMatchObject({ ok: true });
    await outcome('1.1.0', 'rolledBack');
    await runs('1.0.0');
    expect(await said()).toMatch(/ann canceled v1/);
  }, 120_000);

  it('waits for a person, who does not decide', async () => {
    await rolling(PAUSED);
    await cloud.push('1.1.0');
    await untilStatus(cloud, /waits for a person/);
    await cloud.control('clock', { advance: '61m' });
    await outcome('1.1.0', 'failed');
    await runs('1.0.0');
    expect(await said()).toMatch(/pause hook timed out/);
  }, 120_000);

  it('is canceled while its new tasks run', async () => {
    await rolling({ bakeTimeInMinutes: 10 });
    await cloud.push('1.1.0');
    await untilStatus(cloud, /web-app 3\/3/);
    await cloud.operate({ command: 'cancel', app: 'web', who });
    await outcome('1.1.0', 'rolledBack');
    await runs('1.0.0');
    expect(await said()).toMatch(/ann canceled v1/);
  }, 120_000);

  it.each([
    ['an alarm ended', ALARMS, false],
    ['the circuit breaker ended', {}, true],
  ])(
    'goes live although %s a deployment from outside before it',
    async (_, more, crashes) => {
      await rolling(more);
      if (crashes)
        await cloud.behave({ image: 'web-app:1.0.0', for: 'service', exit: { after: '3s', code: 1 } });
      await cloud.raw('UpdateService', {
        cluster: 'app-prod',
        service: 'web-app',
        forceNewDeployment: true,
      });
      await cloud.push('1.1.0');
      await cloud.control('clock', { advance: '5s' });
      if (!crashes) await cloud.control('alarms', { name: 'web-5xx', state: 'ALARM' });
      await cloud.control('clock', { advance: '2m' });
      await cloud.control('alarms', { name: 'web-5xx', state: 'OK' });
      await outcome('1.1.0', 'live');
      await runs('1.1.0');
      const { serviceDeployments } = await cloud.raw('ListServiceDeployments', {
        cluster: 'app-prod',
        service: 'web-app',
      });
      expect(serviceDeployments).toContainEqual(
        expect.objectContaining({ status: expect.stringMatching(/^ROLLBACK_/) }),
      );
    },
    120_000,
  );

  it('lets a newer push wait for its end', async () => {
    await rolling();
    await cloud.push('1.1.0');
    await untilStatus(cloud, /web-app \d\/3/);
    await cloud.push('1.2.0');
    await outcome('1.2.0', 'live');
    expect((await cloud.releases()).map(({ tag, state }) => [tag, state])).toEqual([
      ['1.2.0', 'live'],
      ['1.1.0', 'live'],
    ]);
    await runs('1.2.0');
  }, 120_000);

  it('is rolled back by a person afterwards', async () => {
    await rolling();
    await cloud.push('1.1.0');
    await outcome('1.1.0', 'live');
    await cloud.operate({ command: 'rollback', app: 'web', who });
    expect(await cloud.settled('1.0.0')).toMatchObject({ state: 'live' });
    await runs('1.0.0');
    expect(await said()).toMatch(/ann rolls web back to 1\.0\.0/);
  }, 120_000);
});
