import { randomUUID } from 'node:crypto';
import { run as fairway } from '../../cli/fairway.ts';
import type { FollowedRun, RunSummary } from '../../shared/domain/summaries.ts';
import { recorded } from '../cli/fake-cloud.ts';
import { startTestCloud, type TestCloud } from './cloud.ts';

/** The day before clocks go forward in Berlin: 03:00 is 02:00 UTC then, and 01:00 UTC from the next day on. */
const BEFORE_SUMMER = Date.parse('2027-03-27T01:50:30Z');
/** The evening before clocks are set back there: 02:30 is 00:30 UTC then, and occurs again at 01:30 UTC. */
const BEFORE_WINTER = Date.parse('2027-10-30T22:50:30Z');

const FAIRWAY = `
environment: production
channels:
  deploys: { slack: { channel: C0123456789, token: { ssm: /fairway/slack-token } } }
  mail: { sns: {} }
defaults: { cluster: app-prod, channels: [deploys], taskRole: app-task, executionRole: app-execution }
apps:
  web:
    image: { repository: web-app, tags: { semver: ">=1.0.0" } }
    services: [{ name: web-app, containers: [web-app], logGroup: /ecs/web-app }]
    tasks:
      - name: nightly-report
        like: web-app
        container: web-app
        command: [npm, run, report]
        environment: { REPORT: nightly }
        memory: 2048
        cpu: 1024
        schedule: { expression: cron(0 3 * * ? *), timeZone: Europe/Berlin }
        notify: { success: [mail] }
      - { name: hourly, like: web-app, container: web-app, command: [work], schedule: { expression: cron(30 * * * ? *), timeZone: Europe/Berlin } }
      - { name: patient, like: web-app, container: web-app, command: [work], overlap: queue }
      - { name: eager, like: web-app, container: web-app, command: [work], overlap: replace }
      - { name: flaky, like: web-app, container: web-app, command: [work], retries: { times: 2, backoff: 10s, exitCodes: [75] } }
      - name: cheap
        like: web-app
        container: web-app
        command: [work]
        capacity: { providers: [{ provider: FARGATE_SPOT, weight: 1 }] }
        retries: { times: 0 }
      - { name: old, taskDefinition: web-app, container: web-app, command: [work], image: pinned 1.0.0 }
      - { name: slow, like: web-app, container: web-app, command: [work], timeout: 10m }
      - { name: old-like, like: web-app, container: web-app, command: [work], image: pinned 1.0.0 }
      - { name: own, container: own, command: [work], taskRole: own-task, executionRole: own-execution }
      - { name: thrice, like: web-app, container: web-app, command: [work], count: 3 }
`;

const AUTUMN = `
environment: production
channels: { mail: { sns: {} } }
defaults: { cluster: app-prod, channels: [mail], taskRole: app-task, executionRole: app-execution }
apps:
  web:
    image: { repository: web-app, tags: { semver: ">=1.0.0" } }
    services: [{ name: web-app, containers: [web-app] }]
    tasks:
      - { name: twice, like: web-app, container: web-app, command: [work], schedule: { expression: cron(30 2 * * ? *), timeZone: Europe/Berlin } }
      - { name: hourly, like: web-app, container: web-app, command: [work], schedule: { expression: cron(15 * * * ? *), timeZone: Europe/Berlin } }
      - { name: at-once, like: web-app, container: web-app, command: [work], schedule: rate(1 day) }
      - { name: often, like: web-app, container: web-app, command: [work], schedule: { expression: rate(2 hours), start: "2027-10-30T23:20:00Z", end: "2027-10-31T02:00:00Z", jitter: 10m } }
  fresh:
    image: { repository: fresh, tags: { semver: "*" } }
    services: [{ name: fresh, containers: [fresh] }]
    tasks:
      - { name: early, like: fresh, container: fresh, command: [work], schedule: cron(0 * * * ? *) }
`;

