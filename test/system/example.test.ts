import { randomUUID } from 'node:crypto';
import { startTestCloud, type TestCloud } from './cloud.ts';

/** What ships, on the local cloud, driven over HTTP. All that is tried beyond this is in `*.system.ts`. */
describe('the packaged example', () => {
  let cloud: TestCloud;

  beforeAll(async () => {
    cloud = await startTestCloud();
    // Fairway sees the app for the first time.
    await cloud.adopted();
  }, 120_000);
  afterAll(() => cloud?.stop());

  it('goes live within the call budget, with one migration', async () => {
    const before = (await cloud.calls()).length;
    const digest = await cloud.push('1.1.0');
    expect(await cloud.settled('1.1.0')).toMatchObject({ tag: '1.1.0', state: 'live' });
    expect((await cloud.service()).image).toContain(digest);
    // `status`, which the test asks, looks at ECS as well.
    const calls = (await cloud.calls(before)).filter(
      ({ caller }) => caller !== 'external' && !caller.endsWith('-operate'),
    );
    const of = (service: string) =>
      calls.filter((call) => call.service === service).map((call) => call.operation);
    expect(of('ecs')).toEqual([
      'DescribeServices',
      'DescribeTaskDefinition',
      'DescribeTaskDefinition',
      'RegisterTaskDefinition',
      'RegisterTaskDefinition',
      'RunTask',
      'DescribeTasks',
      'UpdateService',
      'DescribeServices',
    ]);
    expect(of('ecr')).toEqual(['DescribeImages', 'BatchGetImage', 'GetDownloadUrlForLayer']);
    expect(calls.filter((call) => call.status >= 400)).toEqual([]);
  }, 60_000);

  it('rolls back an image that crashes, and says why', async () => {
    const before = await cloud.service();
    const image = 'web-app:1.2.0';
    const logs = ['FATAL: relation "users" does not exist'];
    await cloud.behave({ image, for: 'service', exit: { after: '3s', code: 1 }, logs });
    const earlier = (await cloud.calls()).length;
    await cloud.push('1.2.0');
    expect(await cloud.settled('1.2.0')).toMatchObject({
      tag: '1.2.0',
      state: 'failed',
      reason: expect.stringMatching(/code 1/),
    });
    const after = await cloud.service();
    expect(after.taskDefinition).toBe(before.taskDefinition);
    const primary = after.deployments?.find(({ status }) => status === 'PRIMARY');
    expect(primary?.rolloutState).toBe('COMPLETED');
    const messages = JSON.stringify(await cloud.messages());
    expect(messages).toMatch(/code 1/);
    expect(messages).toContain('does not exist');
    const operations = (await cloud.calls(earlier)).map(({ operation }) => operation);
    expect(operations.filter((operation) => operation === 'GetLogEvents')).toHaveLength(1);
  }, 60_000);

  it('runs its task on the digest that is live', async () => {
    const { image } = await cloud.service();
    const id = randomUUID();
    const request = { command: 'run', app: 'web', task: 'nightly-report', id, who: 'op' } as const;
    expect(await cloud.operate(request)).toMatchObject({ ok: true });
    await cloud.control('clock', { advance: '3m' });
    await cloud.quiet();
    const answer = await cloud.operate({ command: 'runs', app: 'web', task: 'nightly-report' });
    const [run] = answer.ok && answer.runs ? answer.runs : [];
    expect(run).toMatchObject({ id, state: 'succeeded', exitCode: 0 });
    const { tasks } = Object(
      await cloud.raw('DescribeTasks', { cluster: 'app-prod', tasks: run?.taskArns ?? [] }),
    );
    expect(tasks[0].containers[0].image).toBe(image);
  }, 60_000);
});
