import { join } from 'node:path';
import { compileConfiguration, loadConfiguration } from '../../shared/config/load.ts';
import { MINUTE } from '../builders.ts';

const example = join(import.meta.dirname, '../../fairway.yml');
const compiled = (text: string) => compileConfiguration(text, 'fairway.yml');

/** The only app of a file whose top holds `defaults` and whose app holds `members`. */
function appOf(members: string, defaults = '') {
  const text = `
environment: production
channels: { deploys: { sns: {} }, pagers: { sns: {} } }
${defaults}
apps:
  web:
    services: [{ name: web-app }]
${members.replace(/^/gm, '    ')}
`;
  const [app] = compiled(text).apps;
  if (app === undefined) throw new Error('the file has no app');
  return app;
}

const image = 'image: { repository: web-app, tags: { semver: "*" } }';
const least = `cluster: app-prod\n${image}`;

describe('loadConfiguration, of the example fairway.yml', () => {
  it('compiles it with every default filled in', () => {
    expect(loadConfiguration(example)).toEqual({
      environment: 'production',
      channels: {
        deploys: { kind: 'slack', channel: 'C0123456789', token: { ssm: '/fairway/slack-token' } },
        mail: { kind: 'sns' },
      },
      apps: [
        {
          name: 'web',
          cluster: 'app-prod',
          image: {
            repository: 'web-app',
            tags: { kind: 'semver', range: '>=1.0.0' },
            ignore: ['*-dev'],
          },
          before: [
            {
              name: 'db-migrate',
              family: 'db-migrate',
              container: 'migrate',
              command: ['npm', 'run', 'migrate'],
              timeout: 15 * MINUTE,
              reversible: true,
              environment: {},
              retries: { times: 0, backoff: 30_000, exitCodes: [] },
              taskRole: 'web-app-task',
              executionRole: 'web-app-execution',
              logGroup: '/ecs/db-migrate',
            },
          ],
          services: [
            {
              name: 'web-app',
              wave: 1,
              family: 'web-app',
              containers: ['web'],
              taskRole: 'web-app-task',
              executionRole: 'web-app-execution',
              logGroup: '/ecs/web-app',
            },
          ],
          after: [],
          tasks: [
            {
              name: 'nightly-report',
              like: 'web-app',
              family: 'web-app',
              container: 'web',
              command: ['npm', 'run', 'report'],
              environment: {},
              taskRole: 'web-app-task',
              executionRole: 'web-app-execution',
              logGroup: '/ecs/web-app',
              count: 1,
              timeout: 60 * MINUTE,
              overlap: 'skip',
              retries: { times: 2, backoff: 30_000, exitCodes: [] },
              schedule: { expression: 'cron(0 3 * * ? *)', timeZone: 'Europe/Berlin', jitter: 0 },
              notify: { success: [], failure: ['deploys', 'mail'], missed: ['deploys', 'mail'] },
            },
          ],
          timeouts: { rollout: 30 * MINUTE, rollBack: 30 * MINUTE, capacity: 10 * MINUTE },
          baseRevision: 'live',
          onFailure: 'rollBack',
          channels: ['deploys', 'mail'],
          endsOnly: ['mail'],
        },
      ],
    });
  });

  it('compiles to plain JSON, which the functions import', () => {
    const written = loadConfiguration(example);
    expect(JSON.parse(JSON.stringify(written))).toEqual(written);
  });
});

describe('compileConfiguration, of what may be read to explain failures', () => {
  const file = (diagnosis: string) =>
    `environment: production\n${diagnosis}\napps: { web: { ${least.replace('\n', ', ')}, services: [{ name: web }] } }\n`;

  it.each([
    ['', undefined],
    ['diagnosis: {}', undefined],
    ['diagnosis: { loadBalancers: false }', undefined],
    ['diagnosis: { loadBalancers: true }', { loadBalancers: true }],
  ])('%s', (diagnosis, expected) => {
    expect(compiled(file(diagnosis)).diagnosis).toEqual(expected);
  });

  it('refuses another value', () => {
    expect(() => compiled(file('diagnosis: { loadBalancers: sometimes }'))).toThrow('expected true or false');
  });
});