describe('a task in the night when clocks are set back', () => {
  let cloud: TestCloud;

  beforeAll(async () => {
    cloud = await startTestCloud(AUTUMN, BEFORE_WINTER);
  }, 120_000);
  afterAll(() => cloud?.stop());

  it('runs once at a time that comes twice, and nothing is missed', async () => {
    await cloud.control('clock', { advance: '6m' });
    await cloud.control('clock', { advance: '4h' });
    await cloud.quiet();
    const times = async (task: string) => {
      const answer = await cloud.operate({ command: 'runs', app: 'web', task });
      const runs = answer.ok && answer.runs ? answer.runs : [];
      return runs.map(({ askedAt, state }) => `${new Date(askedAt).toISOString().slice(11, 16)} ${state}`);
    };
    expect(await times('twice')).toEqual(['00:30 succeeded']);
    expect((await times('hourly')).toReversed()).toEqual([
      '23:15 succeeded',
      '00:15 succeeded',
      '02:15 succeeded',
    ]);
    expect(await times('at-once')).toEqual([expect.stringMatching(/^22:5\d succeeded$/)]);
    const often = await times('often');
    expect(often).toHaveLength(2);
    expect(often[1]).toMatch(/^23:(2\d|30) succeeded$/);
    expect(often[0]).toMatch(/^01:(2\d|30) succeeded$/);
    expect(await cloud.messages()).toEqual([]);
  }, 240_000);

  it('says that nothing is live, and is announced when its schedule calls', async () => {
    await cloud.reset();
    await cloud.raw('DeleteService', { cluster: 'app-prod', service: 'fresh', force: true });
    await cloud.control('clock', { advance: '6m' });
    const id = randomUUID();
    const asked = await cloud.operate({ command: 'run', app: 'fresh', task: 'early', id, who: 'op' });
    const sentence = 'nothing of fresh is live yet, so there is no image to run early on: release one first';
    expect(asked).toMatchObject({
      ok: false,
      error: 'refused',
      message: expect.stringContaining(sentence),
    });
    await cloud.control('clock', { advance: '10m' });
    await cloud.quiet();
    const answer = await cloud.operate({ command: 'runs', app: 'fresh' });
    expect(answer).toMatchObject({ ok: true, runs: [{ state: 'neverStarted', reason: sentence }] });
    const [message, ...others] = await cloud.messages();
    expect(JSON.stringify(message)).toContain('othing of fresh is live yet');
    expect(others).toEqual([]);
  }, 60_000);
});

