import { DISPUTED } from '../../local/ecs/disputed.ts';
import { startTestCloud, type TestCloud } from './cloud.ts';
import { ALARMS, shiftTraffic, untilStatus, weights } from './shifts.ts';

const ROLES = 'taskRole: app-task, executionRole: app-execution';
/** Three services of one wave, three of three waves, and a service in Express Mode. */
const FILE = `
environment: production
channels:
  deploys: { slack: { channel: C0123456789, token: { ssm: /fairway/slack-token } } }
defaults: { cluster: app-prod, channels: [deploys] }
apps:
  web:
    image: { repository: web-app, tags: { semver: ">=1.0.0" } }
    services:
      - { name: rolling, containers: [rolling], ${ROLES} }
      - { name: blue, containers: [blue], ${ROLES} }
      - { name: canary, containers: [canary], ${ROLES} }
  desk:
    image: { repository: desk-app, tags: { semver: ">=1.0.0" } }
    services:
      - { name: desk, containers: [desk], ${ROLES} }
      - { name: desk-blue, containers: [desk-blue], wave: 2, ${ROLES} }
      - { name: desk-canary, containers: [desk-canary], wave: 3, ${ROLES} }
  shop:
    image: { repository: shop-app, tags: { semver: ">=1.0.0" } }
    services:
      - { name: shop, taskDefinition: express-shop, containers: [Main], ${ROLES} }
`;
const who = 'arn:aws:iam::123456789012:user/ann';
const BLUE = [100, 0];