describe('compileConfiguration, when an app has only required members', () => {
  it('fills in the documented defaults', () => {
    expect(appOf(least)).toEqual({
      name: 'web',
      cluster: 'app-prod',
      image: { repository: 'web-app', tags: { kind: 'semver', range: '*' }, ignore: [] },
      before: [],
      services: [{ name: 'web-app', wave: 1, family: 'web-app', containers: [] }],
      after: [],
      tasks: [],
      timeouts: { rollout: 30 * MINUTE, rollBack: 30 * MINUTE, capacity: 10 * MINUTE },
      baseRevision: 'live',
      onFailure: 'rollBack',
      channels: [],
    });
  });

  it('gives a release task a timeout of fifteen minutes and its name as family, and makes it reversible', () => {
    const [task] = appOf(`${least}\nbefore: [{ name: migrate, container: main }]`).before;
    expect(task).toEqual({
      name: 'migrate',
      family: 'migrate',
      container: 'main',
      timeout: 15 * MINUTE,
      reversible: true,
      environment: {},
      retries: { times: 0, backoff: 30_000, exitCodes: [] },
    });
  });
});

describe('compileConfiguration, when a file uses an earlier name of a member', () => {
  it.each([
    ['in the app', `${least}\nonFailure: putBack\ntimeouts: { putBack: 1h }`, ''],
    ['in the defaults', least, 'defaults: { onFailure: putBack, timeouts: { putBack: 1h } }'],
  ])('accepts putBack for rollBack %s', (_, members, shared) => {
    const { onFailure, timeouts } = appOf(members, shared);
    expect(onFailure).toBe('rollBack');
    expect(timeouts.rollBack).toBe(60 * MINUTE);
  });
});

const defaults = `
defaults:
  cluster: app-prod
  image: { tags: { newest: "main-*" }, ignore: ["*-dev"] }
  channels: [deploys]
  timeouts: { rollout: 10m, rollBack: 20m, capacity: 2m, task: 5m }
  baseRevision: latest
  onFailure: leave
  taskRole: everyone
  executionRole: agent
`;

describe('compileConfiguration, when there are defaults', () => {
  it('uses them for an app without own values', () => {
    expect(
      appOf('image: { repository: web-app }\nbefore: [{ name: migrate, container: main }]', defaults),
    ).toEqual({
      name: 'web',
      cluster: 'app-prod',
      image: {
        repository: 'web-app',
        tags: { kind: 'newest', match: { glob: 'main-*' } },
        ignore: ['*-dev'],
      },
      before: [
        {
          name: 'migrate',
          family: 'migrate',
          container: 'main',
          timeout: 5 * MINUTE,
          reversible: true,
          environment: {},
          retries: { times: 0, backoff: 30_000, exitCodes: [] },
          taskRole: 'everyone',
          executionRole: 'agent',
        },
      ],
      services: [
        {
          name: 'web-app',
          wave: 1,
          family: 'web-app',
          containers: [],
          taskRole: 'everyone',
          executionRole: 'agent',
        },
      ],
      after: [],
      tasks: [],
      timeouts: { rollout: 10 * MINUTE, rollBack: 20 * MINUTE, capacity: 2 * MINUTE },
      baseRevision: 'latest',
      onFailure: 'leave',
      channels: ['deploys'],
      endsOnly: ['deploys'],
    });
  });

  it.each([
    ['the cluster', 'cluster: other', { cluster: 'other' }],
    ['a list of channels as a whole', 'channels: [pagers]', { channels: ['pagers'] }],
    ['the channels with none', 'channels: []', { channels: [] }],
    ['the base revision', 'baseRevision: live', { baseRevision: 'live' }],
    ['what a failure does', 'onFailure: rollBack', { onFailure: 'rollBack' }],
    [
      'one timeout and keeps the others',
      'timeouts: { rollBack: 1h }',
      { timeouts: { rollout: 10 * MINUTE, rollBack: 60 * MINUTE, capacity: 2 * MINUTE } },
    ],
  ])('lets an app replace %s', (_, member, expected) => {
    expect(appOf(`image: { repository: web-app }\n${member}`, defaults)).toMatchObject(expected);
  });

  it.each([
    ['tags', '{ digest: latest }', { tags: { kind: 'digest', tag: 'latest' }, ignore: ['*-dev'] }],
    ['ignore', '[]', { tags: { kind: 'newest', match: { glob: 'main-*' } }, ignore: [] }],
  ])('lets an app replace %s of its image and keep the other', (member, value, expected) => {
    const app = appOf(`image: { repository: web-app, ${member}: ${value} }`, defaults);
    expect(app.image).toEqual({ repository: 'web-app', ...expected });
  });

  it('says which channels report only the ends of releases', () => {
    const [app] = compiled(`environment: production
channels:
  deploys: { slack: { channel: C0123456789, token: { ssm: token } } }
  mail: { sns: {} }
  hook: { webhook: { url: https://example.com, secret: { ssm: secret } } }
apps:
  web:
    services: [{ name: web-app }]
    channels: [deploys, hook, mail]
${least.replace(/^/gm, '    ')}`).apps;
    expect(app?.endsOnly).toEqual(['hook', 'mail']);
  });

  it('lets a release task replace its timeout and its roles', () => {
    const app = appOf(
      'image: { repository: web-app }\nafter: [{ name: smoke, container: main, timeout: 90s, taskRole: own }]',
      defaults,
    );
    expect(app.after).toMatchObject([{ timeout: 90_000, taskRole: 'own', executionRole: 'agent' }]);
  });
});

