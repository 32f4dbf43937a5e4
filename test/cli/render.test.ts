import { helpText } from '../../cli/help.ts';
import { renderAnswer } from '../../cli/render.ts';
import {
  ago,
  coloured,
  cut,
  plain,
  span,
  stopwatch,
  styleFor,
  table,
  width,
  withoutColour,
} from '../../cli/style.ts';

const now = Date.parse('2026-01-01T12:00:00Z');
const release = {
  app: 'web-app',
  number: 4,
  id: 'abc',
  tag: '1.2.0',
  digest: 'sha256:b81d04f7c2e96a51',
  state: 'rolledBack',
  reason: 'web ended with exit code 1',
  by: 'push',
  startedAt: now - 200_000,
  endedAt: now - 80_000,
};

describe('renderAnswer', () => {
  it('shows the services of an app that fail on their own', () => {
    const alert = {
      service: 'worker',
      kind: 'outOfMemory',
      sentence: 'worker runs out of memory: 3 tasks killed',
      why: 'Container web used more memory than it has and was killed.',
      count: 3,
      firstAt: now - 600_000,
      lastAt: now,
    } as const;
    const app = { app: 'web-app', cluster: 'app-prod', services: ['worker'], alerts: [alert] };
    expect(renderAnswer({ ok: true, sentence: '1 app.', apps: [app] }, now, plain)).toContain(
      '  alert     worker runs out of memory: 3 tasks killed  since 10 min ago: Container web used more memory than it has and was killed.\n',
    );
  });

  it('shows an app that is held with its open release', () => {
    const { endedAt: _, ...open } = { ...release, state: 'rolling' };
    const text = renderAnswer(
      {
        ok: true,
        sentence: '1 app.',
        apps: [
          {
            app: 'web-app',
            cluster: 'app-prod',
            live: { tag: '1.0.0', digest: 'sha256:aa', since: now - 7_200_000 },
            open,
            waiting: { tag: '1.2.5', digest: 'sha256:cc', by: 'ann' },
            alsoWaiting: { tag: '1.3.0', digest: 'sha256:bb', by: 'push' },
            hold: { by: 'ada', reason: 'incident', at: now - 120_000 },
            services: ['web-app', 'worker'],
          },
        ],
      },
      now,
      plain,
    );
    expect(text).toBe(
      [
        '1 app.',
        '',
        'web-app',
        '  live      1.0.0 (aa)  from before Fairway, since 2 h ago',
        '  open      v4 rolling  1.2.0 (b81d04f7c2e9)  for 3 min 20 s, by push',
        '  waiting   1.2.5 (cc)  ordered by ann',
        '  then      1.3.0 (bb)  pushed',
        '  held      2 min ago by ada: incident',
        '  services  web-app, worker in app-prod',
      ].join('\n'),
    );
  });

  it('shows releases in columns', () => {
    const text = renderAnswer({ ok: true, sentence: '1 release.', releases: [release] }, now, plain);
    expect(text.split('\n').slice(2)).toEqual([
      'RELEASE  TAG    DIGEST        STATE        STARTED    TOOK   BY    REASON',
      'v4       1.2.0  b81d04f7c2e9  rolled back  3 min ago  2 min  push  web ended with exit code 1',
    ]);
  });

  it('shows what became of pushes', () => {
    const push = {
      app: 'web-app',
      tag: 'test',
      digest: 'sha256:aa',
      at: now,
      outcome: 'ignored',
      reason: 'no semver',
    };
    const text = renderAnswer({ ok: true, sentence: 'Seen once.', pushes: [push] }, now, plain);
    expect(text).toContain('web-app:test  aa      ignored           just now  no semver');
  });

  it('keeps columns straight under colours', () => {
    const text = renderAnswer({ ok: true, sentence: '', releases: [release] }, now, coloured);
    expect(text).not.toBe(withoutColour(text));
    expect(withoutColour(text)).toBe(
      renderAnswer({ ok: true, sentence: '', releases: [release] }, now, plain),
    );
  });
});

