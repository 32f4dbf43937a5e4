import {
  ListServiceDeploymentsCommand,
  StopServiceDeploymentCommand,
  UpdateServiceCommand,
  type UpdateServiceCommandInput,
} from '@aws-sdk/client-ecs';
import { startTestCloud, type TestCloud } from './cloud.ts';

const AT = { cluster: 'app-prod', service: 'web-app' };
const who = 'arn:aws:iam::123456789012:user/op';

/** What a person does in ECS while 1.2.0 rolls; 1.1.0 is live. */
describe('a person who changes the service in ECS while a release rolls', () => {
  let cloud: TestCloud;
  let before: Awaited<ReturnType<TestCloud['service']>>;

  beforeAll(async () => {
    cloud = await startTestCloud();
  }, 120_000);
  afterAll(() => cloud?.stop());
  beforeEach(async () => {
    await cloud.reset();
    await cloud.control('clock', { advance: '6m' });
    await cloud.push('1.1.0');
    await cloud.settled('1.1.0');
    before = await cloud.service();
    await cloud.behave({ image: 'web-app:1.2.0', for: 'service', startAfter: '3m' });
    await cloud.control('clock', { speed: 15 });
    await cloud.push('1.2.0');
    await cloud.until(async () => (await cloud.service()).taskDefinition !== before.taskDefinition);
  }, 60_000);

  const update = (input: Partial<UpdateServiceCommandInput>) =>
    cloud.ecs.send(new UpdateServiceCommand({ ...AT, ...input }));

  async function settled() {
    await cloud.control('clock', { speed: 'max' });
    return cloud.settled('1.2.0');
  }

  async function resumed() {
    expect((await cloud.operate({ command: 'resume', app: 'web', who })).ok).toBe(true);
    await cloud.quiet();
    await cloud.adopted();
    return cloud.status();
  }

  const messages = async () => JSON.stringify(await cloud.messages());

  it('by deploying the old revision supersedes it, which is said, and holds the app', async () => {
    await update({ taskDefinition: before.taskDefinition });
    const release = await settled();
    expect(release).toMatchObject({
      state: 'superseded',
      reason: expect.stringMatching(/^web-app:\d+ was deployed to web-app outside Fairway/),
    });
    expect(await messages()).not.toMatch(/marked the deployment/);
    expect((await cloud.status()).hold?.by).toBe('Fairway');
    expect((await resumed()).hold).toBeUndefined();
    expect((await cloud.service()).taskDefinition).toBe(before.taskDefinition);
  }, 60_000);

  it('by stopping its deployment supersedes it, which is said, and holds the app', async () => {
    const { serviceDeployments } = await cloud.ecs.send(new ListServiceDeploymentsCommand(AT));
    const serviceDeploymentArn = serviceDeployments?.[0]?.serviceDeploymentArn;
    await cloud.ecs.send(new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: 'ROLLBACK' }));
    const release = await settled();
    expect(release).toMatchObject({
      state: 'superseded',
      reason: expect.stringMatching(/was stopped in ECS by a person, and ECS rolls it back/),
    });
    expect(await messages()).not.toMatch(/marked the deployment/);
    expect((await cloud.status()).hold?.by).toBe('Fairway');
    expect((await cloud.service()).taskDefinition).toBe(before.taskDefinition);
    expect((await resumed()).hold).toBeUndefined();
  }, 60_000);

  it('by forcing a new deployment of its revision is followed: the release goes live', async () => {
    await update({ forceNewDeployment: true });
    expect(await settled()).toMatchObject({ state: 'live' });
    expect((await cloud.status()).hold).toBeUndefined();
    expect(await messages()).toMatch(/was forced outside Fairway/);
  }, 60_000);

  it('by deploying another image is asked to resume once: then that image is live', async () => {
    await cloud.push('1.1.0-hotfix');
    const { taskDefinition } = await cloud.raw('DescribeTaskDefinition', {
      taskDefinition: before.taskDefinition,
    });
    await update({ taskDefinition: await registered(taskDefinition) });
    await cloud.until(async () => (await cloud.status()).hold !== undefined);
    await cloud.operate({ command: 'resume', app: 'web', who });
    await cloud.control('clock', { speed: 'max' });
    for (let minutes = 0; minutes < 10; minutes += 1) {
      await cloud.quiet();
      await cloud.control('clock', { advance: '1m' });
    }
    const status = await cloud.status();
    expect(status.hold).toBeUndefined();
    expect(status.live?.tag).toBe('1.1.0-hotfix');
    expect((await cloud.service()).image).toMatch(/:1\.1\.0-hotfix$/);
  }, 60_000);

  /** The revision with the image of the hotfix, by its tag. */
  async function registered(taskDefinition: unknown): Promise<string> {
    const definition: { containerDefinitions?: { name: string; image: string }[] } = Object(taskDefinition);
    const { containerDefinitions = [] } = definition;
    const members = ['family', 'networkMode', 'requiresCompatibilities', 'cpu', 'memory'];
    const roles = ['taskRoleArn', 'executionRoleArn'];
    const kept = Object.entries(definition).filter(([name]) => [...members, ...roles].includes(name));
    const made = await cloud.raw('RegisterTaskDefinition', {
      ...Object.fromEntries(kept),
      containerDefinitions: containerDefinitions.map((container) =>
        container.name === 'web'
          ? { ...container, image: container.image.replace(/@.*$/, ':1.1.0-hotfix') }
          : container,
      ),
    });
    return Object(made.taskDefinition).taskDefinitionArn;
  }
});