describe('compileConfiguration', () => {
  it.each([
    ['{ semver: "^2.1" }', { kind: 'semver', range: '^2.1' }],
    ['{ newest: "main-*" }', { kind: 'newest', match: { glob: 'main-*' } }],
    ['{ newest: "main-[0-9]*" }', { kind: 'newest', match: { glob: 'main-[0-9]*' } }],
    ['{ digest: latest }', { kind: 'digest', tag: 'latest' }],
  ])('compiles the tag policy %s', (written, expected) => {
    expect(appOf(`cluster: app-prod\nimage: { repository: web-app, tags: ${written} }`).image.tags).toEqual(
      expected,
    );
  });

  it('sorts services by wave, and within a wave in the order of the file', () => {
    const text = `
environment: production
apps:
  web:
    cluster: app-prod
    ${image}
    services: [{ name: d, wave: 2 }, { name: b }, { name: c, wave: 2 }, { name: a, wave: 1 }]
`;
    expect(compiled(text).apps[0]?.services.map(({ name }) => name)).toEqual(['b', 'a', 'd', 'c']);
  });

  it('fills in weight and base of capacity providers, and the rest of a network', () => {
    const app = appOf(`${least}
before:
  - name: migrate
    container: main
    capacity: { providers: [{ provider: FARGATE_SPOT }] }
    network: { subnets: [subnet-0a] }`);
    expect(app.before).toMatchObject([
      {
        capacity: { providers: [{ provider: 'FARGATE_SPOT', weight: 1, base: 0 }] },
        network: { subnets: ['subnet-0a'], securityGroups: [], assignPublicIp: false },
      },
    ]);
  });

  it('takes overrides and retries of a release task, with the rest of them filled in', () => {
    const app = appOf(`${least}
before:
  - name: migrate
    container: main
    environment: { DEPTH: full }
    cpu: 1024
    memory: 2048
    ephemeralStorage: 50
    retries: { exitCodes: [75] }`);
    expect(app.before).toMatchObject([
      {
        environment: { DEPTH: 'full' },
        cpu: 1024,
        memory: 2048,
        ephemeralStorage: 50,
        retries: { times: 2, backoff: 30_000, exitCodes: [75] },
      },
    ]);
  });

  it.each([
    ['90s', 90_000],
    ['1h30m', 90 * MINUTE],
  ])('reads the duration %s', (written, expected) => {
    expect(appOf(`${least}\ntimeouts: { rollout: ${written} }`).timeouts.rollout).toBe(expected);
  });

  it('reads a file with a byte order mark and Windows line endings', () => {
    const text = `\uFEFFenvironment: production\r\napps:\r\n  web:\r\n    cluster: c\r\n    ${image}\r\n    services: [{ name: a }]\r\n`;
    expect(compiled(text).apps).toHaveLength(1);
  });
});

describe('compileConfiguration, when a task has ECS Exec', () => {
  const task = (members: string) =>
    `${least}\ntasks: [{ name: report, container: web, exec: true${members} }]`;

  it.each([
    ['of the task', task(', taskRole: web-task'), ''],
    ['of the defaults', task(''), 'defaults: { taskRole: web-task }'],
    ['of the service that it is like', task(', like: web-app'), ''],
  ])('accepts the task role %s', (_, members, defaults) => {
    const role = 'services: [{ name: web-app, taskRole: web-task }]';
    const text = `environment: production\n${defaults}\napps:\n  web:\n    ${role}\n${members.replace(/^/gm, '    ')}`;
    expect(compiled(text).apps[0]?.tasks[0]).toMatchObject({ exec: true, taskRole: 'web-task' });
  });

  it('refuses the role of a service that it is not like', () => {
    expect(() =>
      compiled(
        `environment: production\napps:\n  web:\n    services: [{ name: web-app, taskRole: web-task }]\n${task('').replace(/^/gm, '    ')}`,
      ),
    ).toThrow('tasks[0].exec: expected a "taskRole"');
  });
});