describe('renderAnswer of runs', () => {
  const run = {
    app: 'web',
    task: 'nightly-report',
    id: '4f9c2e1b-1cc3-456f-b897-6a7e08afd2ac',
    state: 'failed',
    ended: true,
    reason: 'Container web exited with code 3: its logs tell why.',
    by: 'arn:aws:sts::123456789012:assumed-role/Admin/ann@example.com',
    askedAt: now - 300_000,
    startedAt: now - 299_000,
    endedAt: now - 207_000,
    exitCode: 3,
    tag: '1.2.0',
    digest: `sha256:${'4f9c2e1b7a3d'.padEnd(64, '0')}`,
    revision: 'web-app:11',
    taskArns: ['arn:aws:ecs:us-east-1:123456789012:task/app-prod/2793e12d11d7548526b25ed4b9bcde46'],
    attempts: 2,
    earlier: ['The registry did not answer.'],
    logs: ['/ecs/web-app'],
  };

  it('shows several in columns that leave the reason room', () => {
    const { exitCode: _, endedAt: __, ...open } = run;
    const runs = [{ ...open, state: 'running', ended: false, reason: 'it is running', by: 'schedule' }, run];
    expect(renderAnswer({ ok: true, sentence: '2 runs', runs }, now, plain).split('\n').slice(2)).toEqual([
      'TASK            RUN       STATE    EXIT  ASKED      TOOK        REVISION    BY               REASON',
      'nightly-report  4f9c2e1b  running        5 min ago  4 min 59 s  web-app:11  schedule         it is running',
      'nightly-report  4f9c2e1b  failed   3     5 min ago  1 min 32 s  web-app:11  ann@example.com  Container web exited with code 3: its logs tell why.',
      '',
      '`fairway runs 4f9c2e1b` shows all about one',
    ]);
  });

  it('shows the whole record of one, within 80 columns but for names of AWS', () => {
    const text = renderAnswer({ ok: true, sentence: '1 run', runs: [run] }, now, plain);
    expect(text.split('\n').slice(2)).toEqual([
      'nightly-report of web',
      '  run       4f9c2e1b-1cc3-456f-b897-6a7e08afd2ac',
      '  trigger   arn:aws:sts::123456789012:assumed-role/Admin/ann@example.com',
      '  state     failed',
      '  exit code 3',
      '  reason    Container web exited with code 3: its logs tell why.',
      `  asked     ${new Date(run.askedAt).toISOString().slice(0, 19)}Z (5 min ago)`,
      `  started   ${new Date(run.startedAt).toISOString().slice(0, 19)}Z (4 min ago)`,
      `  ended     ${new Date(run.endedAt).toISOString().slice(0, 19)}Z (3 min ago)`,
      '  took      1 min 32 s',
      '  image     1.2.0 (4f9c2e1b7a3d)',
      '  revision  web-app:11',
      '  task      arn:aws:ecs:us-east-1:123456789012:task/app-prod/2793e12d11d7548526b25ed4b9bcde46',
      '  attempts  2',
      '            attempt 1: The registry did not answer.',
      '  log       /ecs/web-app',
      '',
      '`fairway follow web 4f9c2e1b` shows what it wrote',
    ]);
  });
});

describe('helpText', () => {
  it('keeps what a command does apart from how it is written, however long that is', () => {
    for (const line of helpText(undefined, plain).split('\n')) expect(line).not.toMatch(/[\]…][^\s\]]/);
    expect(helpText(undefined, plain)).toContain(
      `  run APP TASK [--detach] [-- COMMAND …]\n${' '.repeat(28)}run a task on the image that is live`,
    );
  });
});

describe('styleFor', () => {
  it.each([
    [true, {}, coloured],
    [true, { NO_COLOR: '' }, coloured],
    [true, { NO_COLOR: '1' }, plain],
    [true, { TERM: 'dumb' }, plain],
    [false, {}, plain],
  ])('terminal %s with %j', (isTTY, env, style) => {
    expect(styleFor(isTTY, env)).toBe(style);
  });
});

describe('words for time', () => {
  it.each([
    [4_000, '4 s'],
    [60_000, '1 min'],
    [200_000, '3 min 20 s'],
    [7_500_000, '2 h 5 min'],
    [345_600_000, '4 d'],
  ])('calls %d ms %s', (milliseconds, text) => {
    expect(span(milliseconds)).toBe(text);
  });

  it('never speaks of the future', () => {
    expect(ago(now + 60_000, now)).toBe('just now');
    expect(ago(now - 259_200_000, now)).toBe('3 d ago');
  });

  it('counts like a stopwatch', () => {
    expect(stopwatch(65_400)).toBe('1:05');
  });
});

describe('table', () => {
  it('has columns as wide as their widest cell and no trailing blanks', () => {
    expect(
      table(
        ['A', 'B'],
        [
          ['long', ''],
          ['x', 'y'],
        ],
        plain,
      ),
    ).toEqual(['A     B', 'long', 'x     y']);
  });

  it('cuts to columns without counting colours', () => {
    expect(cut(coloured.bad('four'), 4)).toBe(coloured.bad('four'));
    expect(width(cut(coloured.bad('fifteen letters'), 8))).toBe(8);
  });
});