describe('services of several strategies', () => {
  let cloud: TestCloud;

  beforeAll(async () => {
    cloud = await startTestCloud(FILE);
  }, 180_000);
  afterAll(() => cloud?.stop());
  beforeEach(async () => {
    await cloud.reset();
    await cloud.control('clock', { speed: 'max' });
  }, 60_000);

  const imageOf = async (name: string) => (await cloud.service(name)).image;
  const said = async () => JSON.stringify(await cloud.messages());

  describe('in one release', () => {
    beforeEach(async () => {
      await cloud.adopted();
      await shiftTraffic(cloud, 'BLUE_GREEN', {}, ['blue', 'blue']);
      await shiftTraffic(cloud, 'CANARY', {}, ['canary', 'canary']);
      await cloud.quiet();
    }, 60_000);

    it('roll back together when the last one fails', async () => {
      const crash = { exit: { after: '3s', code: 1 } };
      await cloud.behave({ image: 'web-app:1.1.0', container: 'rolling', for: 'service', ...crash });
      const digest = await cloud.push('1.1.0');
      const ended = await cloud.settled('1.1.0', 'web', 180);
      expect(ended).toMatchObject({ state: 'failed' });
      for (const name of ['rolling', 'blue', 'canary']) expect(await imageOf(name)).not.toContain(digest);
      expect([await weights(cloud, 'blue'), await weights(cloud, 'canary')]).toEqual([BLUE, BLUE]);
      expect(await said()).toMatch(/blue rolls back by a new BLUE_GREEN deployment: that takes 5 min/);
    }, 180_000);

    it('go live, those whose traffic shifts first', async () => {
      const before = await cloud.calls();
      const digest = await cloud.push('1.1.0');
      expect(await cloud.settled('1.1.0', 'web', 180)).toMatchObject({ state: 'live' });
      const updates = (await cloud.calls(before.length)).filter(
        ({ caller, operation }) => caller !== 'external' && operation === 'UpdateService',
      );
      expect(updates).toHaveLength(3);
      for (const name of ['rolling', 'blue', 'canary']) expect(await imageOf(name)).toContain(digest);
    }, 180_000);
  });

  it('roll back together when the CANARY fails last, and the ROLLING and the BLUE_GREEN one are live', async () => {
    await cloud.adopted();
    await shiftTraffic(cloud, 'BLUE_GREEN', {}, ['desk-blue', 'desk-blue']);
    await shiftTraffic(cloud, 'CANARY', ALARMS, ['desk-canary', 'desk-canary']);
    await cloud.quiet();
    await cloud.control('clock', { speed: 1 });
    const digest = await cloud.push('1.1.0', { repository: 'desk-app' });
    await untilStatus(cloud, /desk-canary.*100% of the traffic/, 120, 'desk');
    for (const name of ['desk', 'desk-blue']) expect(await imageOf(name)).toContain(digest);
    await cloud.control('alarms', { name: 'web-5xx', state: 'ALARM' });
    await cloud.control('clock', { speed: 'max' });
    expect(await cloud.settled('1.1.0', 'desk', 180)).toMatchObject({
      state: 'failed',
      reason: expect.stringMatching(/alarm web-5xx.*Everything was rolled back/),
    });
    for (const name of ['desk', 'desk-blue', 'desk-canary'])
      expect(await imageOf(name)).not.toContain(digest);
    expect([await weights(cloud, 'desk-blue'), await weights(cloud, 'desk-canary')]).toEqual([BLUE, BLUE]);
  }, 180_000);

  describe('in Express Mode', () => {
    const serviceArn = 'arn:aws:ecs:us-east-1:123456789012:service/app-prod/shop';

    beforeEach(async () => {
      await cloud.raw('DeleteService', { cluster: 'app-prod', service: 'shop', force: true });
      await cloud.control('clock', { advance: '5m' });
      await cloud.raw('CreateExpressGatewayService', {
        cluster: 'app-prod',
        serviceName: 'shop',
        infrastructureRoleArn: 'arn:aws:iam::123456789012:role/infrastructure',
        executionRoleArn: 'arn:aws:iam::123456789012:role/app-execution',
        taskRoleArn: 'arn:aws:iam::123456789012:role/app-task',
        primaryContainer: {
          image: '123456789012.dkr.ecr.us-east-1.amazonaws.com/shop-app:1.0.0',
          containerPort: 8080,
        },
        scalingTarget: { minTaskCount: 2, maxTaskCount: 4 },
      });
      await cloud.control('clock', { advance: '20m' });
      await cloud.quiet();
    }, 60_000);
    const push = (tag: string) => cloud.push(tag, { repository: 'shop-app' });
    const runs = async () => {
      const { service } = (await cloud.raw('DescribeExpressGatewayService', { serviceArn })) as {
        service: { activeConfigurations: { taskDefinitionArn: string }[] };
      };
      const [{ taskDefinitionArn = '' } = {}] = service.activeConfigurations;
      const { taskDefinition } = (await cloud.raw('DescribeTaskDefinition', {
        taskDefinition: taskDefinitionArn,
      })) as { taskDefinition: { containerDefinitions: { image: string }[] } };
      return taskDefinition.containerDefinitions[0]?.image;
    };

    it('go live as CANARY', async () => {
      const digest = await push('1.1.0');
      expect(await cloud.settled('1.1.0', 'shop')).toMatchObject({ state: 'live', reason: '1.1.0 is live' });
      expect(await runs()).toContain(digest);
      expect(await said()).toMatch(/5% of the traffic/);
    }, 120_000);

    it('roll back when the image crashes', async () => {
      await cloud.behave({ image: 'shop-app:1.1.0', for: 'service', exit: { after: '3s', code: 1 } });
      const digest = await push('1.1.0');
      expect(await cloud.settled('1.1.0', 'shop')).toMatchObject({ state: 'failed' });
      expect(await runs()).not.toContain(digest);
    }, 120_000);

    it.each<[string, string]>([
      ['works', DISPUTED.deployments[0]],
      ...DISPUTED.deployments.map((listed): [string, string] => ['unsupported', listed]),
    ])(
      'are canceled where a stop %s, and DescribeServices has deployments: %s',
      async (stopOfExpress, deployments) => {
        await cloud.control('disputed', { stopOfExpress, deployments });
        await cloud.control('clock', { speed: 1 });
        const digest = await push('1.1.0');
        await untilStatus(cloud, /of the traffic/, 60, 'shop');
        await cloud.operate({ command: 'cancel', app: 'shop', who });
        await cloud.control('clock', { speed: 'max' });
        expect(await cloud.settled('1.1.0', 'shop')).toMatchObject({ state: 'rolledBack' });
        expect(await runs()).not.toContain(digest);
      },
      120_000,
    );
  });
});
