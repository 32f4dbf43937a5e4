import { answerText, type Render } from '../../cli/answering.ts';
import { renderReleases } from '../../cli/commands/releases.ts';
import { renderRuns } from '../../cli/commands/runs.ts';
import { renderShown } from '../../cli/commands/show.ts';
import { renderStatuses } from '../../cli/commands/status.ts';
import { renderPushes } from '../../cli/commands/why.ts';
import {
  ago,
  coloured,
  cut,
  plain,
  stopwatch,
  styleFor,
  table,
  width,
  withoutColour,
} from '../../cli/style.ts';
import { duration } from '../../shared/domain/duration.ts';

/** What each command shows of an answer, together. */
const everything: Render = (...given) =>
  [renderStatuses, renderShown, renderReleases, renderRuns, renderPushes].flatMap((render) =>
    render(...given),
  );
const renderAnswer = (answer: Parameters<Render>[0], at: number, style: Parameters<Render>[2]) =>
  answerText(answer, everything, at, style);

const now = Date.parse('2026-01-01T12:00:00Z');
const release = {
  app: 'web-app',
  number: 4,
  id: 'abc',
  tag: '1.2.0',
  digest: 'sha256:b81d04f7c2e96a51',
  state: 'rolledBack',
  reason: 'web exited with code 1',
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
      why: 'Container web exceeded its memory limit and was killed.',
      count: 3,
      firstAt: now - 600_000,
      lastAt: now,
    } as const;
    const app = { app: 'web-app', cluster: 'app-prod', services: ['worker'], alerts: [alert] };
    expect(renderAnswer({ ok: true, sentence: '1 app.', apps: [app] }, now, plain)).toContain(
      '  alert     worker runs out of memory: 3 tasks killed  since 10 min ago: Container web exceeded its memory limit and was killed.\n',
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
            waiting: {
              tag: '1.2.5',
              digest: 'sha256:cc',
              by: 'ann',
              waitsFor: 'v3: web-app waits for a person at POST_TEST_TRAFFIC_SHIFT',
            },
            alsoWaiting: { tag: '1.3.0', digest: 'sha256:bb', by: 'push' },
            rateLimit: { since: now - 60_000, calls: 48, seconds: 41 },
            retrying: [
              { what: 'look up the image 1.4.0', since: now - 960_000, why: 'ecr:DescribeImages: denied.' },
            ],
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
        '  waiting   1.2.5 (cc)  requested by ann  waits for v3: web-app waits for a person at POST_TEST_TRAFFIC_SHIFT',
        '  then      1.3.0 (bb)  pushed',
        "  waits     for ECS's rate limit, since 1 min ago: 48 calls left, at least 41 s",
        '  retrying  to look up the image 1.4.0, for 16 min: ecr:DescribeImages: denied.',
        '  held      2 min ago by ada (claimed): incident',
        '  services  web-app, worker in app-prod',
      ].join('\n'),
    );
  });

  it.each([
    ['beforeFairway', 'from before Fairway'],
    ['firstImage', 'first image'],
    ['foundRunning', 'found running'],
  ] as const)('shows where a live image is from that no release brought: %s', (origin, text) => {
    const live = { tag: '1.0.0', digest: 'sha256:aa', since: now - 7_200_000, origin };
    const apps = [{ ...aStatus, live }];
    expect(renderAnswer({ ok: true, sentence: '1 app.', apps }, now, plain)).toContain(
      `live      1.0.0 (aa)  ${text}, since 2 h ago`,
    );
  });

  const aStatus = {
    app: 'web-app',
    cluster: 'app-prod',
    services: ['web-app', 'worker'],
    asOf: now - 1_000,
  };
  const aService = {
    service: 'worker',
    status: 'ACTIVE',
    desired: 2,
    running: 2,
    revision: 'worker:7',
    rollout: 'COMPLETED',
    deployments: [{ revision: 'worker:7', status: 'PRIMARY', running: 2, desired: 2, failedTasks: 0 }],
  };

  it('shows the state of each service in ECS, and as of when', () => {
    const rolling = {
      ...aService,
      service: 'web-app',
      desired: 3,
      rollout: 'IN_PROGRESS',
      deployments: [
        { revision: 'web-app:12', status: 'PRIMARY', running: 1, desired: 3, failedTasks: 2 },
        { revision: 'web-app:11', status: 'ACTIVE', running: 2, desired: 2, failedTasks: 0 },
        { revision: 'web-app:10', status: 'INACTIVE', running: 0, desired: 0, failedTasks: 0 },
      ],
    };
    const app = { ...aStatus, running: [rolling, aService] };
    expect(
      renderAnswer({ ok: true, sentence: '', apps: [app] }, now, plain)
        .split('\n')
        .slice(2),
    ).toEqual([
      '  services  web-app  web-app:12  1/3 running, rolling out; 2 of web-app:11 still running; 2 failed to start',
      '            worker   worker:7  2/2 running, steady',
      '            in app-prod, as of 2026-01-01T11:59:59Z',
    ]);
  });

  it.each([
    ['is missing', { status: 'MISSING', deployments: [] }, 'worker  missing'],
    [
      'runs another image than the live one',
      { otherImage: { tag: '9.9.9', digest: 'sha256:cc' } },
      'worker  worker:7  2/2 running, steady; runs 9.9.9 (cc), which is not the live image',
    ],
    [
      'failed to roll out',
      { rollout: 'FAILED', reason: 'tasks failed to start.' },
      'worker  worker:7  2/2 running, rollout failed; tasks failed to start.',
    ],
  ])('shows a service that %s', (_, more, line) => {
    const app = { ...aStatus, running: [{ ...aService, ...more }] };
    expect(renderAnswer({ ok: true, sentence: '', apps: [app] }, now, plain)).toContain(line);
  });

  it('says why the services could not be read', () => {
    const app = { app: 'web-app', cluster: 'app-prod', services: ['web-app'], unread: 'denied' };
    expect(renderAnswer({ ok: true, sentence: '', apps: [app] }, now, plain)).toContain(
      'services  web-app in app-prod  could not be read: denied',
    );
  });

  it('shows the last failure with its cause, and where there is more about it', () => {
    const lastFailure = {
      release: 3,
      tag: '1.1.0',
      digest: 'sha256:aa',
      state: 'failed',
      at: now - 3_600_000,
      cause: 'worker: Container worker exited with code 1.',
    };
    const text = renderAnswer({ ok: true, sentence: '', apps: [{ ...aStatus, lastFailure }] }, now, plain);
    expect(text).toContain(
      '  failed    v3 (1.1.0) 1 h ago: worker: Container worker exited with code 1.\n' +
        '            `fairway show web-app v3` shows its steps and log lines',
    );
  });

  it('never calls live what has been replaced', () => {
    const live = {
      sentence: 'was live as v4 from 2026-01-01 10:00:00Z to 2026-01-01 11:00:00Z; replaced by v6 (rollback)',
      release: 4,
      from: now - 7_200_000,
      until: now - 3_600_000,
    };
    const releases = [{ ...release, state: 'live', live }];
    const push = {
      app: 'web-app',
      tag: '1.2.0',
      digest: 'sha256:aa',
      at: now,
      outcome: 'live',
      reason: 'x',
      live,
    };
    const text = renderAnswer({ ok: true, sentence: '', releases, pushes: [push] }, now, plain);
    for (const line of text.split('\n').filter((each) => each.includes('1.2.0')))
      expect(line).toMatch(/ was live .*replaced by v6 \(rollback\)$/);
  });

  it('shows everything about a release', () => {
    const shown = {
      ...release,
      state: 'failed',
      headline: 'web v4 (1.2.0) failed in production, 1.1.0 runs again',
      previous: { tag: '1.1.0', digest: 'sha256:aa' },
      trigger: 'image push',
      steps: [
        { name: 'db-migrate', state: 'done', line: '✓ db-migrate · 42 s' },
        { name: 'roll', state: 'failed', line: '✗ roll web-app · 1 min 2 s' },
      ],
      services: ['web-app: rolled back, runs web-app:11 at 3/3 tasks'],
      failure: {
        cause: 'web-app: Container web exited with code 1.',
        kind: 'crash',
        advice: 'Read its log.',
        evidence: ['Essential container in task exited'],
      },
      lines: ['Error: PAYMENT_URL is not set', '    at readSettings'],
      elsewhere: ['proxy logs to /ecs/proxy'],
      now: 'Everything was rolled back to 1.1.0.',
      toDo: 'Push a new image.',
      notes: ['worker was deployed at 0 tasks'],
      commit: { short: 'b81d04f7c', url: 'https://git.example/web/commit/b81d04f7c' },
      author: 'Ann',
      about: 'The shop',
      platforms: ['linux/amd64'],
      links: [{ name: 'cluster app-prod', url: 'https://console.example/app-prod' }],
    };
    const text = renderAnswer({ ok: true, sentence: shown.headline, shown }, now, plain);
    expect(text.split('\n')).toEqual([
      'web v4 (1.2.0) failed in production, 1.1.0 runs again',
      '',
      '  why       web-app: Container web exited with code 1.',
      '  fix       Read its log.',
      '  now       Everything was rolled back to 1.1.0.',
      '  to do     Push a new image.',
      '',
      '  image     1.1.0 (aa) → 1.2.0 (b81d04f7c2e9)',
      '  about     The shop',
      '  commit    b81d04f7c  https://git.example/web/commit/b81d04f7c',
      '  author    Ann',
      '  platform  linux/amd64',
      '  trigger   image push',
      `  started   ${new Date(release.startedAt).toISOString().slice(0, 19)}Z (3 min ago), took 2 min`,
      '  release   abc',
      '',
      '  steps     ✓ db-migrate · 42 s',
      '            ✗ roll web-app · 1 min 2 s',
      '',
      '  services  web-app: rolled back, runs web-app:11 at 3/3 tasks',
      '',
      '  notes     worker was deployed at 0 tasks',
      '',
      '  AWS said  Essential container in task exited',
      '',
      '  log       Error: PAYMENT_URL is not set',
      '                at readSettings',
      '            proxy logs to /ecs/proxy',
      '',
      '  links     cluster app-prod: https://console.example/app-prod',
    ]);
  });

  it('shows releases in columns', () => {
    const text = renderAnswer({ ok: true, sentence: '1 release.', releases: [release] }, now, plain);
    expect(text.split('\n').slice(2)).toEqual([
      'RELEASE  TAG    DIGEST        STATE        STARTED    TOOK   BY    REASON',
      'v4       1.2.0  b81d04f7c2e9  rolled back  3 min ago  2 min  push  web exited with code 1',
    ]);
  });

  it('shows where the time of the newest release went that has the figures', () => {
    const older = {
      ...release,
      number: 3,
      times: 'live after 4 min: web-app 9 s until its tasks were placed',
    };
    const newer = { ...release, times: 'live after 6 min: web-app 18 s until its tasks were placed' };
    const show = (...releases: object[]) =>
      renderAnswer({ ok: true, sentence: '', releases: releases as never }, now, plain);
    expect(show(release, newer, older)).toMatch(/\nv4 was live after 6 min: web-app 18 s .* placed$/);
    expect(show(release)).not.toContain('live after');
  });

  it('shows what happened to pushes', () => {
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
    reason: 'Container web exited with code 3: see its log.',
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
      'TASK            RUN       STATE    EXIT  CREATED    TOOK        REVISION    BY               REASON',
      'nightly-report  4f9c2e1b  running        5 min ago  4 min 59 s  web-app:11  schedule         it is running',
      'nightly-report  4f9c2e1b  failed   3     5 min ago  1 min 32 s  web-app:11  ann@example.com  Container web exited with code 3: see its log.',
      '',
      '`fairway runs 4f9c2e1b` shows a run in full',
    ]);
  });

  it('shows the whole record of one, within 80 columns but for names of AWS', () => {
    const text = renderAnswer({ ok: true, sentence: '1 run', runs: [run] }, now, plain);
    expect(text.split('\n').slice(2)).toEqual([
      'nightly-report of web',
      '  run       4f9c2e1b-1cc3-456f-b897-6a7e08afd2ac',
      '  trigger   arn:aws:sts::123456789012:assumed-role/Admin/ann@example.com (claimed)',
      '  state     failed',
      '  exit code 3',
      '  reason    Container web exited with code 3: see its log.',
      `  created   ${new Date(run.askedAt).toISOString().slice(0, 19)}Z (5 min ago)`,
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
      '`fairway follow web 4f9c2e1b` shows its output',
    ]);
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
    expect(duration(milliseconds)).toBe(text);
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