describe('a task', () => {
  let cloud: TestCloud;

  beforeAll(async () => {
    cloud = await startTestCloud(FAIRWAY, BEFORE_SUMMER);
  }, 120_000);
  afterAll(() => cloud?.stop());

  const advance = (span: string) => cloud.control('clock', { advance: span });
  const now = async () => Date.parse((await cloud.control<{ now: string }>('clock')).now);
  async function runs(task?: string): Promise<readonly RunSummary[]> {
    const answer = await cloud.operate({ command: 'runs', app: 'web', ...(task && { task }) });
    if (!answer.ok || !answer.runs) throw new Error(JSON.stringify(answer));
    return answer.runs;
  }
  async function start(task: string, words?: string[]): Promise<string> {
    const id = randomUUID();
    const answer = await cloud.operate({
      command: 'run',
      app: 'web',
      task,
      id,
      who: 'op',
      ...(words && { words }),
    });
    if (!answer.ok) throw new Error(JSON.stringify(answer));
    return id;
  }
  async function ended(id: string): Promise<RunSummary> {
    for (let minutes = 0; minutes < 40; minutes += 1) {
      await cloud.quiet();
      const run = (await runs()).find((other) => other.id === id);
      if (run?.ended) return run;
      await advance('1m');
    }
    throw new Error(`the run has not ended: ${JSON.stringify(await runs())}`);
  }
  const registrations = async () =>
    (await cloud.calls()).filter(({ operation }) => operation === 'RegisterTaskDefinition').length;
  const told = async (kind: string) =>
    (await cloud.messages())
      .filter((message) => message.kind === kind)
      .map((message) => JSON.stringify(message.payload));

  describe('on a schedule', () => {
    it('runs at its time in its time zone, through the change of the clocks', async () => {
      await advance('6m');
      await advance('24h');
      await cloud.quiet();
      const calls = (await runs('nightly-report')).map(({ askedAt }) =>
        new Date(askedAt).toISOString().slice(0, 16),
      );
      expect(calls.toReversed()).toEqual(['2027-03-27T02:00', '2027-03-28T01:00']);
      for (const run of await runs('nightly-report'))
        expect(run).toMatchObject({
          state: 'succeeded',
          exitCode: 0,
          by: 'schedule',
          tag: '1.0.0',
          attempts: 1,
        });
      expect(await told('slack')).toEqual([]);
      expect(await told('sns')).toHaveLength(2);
    }, 240_000);
  });

  describe('after a reset', () => {
    beforeEach(async () => {
      await cloud.fresh();
    }, 60_000);

    /** Two minutes before the next call of the hourly task. */
    const untilCalled = async () => {
      const intoHour = (await now()) % 3_600_000;
      const wait = (1_800_000 - 120_000 - intoHour + 3_600_000) % 3_600_000;
      await advance(`${Math.round(wait / 1000)}s`);
    };

    it('whose call is delivered twice runs once', async () => {
      await untilCalled();
      await cloud.fault({ event: 'Schedule', do: 'duplicate', times: 1 });
      await advance('10m');
      await cloud.quiet();
      expect(await runs('hourly')).toHaveLength(1);
      const calls = await cloud.calls();
      expect(calls.filter(({ operation }) => operation === 'RunTask')).toHaveLength(1);
    }, 240_000);

    it('whose function fails is parked, and runs when it is redriven', async () => {
      await untilCalled();
      await cloud.fault({
        operation: 'GetItem',
        caller: 'fairway-production-run-task',
        times: 20,
        status: 500,
      });
      await advance('4m');
      await cloud.quiet();
      expect(await runs('hourly')).toEqual([]);
      await advance('20m');
      expect(await runs('hourly')).toMatchObject([{ state: 'missed' }]);
      const answer = await cloud.operate({ command: 'redrive', who: 'op' });
      expect(answer).toMatchObject({
        ok: true,
        sentence: expect.stringContaining('1 parked event retried'),
      });
      // The run was reported as missed: someone may have started it by hand.
      expect(await runs('hourly')).toMatchObject([{ state: 'missed' }]);
    }, 240_000);

    it('leaves the function that is called with every right it needs, and none that nothing needs', () => {
      const { recorder, functions } = cloud.cloud;
      const role = functions.find(({ name }) => name.endsWith('run-task'));
      const others = functions.find(({ name }) => name.endsWith('image-pushed'));
      const allowed = (policies: (typeof functions)[number]['policies'] = []) =>
        policies.flatMap(({ statements }) => statements.flatMap(({ actions }) => actions.values)).toSorted();
      expect(allowed(role?.policies)).toEqual(allowed(others?.policies));
      const uses = recorder.uses().filter(({ owner }) => owner === role?.roleName);
      expect(uses.map(({ action }) => action)).toEqual(
        expect.arrayContaining(['ecs:RunTask', 'iam:PassRole', 'sqs:SendMessage', 'dynamodb:PutItem']),
      );
    });

    it('whose call never arrives is reported as missed, once', async () => {
      await untilCalled();
      await cloud.fault({ event: 'Schedule', do: 'drop', times: 1 });
      await advance('30m');
      await cloud.quiet();
      expect(await runs('hourly')).toMatchObject([{ state: 'missed' }]);
      const [message, ...others] = await told('slack');
      expect(others).toEqual([]);
      expect(message).toContain('hourly of web missed its schedule in production');
      expect(message).toContain(':30 Europe/Berlin');
    }, 240_000);

    it('runs on the digest that is live, with what its configuration says, and leaves its own record', async () => {
      const digest = await cloud.push('1.1.0');
      await cloud.settled('1.1.0');
      const id = await start('nightly-report');
      const run = await ended(id);
      expect(run).toMatchObject({
        state: 'succeeded',
        digest,
        tag: '1.1.0',
        by: 'op',
        logs: ['/ecs/web-app'],
      });
      const { tasks } = Object(
        await cloud.raw('DescribeTasks', { cluster: 'app-prod', tasks: run.taskArns }),
      );
      expect(tasks[0].containers[0].image).toContain(digest);
      expect(tasks[0].overrides).toMatchObject({
        cpu: '1024',
        memory: '2048',
        containerOverrides: [
          { command: ['npm', 'run', 'report'], environment: [{ name: 'REPORT', value: 'nightly' }] },
        ],
      });
      expect(tasks[0].taskDefinitionArn).toBe((await cloud.service()).taskDefinition);
    }, 60_000);

    it('stays on the tag that it is pinned to', async () => {
      await cloud.push('1.1.0');
      await cloud.settled('1.1.0');
      const run = await ended(await start('old'));
      expect(run).toMatchObject({ state: 'succeeded', tag: '1.0.0' });
      expect((await cloud.service()).image).not.toContain(run.digest);
    }, 60_000);

    it('stays there beside its service, with one revision for all its runs', async () => {
      await cloud.push('1.1.0');
      await cloud.settled('1.1.0');
      const before = await registrations();
      const [one, other] = [await ended(await start('old-like')), await ended(await start('old-like'))];
      expect(one).toMatchObject({ state: 'succeeded', tag: '1.0.0' });
      expect(other.revision).toBe(one.revision);
      expect((await registrations()) - before).toBe(1);
    }, 60_000);

    it('runs what the service still runs while a release is in progress', async () => {
      await cloud.push('1.1.0');
      await cloud.settled('1.1.0');
      const revision = (await cloud.service()).taskDefinition?.replace(/^.*\//, '');
      await cloud.behave({ image: 'web-app:1.2.0', health: 'healthyAfter 5m' });
      await cloud.push('1.2.0');
      for (let tries = 0; (await cloud.service()).taskDefinition?.endsWith(`/${revision}`); tries += 1) {
        if (tries > 100) throw new Error('the release has not begun');
        await advance('1s');
      }
      const before = await registrations();
      const id = await start('slow');
      await advance('1m');
      expect((await runs('slow')).find((run) => run.id === id)).toMatchObject({ tag: '1.1.0', revision });
      expect((await cloud.status()).open).toMatchObject({ tag: '1.2.0' });
      expect(await registrations()).toBe(before);
    }, 60_000);

    it('that waits takes what is live when its turn comes', async () => {
      await cloud.behave({ for: 'task', exit: { after: '15m', code: 0 } });
      const [first, second] = [await start('patient'), await start('patient')];
      await cloud.push('1.1.0');
      await cloud.settled('1.1.0');
      expect(await ended(first)).toMatchObject({ state: 'succeeded', tag: '1.0.0' });
      expect(await ended(second)).toMatchObject({ state: 'succeeded', tag: '1.1.0' });
    }, 60_000);

    it('has a separate task definition, and starts `count` tasks', async () => {
      expect(await ended(await start('own'))).toMatchObject({ tag: '1.0.0' });
      const run = await ended(await start('thrice'));
      expect(run).toMatchObject({ state: 'succeeded' });
      expect(run.taskArns).toHaveLength(3);
    }, 60_000);

    it('is never started once it was stopped while it waits for another attempt', async () => {
      await cloud.behave({ for: 'task', exit: { after: '2s', code: 75 } });
      const id = await start('flaky');
      for (let tries = 0; tries < 60; tries += 1) {
        const [run] = await runs('flaky');
        if (run?.state === 'starting' && run.startedAt !== undefined) break;
        await advance('1s');
      }
      await cloud.operate({ command: 'stop', app: 'web', run: id, who: 'op' });
      expect(await ended(id)).toMatchObject({ state: 'stopped', reason: 'op stopped it', attempts: 1 });
      await advance('5m');
      const asked = { cluster: 'app-prod', desiredStatus: 'STOPPED', startedBy: `fairway/${id}` };
      expect((await cloud.raw('ListTasks', asked)).taskArns).toHaveLength(1);
    }, 60_000);

    it('runs the command that a person gives, and its lines and exit code can be followed', async () => {
      await cloud.behave({ for: 'task', logs: ['one', 'two'], exit: { after: '20s', code: 3 } });
      const id = await start('nightly-report', ['echo', 'hello']);
      await ended(id);
      // Until its last lines would have come.
      await advance('10s');
      const lines: string[] = [];
      let cursor: string | undefined;
      let followed: FollowedRun | undefined;
      for (let looks = 0; looks < 5 && !followed?.complete; looks += 1) {
        const answer = await cloud.operate({
          command: 'follow',
          app: 'web',
          run: id,
          ...(cursor && { cursor }),
        });
        if (!answer.ok || !answer.followed) throw new Error(JSON.stringify(answer));
        followed = answer.followed;
        cursor = followed.cursor;
        lines.push(...followed.lines.map(({ text }) => text));
      }
      expect(lines).toEqual(['one', 'two']);
      expect(followed).toMatchObject({ complete: true, run: { state: 'failed', exitCode: 3 } });
      const [message] = await told('slack');
      expect(message).toContain('nightly-report of web failed in production: exit code 3');
      expect(message).toContain('one\\\\ntwo'.replaceAll('\\\\n', '\\n'));
    }, 60_000);

    it('is run and followed by `fairway run`, which ends with its exit code', async () => {
      await cloud.behave({
        for: 'task',
        logs: ['one', 'password=hunter2-of-web'],
        exit: { after: '20s', code: 3 },
      });
      const { around, written } = recorded();
      const line = ['run', 'web', 'nightly-report', '--local', cloud.url, '--stage', 'production'];
      expect(await fairway(line, around)).toBe(3);
      expect(written.out).toBe('one\npassword=[redacted]\n');
      expect(written.err).toMatch(/nightly-report begins as [0-9a-f-]{36}\n/);
      expect(written.err).toMatch(/nightly-report failed after \d+ s: Container web-app exited with code 3/);

      await cloud.behave({ for: 'task', exit: { after: '2s', code: 0 } });
      expect(await fairway([...line, '--', 'true'], recorded().around)).toBe(0);
      expect(
        await fairway(['run', 'web', 'nightly', '--local', cloud.url, '--stage', 'production'], around),
      ).toBe(1);
      expect(written.err).toContain('there is no task "nightly" in web');
    }, 60_000);

    it('that overlaps is refused, waits, or takes the place of the other, as configured', async () => {
      await cloud.behave({ for: 'task', exit: { after: '2m', code: 0 } });
      await start('nightly-report');
      const second = cloud.operate({
        command: 'run',
        app: 'web',
        task: 'nightly-report',
        id: randomUUID(),
        who: 'op',
      });
      expect(await second).toMatchObject({ ok: false, error: 'refused' });

      const [first, waiting] = [await start('patient'), await start('patient')];
      const [ended1, ended2] = [await ended(first), await ended(waiting)];
      expect([ended1.state, ended2.state]).toEqual(['succeeded', 'succeeded']);
      expect(ended2.startedAt).toBeGreaterThanOrEqual(ended1.endedAt ?? Number.POSITIVE_INFINITY);

      const old = await start('eager');
      const replacement = await start('eager');
      expect(await ended(old)).toMatchObject({ state: 'replaced' });
      expect(await ended(replacement)).toMatchObject({ state: 'succeeded' });
    }, 120_000);

    it('is tried again for the exit codes that are named', async () => {
      await cloud.behave({ for: 'task', exit: { after: '2s', code: 75 } });
      expect(await ended(await start('flaky'))).toMatchObject({ state: 'failed', exitCode: 75, attempts: 3 });
      expect(await ended(await start('patient'))).toMatchObject({
        state: 'failed',
        exitCode: 75,
        attempts: 1,
      });
    }, 60_000);

    it('starts again on demand when Spot takes it away', async () => {
      await cloud.behave({ for: 'task', interruptAfter: '30s', exit: { after: '90s', code: 0 } });
      const run = await ended(await start('cheap'));
      expect(run).toMatchObject({ attempts: 2 });
      const { tasks } = Object(
        await cloud.raw('DescribeTasks', { cluster: 'app-prod', tasks: run.taskArns }),
      );
      expect(tasks[0].capacityProviderName).toBe('FARGATE');
    }, 60_000);

    it('that takes too long is stopped, and one that a person stops, too', async () => {
      await cloud.behave({ for: 'task', exit: 'never' });
      const timedOut = await ended(await start('slow'));
      expect(timedOut).toMatchObject({ state: 'timedOut' });
      const id = await start('patient');
      await cloud.quiet();
      await cloud.operate({ command: 'stop', app: 'web', run: id.slice(0, 8), who: 'op' });
      expect(await ended(id)).toMatchObject({ state: 'stopped', reason: 'op stopped it' });
    }, 60_000);

    it('ends as never started when its image cannot be pulled, with the cause', async () => {
      await cloud.behave({ for: 'task', pull: 'notFound' });
      const run = await ended(await start('slow'));
      expect(run).toMatchObject({ state: 'neverStarted' });
      expect(run.exitCode).toBeUndefined();
    }, 60_000);

    it('runs once, wherever its function ends', async () => {
      for (const crash of ['before', 'after']) {
        await cloud.fault({ operation: 'RunTask', caller: 'fairway-production-operate', times: 1, crash });
        const id = randomUUID();
        await cloud
          .operate({ command: 'run', app: 'web', task: 'slow', id, who: 'op' })
          .catch(() => undefined);
        expect(await ended(id)).toMatchObject({ state: 'succeeded' });
        const asked = { cluster: 'app-prod', desiredStatus: 'STOPPED', startedBy: `fairway/${id}` };
        expect((await cloud.raw('ListTasks', asked)).taskArns).toHaveLength(1);
      }
    }, 120_000);
  });
});
