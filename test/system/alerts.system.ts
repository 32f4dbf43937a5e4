import { isObject } from '../../local/stack/json.ts';
import { startTestCloud, type TestCloud } from './cloud.ts';

/** Services that fail on their own, with what ships, on the local cloud. */
describe('alerts of the example', () => {
  let cloud: TestCloud;

  beforeAll(async () => {
    cloud = await startTestCloud();
  }, 120_000);
  afterAll(() => cloud?.stop());
  beforeEach(async () => {
    await cloud.reset();
    // A loop never ends on its own: the clock advances only when the test advances it.
    await cloud.control('clock', { speed: 1 });
    await cloud.control('clock', { advance: '6m' });
  }, 60_000);

  const behave = (rule: object) => cloud.behave({ family: 'web-app', for: 'service', ...rule });
  const update = (change: object) =>
    cloud.raw('UpdateService', { cluster: 'app-prod', service: 'web-app', ...change });

  /** How many tasks of the service have stopped, as ECS says. */
  async function stopped(): Promise<number> {
    let count = 0;
    let nextToken: unknown;
    do {
      const more = nextToken === undefined ? {} : { nextToken };
      const page = await cloud.raw('ListTasks', {
        cluster: 'app-prod',
        serviceName: 'web-app',
        desiredStatus: 'STOPPED',
        ...more,
      });
      count += Array.isArray(page.taskArns) ? page.taskArns.length : 0;
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return count;
  }

  async function told() {
    const messages = await cloud.messages();
    const slack = messages.filter(({ kind, payload }) => kind === 'slack' && isAlert(payload));
    return {
      posts: slack.filter(({ update }) => !update),
      updates: slack.filter(({ update }) => update),
      mails: messages.filter(({ kind, payload }) => kind === 'sns' && isAlert(payload)),
    };
  }
  function isAlert(payload: unknown): boolean {
    return /web in production: /.test(JSON.stringify(payload));
  }
  function textOf(message: { readonly payload: unknown } | undefined): string {
    const payload = message?.payload;
    return isObject(payload) ? String(payload.text ?? payload.Subject) : '';
  }
  /** Lets time pass until the newest message in Slack matches; answers all messages until then. */
  async function until(pattern: RegExp, minutes = 40) {
    for (let minute = 0; minute < minutes; minute += 1) {
      const all = await told();
      const newest = [...all.posts, ...all.updates].toSorted((a, b) => a.at.localeCompare(b.at)).at(-1);
      if (pattern.test(textOf(newest))) return all;
      await cloud.control('clock', { advance: '1m' });
    }
    throw new Error(`no message matched ${pattern}: ${JSON.stringify(await told())}`);
  }

  it('announces a loop of 500 stopped tasks in one message, updated once a minute, and its end', async () => {
    const before = (await cloud.calls()).length;
    await cloud.control('faults', { event: 'ECS Task State Change', do: 'duplicate', times: 200 });
    await behave({ exit: { after: '5s', code: 1 }, logs: ['starting', 'Error: PAYMENT_URL is not set'] });
    await update({ desiredCount: 33 });
    await until(/web-app keeps stopping: (?:[5-9]\d\d|\d{4}) tasks in \d+ min/);
    const [alert] = (await cloud.status()).alerts ?? [];
    expect(alert).toMatchObject({ service: 'web-app', kind: 'crashLoop' });
    const calls = (await cloud.calls(before)).filter(
      ({ caller, status }) => caller !== 'external' && status < 400,
    );
    const count = (operation: string) => calls.filter((call) => call.operation === operation).length;
    // One look a minute, or a hundred tasks; one at the service when it begins, and every five minutes; and each task's event is noted in one write, one that comes again in none.
    expect(count('DescribeTasks')).toBeLessThan(25);
    expect(count('DescribeServices')).toBeLessThan(5);
    // For the first tasks, not for each of 500.
    expect(count('GetLogEvents')).toBeLessThanOrEqual(2);
    expect(count('PutItem')).toBeLessThan((alert?.count ?? 0) * 1.2 + 100);

    await behave({ exit: 'never' });
    const { posts, updates, mails } = await until(/web-app has recovered after \d+ min( \d+ s)?: \d+ tasks/);
    expect(posts).toHaveLength(1);
    expect(textOf(posts[0])).toContain('its log says "Error: PAYMENT_URL is not set"');
    expect(JSON.stringify(mails[0])).toContain('PAYMENT_URL is not set');
    expect(textOf(updates.at(-1))).toContain(`: ${await stopped()} tasks had stopped`);
    const times = [...posts, ...updates].slice(0, -1).map(({ at }) => Date.parse(at));
    for (const [index, time] of times.slice(1).entries())
      expect(time - (times[index] ?? 0)).toBeGreaterThanOrEqual(60_000);
    expect(updates.length).toBeGreaterThanOrEqual(3);
    expect(mails.map(textOf)).toEqual([
      expect.stringMatching(/web-app keeps stopping/),
      expect.stringMatching(/web-app has recovered after/),
    ]);
    expect((await cloud.status()).alerts).toBeUndefined();
  }, 240_000);

  it.each([
    [
      'one task that ran out of memory',
      { exit: { after: '5s', code: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' } },
      /web-app runs out of memory: \d tasks? killed/,
      /exceeded its memory limit/,
    ],
    [
      'tasks that cannot be placed',
      { unplaced: 'RESOURCE:FARGATE' },
      /tasks of web-app cannot be placed/,
      /Capacity is unavailable/,
    ],
    [
      'tasks that fail to start',
      { pull: 'notFound' },
      /tasks of web-app repeatedly fail to start/,
      /does not exist/,
    ],
  ])(
    'announces %s, and the recovery',
    async (_, rule, what, why) => {
      await behave(rule);
      await update({ desiredCount: 4 });
      await until(what);
      await behave({ exit: 'never' });
      const { posts, mails } = await until(/web-app has recovered after/);
      expect(posts.map(textOf)).toEqual([expect.stringMatching(what)]);
      expect(JSON.stringify(posts)).toMatch(why);
      expect(mails.map(textOf)).toEqual([
        expect.stringMatching(what),
        expect.stringMatching(/web-app has recovered after/),
      ]);
    },
    120_000,
  );

  it('announces a loop so slow that the service looks healthy most of the time, and its end', async () => {
    await behave({ exit: { after: '7m', code: 1 } });
    await update({ desiredCount: 1 });
    await update({ forceNewDeployment: true });
    await until(/web-app keeps stopping: 6 tasks in \d+ min/, 90);
    await cloud.control('clock', { advance: '3h' });
    expect((await told()).posts).toHaveLength(1);
    await behave({ exit: 'never' });
    const { posts, mails } = await until(
      /web-app has recovered after [34] h( \d+ min)?: \d\d tasks had stopped/,
      90,
    );
    expect(posts).toHaveLength(1);
    expect(mails).toHaveLength(2);
  }, 120_000);

  it('announces a failed deployment made outside Fairway', async () => {
    await behave({ exit: { after: '5s', code: 1 } });
    await update({ forceNewDeployment: true });
    const failed = /a deployment of web-app made outside Fairway failed/;
    const { posts, updates } = await until(failed);
    const told = [...posts, ...updates].filter((message) => failed.test(textOf(message)));
    expect(JSON.stringify(told)).toMatch(/exited with code 1/);
    await behave({ exit: 'never' });
    const all = await until(/web-app has recovered after .*: a deployment had failed, \d+ tasks had stopped/);
    // Its tasks stopped, too: one trouble, one message.
    expect(all.posts).toHaveLength(1);
    expect(all.mails.map(textOf)).toEqual([
      expect.stringMatching(failed),
      expect.stringMatching(/web-app has recovered/),
    ]);
  }, 120_000);

  it('leaves the failing tasks of a release to the release', async () => {
    await behave({ image: 'web-app:1.1.0', exit: { after: '5s', code: 1 } });
    await cloud.control('clock', { speed: 'max' });
    await cloud.push('1.1.0');
    expect(await cloud.settled('1.1.0')).toMatchObject({ state: 'failed' });
    await cloud.control('clock', { advance: '30m' });
    expect(await told()).toEqual({ posts: [], updates: [], mails: [] });
  }, 120_000);

  it('is closed by a release that goes live', async () => {
    await behave({ exit: { after: '5s', code: 1 } });
    await update({ desiredCount: 6 });
    await until(/keeps stopping/);
    await behave({ image: 'web-app:1.1.0', exit: 'never' });
    await cloud.push('1.1.0');
    const { updates } = await until(/web-app has recovered/);
    expect(JSON.stringify(updates.at(-1))).toContain('v1 is live');
    expect((await cloud.status()).live).toMatchObject({ tag: '1.1.0' });
  }, 120_000);
});
