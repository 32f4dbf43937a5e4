import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitCode } from '../../cli/failure.ts';
import { run } from '../../cli/fairway.ts';
import { type Answered, fakeCloud, identity, type Received, recorded } from './fake-cloud.ts';

const root = `${import.meta.dirname}/../..`;
const status = {
  ok: true,
  sentence: '1 app.',
  apps: [
    {
      app: 'web-app',
      cluster: 'app-prod',
      live: {
        tag: '1.1.0',
        digest: 'sha256:4f9c2e1b7a3d5f60',
        release: 3,
        since: Date.parse('2026-01-01T13:00:00Z'),
      },
      services: ['web-app'],
    },
  ],
};

/** Runs one line against a cloud whose `operate` answers this. */
async function runAgainst(line: readonly string[], invoke: Answered) {
  const cloud = await fakeCloud((request) => answerOf(request, invoke));
  try {
    const { around, written } = recorded(root);
    const code = await run([...line, '--local', cloud.url], around);
    const invocation = cloud.received.find(({ path }) => path.includes('/invocations'));
    return { code, ...written, invocation, asked: invocation && JSON.parse(invocation.body) };
  } finally {
    await cloud.stop();
  }
}

const INVOKED = '/2015-03-31/functions/fairway-production-operate/invocations';
const MISSING: Answered = {
  status: 404,
  headers: { 'x-amzn-errortype': 'ResourceNotFoundException' },
  body: JSON.stringify({ message: 'Function not found' }),
};
const DENIED: Answered = {
  status: 403,
  headers: { 'x-amzn-errortype': 'AccessDeniedException' },
  body: JSON.stringify({ message: 'no right to it' }),
};

/** Runs one line against a cloud that answers some aliases (or '', the function itself) otherwise. */
async function runByAlias(line: readonly string[], others: Readonly<Record<string, Answered>>) {
  const paths: string[] = [];
  const cloud = await fakeCloud((request) => {
    if (!request.path.startsWith('/2015-03-31/functions/')) return answerOf(request, { body: '' });
    paths.push(request.path);
    const qualifier = new URL(request.path, 'http://localhost').searchParams.get('Qualifier') ?? '';
    return others[qualifier] ?? { body: JSON.stringify({ ok: true, sentence: 'done' }) };
  });
  try {
    const { around, written } = recorded(root);
    const code = await run([...line, '--local', cloud.url], around);
    return { code, paths, ...written };
  } finally {
    await cloud.stop();
  }
}

function answerOf({ path, body }: Received, invoke: Answered): Answered | undefined {
  if (path.startsWith('/2015-03-31/functions/')) return invoke;
  if (body.includes('GetCallerIdentity')) return identity;
  if (path === '/_local/clock')
    return { body: JSON.stringify({ now: '2026-01-01T13:03:00.000Z', speed: 20, idle: true }) };
  return undefined;
}

