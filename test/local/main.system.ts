import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');

/** `npm run local -- …` as npm runs it. */
function local(...args: string[]) {
  const child = spawn(process.execPath, ['cli/run.mjs', 'local/main.ts', ...args], { cwd: ROOT });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += String(chunk);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += String(chunk);
  });
  const ended = once(child, 'exit').then(([code]) => ({ code, out, err }));
  return { child, ended, out: () => out };
}

async function ready({ child, out, ended }: ReturnType<typeof local>): Promise<string> {
  while (!out().includes('\n')) {
    const over = await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 50))]);
    if (over) throw new Error(JSON.stringify(over));
    if (child.exitCode !== null) break;
  }
  return out()
    .replace(/^ready /, '')
    .trim();
}

async function control<T>(url: string, path: string, body?: object): Promise<T> {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(`${url}/_local/${path}`, init);
  return JSON.parse(await response.text());
}

async function ecs(url: string, operation: string, input: object): Promise<Record<string, unknown>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AmazonEC2ContainerServiceV20141113.${operation}`,
    },
    body: JSON.stringify(input),
  });
  return JSON.parse(await response.text());
}

describe('npm run local', () => {
  let directory = '';
  const children: ChildProcess[] = [];
  const start = (...args: string[]) => {
    const started = local(...args);
    children.push(started.child);
    return started;
  };

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'fairway-data-'));
  });
  afterAll(async () => {
    for (const child of children) if (child.exitCode === null) child.kill('SIGKILL');
    await rm(directory, { recursive: true, force: true });
  });

  it('saves its state in a directory during a rollout, and exits cleanly', async () => {
    const first = start('--port', '0', '--speed', '1', '--data', directory);
    const url = await ready(first);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const taken = await start('--port', new URL(url).port).ended;
    expect([taken.code, taken.err]).toEqual([1, expect.stringMatching(/port is taken.*--port/)]);

    const { digest } = await control<{ digest: string }>(url, 'push', { repository: 'web-app', tag: 'kept' });
    const update = {
      cluster: 'app-prod',
      service: 'web-app',
      taskDefinition: 'web-app',
      forceNewDeployment: true,
    };
    await ecs(url, 'UpdateService', update);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    const before = await control<{ now: string }>(url, 'clock');
    first.child.kill('SIGTERM');
    expect((await first.ended).code).toBe(0);

    const second = start('--port', '0', '--speed', 'max', '--data', directory);
    const again = await ready(second);
    const { now } = await control<{ now: string }>(again, 'clock');
    expect(Date.parse(now)).toBeGreaterThanOrEqual(Date.parse(before.now));
    await control(again, 'clock', { advance: '10m' });
    const { services } = await ecs(again, 'DescribeServices', { cluster: 'app-prod', services: ['web-app'] });
    expect(services).toEqual([
      expect.objectContaining({
        runningCount: 3,
        deployments: [expect.objectContaining({ status: 'PRIMARY', rolloutState: 'COMPLETED' })],
      }),
    ]);
    const pushed = await control<{ digest: string }>(again, 'push', { repository: 'web-app', tag: 'new' });
    expect(pushed.digest).not.toBe(digest);
    second.child.kill('SIGINT');
    expect(await second.ended).toMatchObject({ code: 0 });
  }, 120_000);

  it('ends with npm, which passes the signal to a shell', async () => {
    const npm = spawn('npm', ['run', 'local', '--', '--port', '0', '--empty'], { cwd: ROOT });
    children.push(npm);
    let out = '';
    for await (const chunk of npm.stdout) {
      out += String(chunk);
      if (/^ready \S+$/m.test(out)) break;
    }
    const [, url = ''] = /^ready (\S+)$/m.exec(out) ?? [];
    await control(url, 'clock');
    npm.kill('SIGTERM');
    const answers = () =>
      control(url, 'clock').then(
        () => true,
        () => false,
      );
    for (let tries = 0; tries < 40 && (await answers()); tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 250));
    expect(await answers()).toBe(false);
  }, 120_000);

  it('shows which file to delete if the saved state cannot be read', async () => {
    await writeFile(join(directory, 'cloud.bin'), 'something else');
    const { code, err } = await start('--port', '0', '--data', directory).ended;
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/cloud\.bin.*delete the file to start with an empty state/),
    ]);
  }, 60_000);

  it.each([
    [['--prot', '1'], /--prot.*expected npm run local/],
    [['--config', 'nowhere.yml'], /nowhere\.yml/],
  ])(
    'refuses %j with one clear error',
    async (args, message) => {
      const { code, out, err } = await start(...args).ended;
      expect([code, out]).toEqual([1, '']);
      expect(err).toMatch(message);
      expect(err).not.toMatch(/\n\s+at /);
    },
    60_000,
  );
});
