import { startTestCloud, type TestCloud } from '../system/cloud.ts';
import { PAUSE, shiftTraffic, weights } from '../system/shifts.ts';
import { describeWith } from './programs.ts';
import { openShell, type Shell } from './shell.ts';

let cloud: TestCloud;

beforeAll(async () => {
  cloud = await startTestCloud();
}, 120_000);

afterAll(() => cloud?.stop());

describeWith('newest AWS CLI of PyPI', (path) => {
  let aws: Shell;

  beforeEach(async () => {
    await cloud.reset();
    aws = await openShell(cloud.url, path);
  });

  afterEach(() => aws.close());

  async function shifting(more: object = {}): Promise<void> {
    await cloud.control('clock', { speed: 'max' });
    await shiftTraffic(cloud, 'BLUE_GREEN', more);
    await cloud.control('clock', { speed: 1 });
    await aws.ok('aws ecs update-service --cluster app-prod --service web-app --force-new-deployment');
  }

  async function untilStage(stage: string): Promise<string> {
    const { serviceDeployments } = await aws.json(
      'aws ecs list-service-deployments --cluster app-prod --service web-app --status PENDING IN_PROGRESS',
    );
    const [{ serviceDeploymentArn: arn }] = serviceDeployments;
    for (let tries = 0; tries < 40; tries += 1) {
      const { serviceDeployments: described } = await aws.json(
        `aws ecs describe-service-deployments --service-deployment-arns ${arn}`,
      );
      if (described[0].lifecycleStage === stage) return arn;
      await cloud.control('clock', { advance: '15s' });
    }
    throw new Error(`the deployment did not come to ${stage}`);
  }

  async function described(arn: string) {
    const { serviceDeployments } = await aws.json(
      `aws ecs describe-service-deployments --service-deployment-arns ${arn}`,
    );
    return serviceDeployments[0];
  }

  it('watches a deployment that shifts traffic, and stops it', async () => {
    await shifting();
    const arn = await untilStage('BAKE_TIME');
    expect(await weights(cloud)).toEqual([0, 100]);
    await aws.ok(`aws ecs stop-service-deployment --service-deployment-arn ${arn} --stop-type ROLLBACK`);
    await cloud.control('clock', { speed: 'max' });
    await cloud.quiet();
    expect(await weights(cloud)).toEqual([100, 0]);
    expect((await described(arn)).status).toBe('ROLLBACK_SUCCESSFUL');
  }, 120_000);

  it.each([
    ['CONTINUE', 'SUCCESSFUL', [0, 100]],
    ['ROLLBACK', 'ROLLBACK_SUCCESSFUL', [100, 0]],
  ])(
    'answers a pause with %s',
    async (action, status, on) => {
      await shifting(PAUSE);
      const arn = await untilStage('POST_TEST_TRAFFIC_SHIFT');
      const [{ hookId, ...pause }] = (await described(arn)).lifecycleHookDetails;
      expect(pause).toMatchObject({ targetType: 'PAUSE', status: 'AWAITING_ACTION' });
      await aws.ok(
        `aws ecs continue-service-deployment --service-deployment-arn ${arn} --hook-id ${hookId} --action ${action}`,
      );
      await cloud.control('clock', { speed: 'max' });
      await cloud.quiet();
      expect((await described(arn)).status).toBe(status);
      expect(await weights(cloud)).toEqual(on);
    },
    120_000,
  );

  it('is refused a pause that was answered already', async () => {
    await shifting(PAUSE);
    const arn = await untilStage('POST_TEST_TRAFFIC_SHIFT');
    const [{ hookId }] = (await described(arn)).lifecycleHookDetails;
    const line = `aws ecs continue-service-deployment --service-deployment-arn ${arn} --hook-id ${hookId}`;
    await aws.ok(line);
    expect(await aws.fails(line)).toContain('Provided hookId is either completed, unavailable');
  }, 120_000);
});

describeWith('ecs-deploy', (ecs) => {
  let shell: Shell;

  beforeEach(async () => {
    await cloud.reset();
    shell = await openShell(cloud.url);
    await cloud.control('clock', { speed: 'max' });
  });

  afterEach(() => shell.close());

  it.each(['BLUE_GREEN', 'CANARY'])(
    'carries out a deployment of the strategy %s, and waits for it',
    async (strategy) => {
      await shiftTraffic(cloud, strategy);
      await cloud.push('0.9.1');
      expect(await shell.ok(`'${ecs}' deploy app-prod web-app --tag 0.9.1`)).toContain(
        'Deployment successful',
      );
      await cloud.quiet();
      expect((await cloud.service()).image).toMatch(/web-app:0\.9\.1$/);
      expect(await weights(cloud)).toEqual([0, 100]);
    },
    120_000,
  );
});