describe('fairway', () => {
  it('shows what runs, by the clock of the local cloud', async () => {
    const { code, out, asked } = await runAgainst(['status'], { body: JSON.stringify(status) });
    expect(code).toBe(exitCode.done);
    expect(out).toContain('1.1.0 (4f9c2e1b7a3d)  v3, since 3 min ago');
    expect(asked).toEqual({ command: 'status' });
  });

  it('shows alerts, also of a kind that it does not know', async () => {
    const [app] = status.apps;
    const alerts = [
      {
        service: 'web-app',
        kind: 'new',
        sentence: 'web-app is odd',
        why: 'so',
        count: 1,
        firstAt: 0,
        lastAt: 0,
      },
    ];
    const { out } = await runAgainst(['status'], {
      body: JSON.stringify({ ...status, apps: [{ ...app, alerts }] }),
    });
    expect(out).toContain('web-app is odd');
  });

  it('says that the versions differ when the function does not understand', async () => {
    const { code, err } = await runAgainst(['follow', 'web', 'report'], {
      headers: { 'x-amz-function-error': 'Unhandled' },
      body: JSON.stringify({
        errorType: 'IntakeError',
        errorMessage: 'failed to read the request: command …',
      }),
    });
    expect(code).toBe(exitCode.failed);
    expect(err).toContain("its version differs from this command's: deploy the stack with");
  });

  it('leaves --json after -- to the command of the task', async () => {
    const { out, err } = await runAgainst(['run', 'web', 'report', '--local', 'x y', '--', 'npm', '--json'], {
      body: '{}',
    });
    expect(out).toBe('');
    expect(err).toMatch(/^fairway: /);
  });

  it('invokes the function of the installed stack', async () => {
    const { invocation } = await runAgainst(['status', '--stage', 'prod'], { body: JSON.stringify(status) });
    expect(invocation?.path).toMatch(/\/functions\/fairway-prod-operate\/invocations/);
  });

  it.each([
    ['named by FAIRWAY_CONFIG', [], { FAIRWAY_CONFIG: 'fairway.yml' }],
    ['named by --config, whatever FAIRWAY_CONFIG says', ['--config', 'fairway.yml'], { FAIRWAY_CONFIG: 'x' }],
  ])('asks the function of the configuration %s, in the folder it runs in', async (_, options, env) => {
    const folder = await mkdtemp(join(tmpdir(), 'fairway-config-'));
    const text = (await readFile(join(root, 'fairway.yml'), 'utf8')).replace(
      /^environment: .*/m,
      'environment: qa',
    );
    await writeFile(join(folder, 'fairway.yml'), text);
    const cloud = await fakeCloud((request) => answerOf(request, { body: JSON.stringify(status) }));
    const { around } = recorded(folder);
    await run(['status', ...options, '--local', cloud.url], { ...around, env });
    await cloud.stop();
    await rm(folder, { recursive: true });
    expect(cloud.received.map(({ path }) => path).join()).toContain('/functions/fairway-qa-operate/');
  });

  it('invokes the function that is named', async () => {
    const { invocation } = await runAgainst(['status', '--function', 'mine'], {
      body: JSON.stringify(status),
    });
    expect(invocation?.path).toContain('/functions/mine/');
  });

  it('invokes the alias of the command, so that people need no other right', async () => {
    for (const [line, alias] of [
      [['status'], 'read'],
      [['hold', 'web-app', '--reason', 'incident'], 'operate'],
      [['stop', 'web-app', 'report'], 'tasks'],
    ] as const) {
      const { paths } = await runByAlias(line, {});
      expect(paths).toEqual([`${INVOKED}?Qualifier=${alias}`]);
    }
  });

  it('invokes the function itself where the stack has no aliases yet', async () => {
    const { code, paths } = await runByAlias(['hold', 'web-app', '--reason', 'incident'], {
      operate: MISSING,
    });
    expect(code).toBe(exitCode.done);
    expect(paths).toEqual([`${INVOKED}?Qualifier=operate`, INVOKED]);
  });

  it('invokes the function itself where only that is allowed', async () => {
    const { code, paths } = await runByAlias(['hold', 'web-app', '--reason', 'incident'], {
      operate: DENIED,
    });
    expect(code).toBe(exitCode.done);
    expect(paths).toEqual([`${INVOKED}?Qualifier=operate`, INVOKED]);
  });

  it('reads through another alias where only that is allowed', async () => {
    const { code, paths } = await runByAlias(['status'], { read: DENIED, operate: DENIED });
    expect(code).toBe(exitCode.done);
    expect(paths.at(-1)).toBe(`${INVOKED}?Qualifier=tasks`);
  });

  it('names the alias that it was denied where nothing is allowed', async () => {
    const { code, err, paths } = await runByAlias(['hold', 'web-app', '--reason', 'incident'], {
      operate: DENIED,
      '': { ...DENIED, body: JSON.stringify({ message: 'not even that' }) },
    });
    expect(code).toBe(exitCode.failed);
    expect(err).toContain('AWS denied it (no right to it)');
    expect(paths).toHaveLength(2);
  });

  it('uses a name with a qualifier unchanged', async () => {
    const { paths } = await runByAlias(['status', '--function', 'mine:read'], {});
    expect(paths).toEqual(['/2015-03-31/functions/mine%3Aread/invocations']);
  });

  it('adds the caller to a change', async () => {
    const { asked } = await runAgainst(['hold', 'web-app', '--reason', 'incident'], {
      body: JSON.stringify({ ok: true, sentence: 'web-app is held.' }),
    });
    expect(asked).toEqual({
      command: 'hold',
      app: 'web-app',
      reason: 'incident',
      who: 'arn:aws:iam::123456789012:user/ada',
    });
  });

  it('prints the answer as JSON with --json', async () => {
    const { code, out } = await runAgainst(['status', '--json'], { body: JSON.stringify(status) });
    expect(code).toBe(exitCode.done);
    expect(JSON.parse(out)).toEqual(status);
  });

  it('exits with 1 when refused, and says why', async () => {
    const refusal = { ok: false, error: 'refused', message: 'web-app is held by ada, resume it first' };
    const { code, out, err } = await runAgainst(['deploy', 'web-app'], { body: JSON.stringify(refusal) });
    expect(code).toBe(exitCode.failed);
    expect(out).toBe('');
    expect(err).toContain('web-app is held by ada, resume it first');
  });

  it('exits with 1 when the function fails, with its error and its log group', async () => {
    const { code, err } = await runAgainst(['status'], {
      headers: { 'x-amz-function-error': 'Unhandled' },
      body: JSON.stringify({ errorMessage: 'the table is gone' }),
    });
    expect(code).toBe(exitCode.failed);
    expect(err).toContain('the table is gone');
    expect(err).toContain('/aws/lambda/');
  });

  it('exits with 1 when there is no such function, and says how to fix it', async () => {
    const { code, err } = await runAgainst(['status'], {
      status: 404,
      headers: { 'x-amzn-errortype': 'ResourceNotFoundException' },
      body: JSON.stringify({ message: 'Function not found' }),
    });
    expect(code).toBe(exitCode.failed);
    expect(err).toContain('npm run deploy');
  });

  it('exits with 1 when the answer is not one of operate', async () => {
    const { code, err } = await runAgainst(['status'], { body: '"hello"' });
    expect(code).toBe(exitCode.failed);
    expect(err).toContain('is not an answer of Fairway');
  });

  it('sends a change once, even when the answer is lost', async () => {
    const cloud = await fakeCloud((request) =>
      answerOf(request, { status: 500, body: JSON.stringify({ message: 'lost' }) }),
    );
    const { around } = recorded(root);
    const code = await run(['rollback', 'web-app', '--local', cloud.url], around);
    await cloud.stop();
    expect(code).toBe(exitCode.failed);
    expect(cloud.received.filter(({ path }) => path.includes('/invocations'))).toHaveLength(1);
  });

  it.each(['status', 'resume web-app', 'verify'])('exits with 3 when nothing answers: %s', async (line) => {
    const cloud = await fakeCloud(() => undefined);
    await cloud.stop();
    const { around, written } = recorded(root);
    const code = await run([...line.split(' '), '--local', cloud.url], around);
    expect(written.err).toContain(`the local cloud at ${cloud.url} does not answer (ECONNREFUSED)`);
    expect(code).toBe(exitCode.unreachable);
  });

  it('exits with 64 for wrong usage, before any request', async () => {
    const { code, err, invocation } = await runAgainst(['hold', 'web-app'], { body: '{}' });
    expect(code).toBe(exitCode.usage);
    expect(err).toContain('Usage: `npm run fairway -- hold APP --reason TEXT');
    expect(invocation).toBeUndefined();
  });

  it('prints errors as JSON too', async () => {
    const { around, written } = recorded();
    expect(await run(['stauts', '--json'], around)).toBe(exitCode.usage);
    expect(JSON.parse(written.out)).toMatchObject({ ok: false, error: 'usage' });
    expect(written.err).toBe('');
  });

  it('shows help, and prints its version', async () => {
    const { around, written } = recorded();
    expect(await run(['help'], around)).toBe(exitCode.done);
    expect(written.out).toContain('rollback APP [to vN|TAG] [--wait]');
    expect(await run(['version'], around)).toBe(exitCode.done);
    expect(written.out).toMatch(/fairway \d+\.\d+\.\d+/);
  });
});

