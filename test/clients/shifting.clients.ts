import { startTestCloud, type TestCloud } from '../system/cloud.ts';
import { shiftTraffic, weights } from '../system/shifts.ts';
import { describeWith } from './programs.ts';
import { openShell, type Shell } from './shell.ts';

let cloud: TestCloud;

beforeAll(async () => {
  cloud = await startTestCloud();
}, 120_000);

afterAll(() => cloud?.stop());

describeWith('newest AWS CLI of PyPI', (path) => {
  let aws: Shell;

  beforeAll(async () => {
    await cloud.reset();
    aws = await openShell(cloud.url, path);
    await cloud.control('clock', { speed: 'max' });
    await shiftTraffic(cloud, 'BLUE_GREEN');
    await cloud.control('clock', { speed: 1 });
  });

  afterAll(() => aws.close());

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

  it('watches a deployment that shifts traffic, and stops it', async () => {
    await aws.ok('aws ecs update-service --cluster app-prod --service web-app --force-new-deployment');
    const arn = await untilStage('BAKE_TIME');
    expect(await weights(cloud)).toEqual([0, 100]);
    await aws.ok(`aws ecs stop-service-deployment --service-deployment-arn ${arn} --stop-type ROLLBACK`);
    await cloud.control('clock', { speed: 'max' });
    await cloud.quiet();
    expect(await weights(cloud)).toEqual([100, 0]);
    const described = await aws.json(`aws ecs describe-service-deployments --service-deployment-arns ${arn}`);
    expect(described.serviceDeployments[0].status).toBe('ROLLBACK_SUCCESSFUL');
  }, 120_000);
});