describe('fairway check', () => {
  it('checks the file without an account', async () => {
    const { around, written } = recorded(root);
    expect(await run(['check'], around)).toBe(exitCode.done);
    expect(written.out).toMatch(/fairway\.yml is valid: 1 app, 1 service\.$/m);
  });

  it('lists every mistake and fails', async () => {
    const { around, written } = recorded(root);
    expect(await run(['check', '--config', 'package.json'], around)).toBe(exitCode.failed);
    expect(written.err).toMatch(/package\.json: \d+ mistakes/);
  });
});

describe('an order to production', () => {
  const set = {
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_MAX_ATTEMPTS: '1',
  };
  const before = { ...process.env };
  beforeAll(() => void Object.assign(process.env, set));
  afterAll(() => {
    for (const name of Object.keys(set)) delete process.env[name];
    Object.assign(process.env, before);
  });

  /** Nothing answers: what is sent ends with 3, what is not confirmed with 1. */
  async function order(line: string, answer: boolean | undefined) {
    const { around, written } = recorded(root);
    const asked: string[] = [];
    const keyboard = () => ({
      answers: true,
      interrupted: () => undefined,
      wait: async () => {},
      ask: async () => undefined,
      confirm: async (question: string) => {
        asked.push(question);
        return answer;
      },
      close: () => {},
    });
    const code = await run([...line.split(' '), '--region', 'eu-west-1'], { ...around, keyboard });
    return { code, asked, err: written.err };
  }

  it.each([
    ['deploy web 1.2.0', 'Deploy 1.2.0 to web in fairway-production, AWS in eu-west-1? [y/N] '],
    ['deploy web', 'Deploy the newest image to web in fairway-production, AWS in eu-west-1? [y/N] '],
    [
      'rollback web to v3',
      'Roll web back to v3 in fairway-production, AWS in eu-west-1, and hold it? [y/N] ',
    ],
  ])('is confirmed first, or changes nothing: %s', async (line, question) => {
    const { code, asked, err } = await order(`${line} --stage production`, false);
    expect(asked).toEqual([question]);
    expect(err).toBe('Nothing was changed.\n');
    expect(code).toBe(exitCode.failed);
  });

  it.each([
    ['where the person says yes', 'deploy web --stage production', true, 1],
    ['where no one is at a terminal', 'deploy web --stage production', undefined, 1],
    ['without asking where --yes says so', 'deploy web --stage production --yes', false, 0],
    ['without asking elsewhere', 'deploy web --stage staging', false, 0],
  ])('is sent %s', async (_, line, answer, questions) => {
    const { code, asked } = await order(line, answer);
    expect(asked).toHaveLength(questions);
    expect(code).toBe(exitCode.unreachable);
  });
});
