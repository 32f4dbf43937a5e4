import { plain } from '../../../cli/style.ts';
import { compare } from '../../../cli/verify/compare.ts';
import type { Found, FoundDefinition } from '../../../cli/verify/found.ts';
import { renderDifferences } from '../../../cli/verify/verify.ts';
import type { App, Configuration } from '../../../shared/domain/app.ts';

const minute = 60_000;
const app: App = {
  name: 'web-app',
  cluster: 'app-prod',
  image: { repository: 'team/web-app', tags: { kind: 'semver', range: '*' }, ignore: [] },
  before: [
    {
      name: 'db-migrate',
      family: 'db-migrate',
      container: 'migrate',
      executionRole: 'web-app-execution',
      logGroup: '/ecs/migrate',
      environment: {},
      timeout: 10 * minute,
      retries: { times: 0, backoff: 30_000, exitCodes: [] },
      reversible: true,
    },
  ],
  tasks: [],
  services: [
    {
      name: 'web-app',
      wave: 1,
      family: 'web-app',
      containers: ['web'],
      taskRole: 'web-app-task',
      executionRole: 'arn:aws:iam::123456789012:role/web-app-execution',
      logGroup: '/ecs/web-app',
    },
  ],
  after: [],
  timeouts: { rollout: 30 * minute, rollBack: 30 * minute, capacity: 10 * minute },
  baseRevision: 'live',
  onFailure: 'rollBack',
  channels: [],
};
const web: FoundDefinition = {
  revision: 'web-app:7',
  family: 'web-app',
  containers: [
    {
      name: 'web',
      image: `123456789012.dkr.ecr.us-east-1.amazonaws.com/team/web-app@sha256:${'a'.repeat(64)}`,
      logGroup: '/ecs/web-app',
    },
    { name: 'proxy', image: 'envoy:1' },
  ],
  taskRole: 'arn:aws:iam::123456789012:role/web-app-task',
  executionRole: 'arn:aws:iam::123456789012:role/web-app-execution',
};
const migrate: FoundDefinition = {
  revision: 'db-migrate:3',
  family: 'db-migrate',
  containers: [{ name: 'migrate', image: 'team/web-app:1', logGroup: '/ecs/migrate' }],
  executionRole: 'arn:aws:iam::123456789012:role/web-app-execution',
};
const service = { status: 'ACTIVE', controller: 'ECS', strategy: 'ROLLING', definition: web };
const found: Found = {
  clusters: { 'app-prod': 'ACTIVE' },
  services: { 'app-prod/web-app': service },
  families: { 'db-migrate': migrate },
  repositories: ['team/web-app'],
  registry: { account: '123456789012', region: 'us-east-1' },
};

const withApp = (change: Partial<App>): Configuration => ({
  environment: 'production',
  channels: {},
  apps: [{ ...app, ...change }],
});
const withService = (change: object): Found => ({
  ...found,
  services: { 'app-prod/web-app': { ...service, ...change } },
});
const withContainers = (containers: readonly string[]): Configuration =>
  withApp({ services: app.services.map((each) => ({ ...each, containers })) });

describe('compare', () => {
  it('advises the member of fairway.yml to change', () => {
    const [difference] = compare(
      withApp({}),
      withService({ definition: { ...web, family: 'web', revision: 'web:1' } }),
    );
    expect(difference).toMatchObject({
      where: 'services.web-app.taskDefinition',
      fix: 'write taskDefinition: web',
    });
  });

  it('finds nothing where everything is as configured, whether roles are names or ARNs', () => {
    expect(compare(withApp({}), found)).toEqual([]);
  });

  it.each<[string, Found, string, string]>([
    [
      'repository',
      { ...found, repositories: [] },
      'image.repository',
      'there is no ECR repository "team/web-app"',
    ],
    ['cluster', { ...found, clusters: {} }, 'cluster', 'there is no cluster "app-prod"'],
    ['cluster', { ...found, clusters: { 'app-prod': 'INACTIVE' } }, 'cluster', 'is INACTIVE'],
    ['service', { ...found, services: {} }, 'services.web-app', 'there is no service "web-app" in app-prod'],
    ['service', withService({ status: 'DRAINING' }), 'services.web-app', 'is DRAINING'],
    [
      'controller',
      withService({ controller: 'CODE_DEPLOY' }),
      'services.web-app',
      'the controller CODE_DEPLOY',
    ],
    ['strategy', withService({ strategy: 'SHADOW' }), 'services.web-app', 'the strategy SHADOW'],
    [
      'family',
      withService({ definition: { ...web, family: 'web', revision: 'web:1' } }),
      'services.web-app.taskDefinition',
      'fairway.yml has "web-app", the service runs web:1',
    ],
    [
      'container',
      withService({ definition: { ...web, containers: [{ ...web.containers[0], name: 'app' }] } }),
      'services.web-app.containers',
      'web-app:7 has no container "web", it has app',
    ],
    [
      'role',
      withService({ definition: { ...web, taskRole: 'arn:aws:iam::123456789012:role/other' } }),
      'services.web-app.taskRole',
      'fairway.yml has web-app-task, web-app:7 has arn:aws:iam::123456789012:role/other',
    ],
    [
      'log group',
      withService({ definition: { ...web, containers: [{ ...web.containers[0], logGroup: '/ecs/web' }] } }),
      'services.web-app.logGroup',
      'fairway.yml has /ecs/web-app, web-app:7 logs to /ecs/web',
    ],
    [
      'task family',
      { ...found, families: {} },
      'before.db-migrate.taskDefinition',
      'no active task definition',
    ],
    [
      'task container',
      {
        ...found,
        families: {
          'db-migrate': { ...migrate, containers: [{ name: 'run', image: 'x', logGroup: '/ecs/migrate' }] },
        },
      },
      'before.db-migrate.container',
      'db-migrate:3 has no container "migrate", it has run',
    ],
  ])('names a different %s', (_, seen, where, what) => {
    const differences = compare(withApp({}), seen);
    expect(differences).toEqual([
      expect.objectContaining({ app: 'web-app', where, what: expect.stringContaining(what) }),
    ]);
    expect(differences[0]?.fix).not.toBe('');
  });

  it('finds the containers that use the repository where none are named', () => {
    expect(compare(withContainers([]), found)).toEqual([]);
    const other = withService({
      definition: {
        ...web,
        containers: [{ name: 'web', image: 'my/team/web-app:1', logGroup: '/ecs/web-app' }],
      },
    });
    expect(compare(withContainers([]), other)).toEqual([
      expect.objectContaining({
        what: expect.stringContaining('no container of it runs an image of the repository team/web-app'),
      }),
    ]);
  });

  it('names every difference at once', () => {
    const all = compare(withApp({}), { ...found, repositories: [], families: {}, services: {} });
    expect(all.map(({ where }) => where)).toEqual([
      'image.repository',
      'services.web-app',
      'before.db-migrate.taskDefinition',
    ]);
  });

  it('says that a missing role could not be passed', () => {
    const { taskRole: _, ...without } = {
      ...app.services[0],
      name: 'web-app',
      wave: 1,
      family: 'web-app',
      containers: [],
    };
    expect(compare(withApp({ services: [without] }), found)).toEqual([
      expect.objectContaining({
        where: 'services.web-app.taskRole',
        fix: 'write taskRole: web-app-task, or passing it is denied',
      }),
    ]);
  });
});

describe('compare, when a service has an ARN of the short format', () => {
  const arn = (resource: string) => `arn:aws:ecs:us-east-1:123456789012:service/${resource}`;

  it('says that permissions and rules do not match it, and where AWS describes the migration', () => {
    const [difference, ...rest] = compare(withApp({}), withService({ arn: arn('web-app') }));
    expect(rest).toEqual([]);
    expect(difference?.what).toContain(`an ARN of the short format (${arn('web-app')})`);
    expect(difference?.fix).toContain('Migrate an Amazon ECS short service ARN to a long ARN');
  });

  it('accepts the long format', () => {
    expect(compare(withApp({}), withService({ arn: arn('app-prod/web-app') }))).toEqual([]);
  });
});

describe('compare, when a role has a path', () => {
  const service = { name: 'web-app', wave: 1, family: 'web-app', containers: [], logGroup: '/ecs/web-app' };
  const arn = (path: string) => `arn:aws:iam::123456789012:role/${path}`;
  const within = (
    definition: Partial<FoundDefinition>,
    wanted: { taskRole?: string; executionRole?: string },
  ) =>
    compare(
      withApp({ services: [{ ...service, ...wanted }] }),
      withService({ definition: { ...web, ...definition } }),
    ).map(({ where, fix }) => `${where}: ${fix}`);
  const has = { taskRole: arn('apps/web-task'), executionRole: arn('service-role/exec') };

  it('advises the whole name, since passing the role is granted for its path', () => {
    expect(within(has, {})).toEqual([
      'services.web-app.taskRole: write taskRole: apps/web-task, or passing it is denied',
      'services.web-app.executionRole: write executionRole: service-role/exec, or passing it is denied',
    ]);
  });

  it('does not accept the name without its path', () => {
    expect(within(has, { taskRole: 'web-task', executionRole: 'exec' })).toHaveLength(2);
    expect(within(has, { taskRole: 'apps/web-task', executionRole: 'service-role/exec' })).toEqual([]);
    expect(within(has, has)).toEqual([]);
  });

  it('compares the name that a task definition has where it has no ARN', () => {
    expect(within({ ...has, taskRole: 'web-task' }, { ...has, taskRole: 'web-task' })).toEqual([]);
  });
});

describe('renderDifferences', () => {
  it('shows how to fix each difference below it', () => {
    const differences = compare(withApp({}), { ...found, repositories: [] });
    expect(renderDifferences('Checked 1 app in AWS: 1 difference.', differences, plain).split('\n')).toEqual([
      '✗ Checked 1 app in AWS: 1 difference.',
      '',
      'web-app',
      '  ✗ image.repository: there is no ECR repository "team/web-app"',
      '    create it, or correct the name',
    ]);
  });
});

describe('the registry of the images', () => {
  const HOSTS = [
    '210987654321.dkr.ecr.us-east-1.amazonaws.com',
    '123456789012.dkr.ecr.eu-west-1.amazonaws.com',
  ];
  const running = (...images: readonly string[]) => {
    const containers = images.map((image, index) => ({
      name: index === 0 ? 'web' : `other-${index}`,
      image,
    }));
    return withService({
      definition: { ...web, containers: containers.map((one) => ({ ...one, logGroup: '/ecs/web-app' })) },
    });
  };

  it.each(HOSTS)('is said to be another one, where a release would be refused: %s', (host) => {
    for (const containers of [[], ['web']]) {
      const [difference, ...more] = compare(withContainers(containers), running(`${host}/team/web-app:1`));
      expect(more).toEqual([]);
      expect(difference).toMatchObject({ where: 'services.web-app.containers' });
      expect(difference?.what).toContain(`${host}/team/web-app:1`);
      expect(difference?.what).toContain('123456789012 in us-east-1');
    }
  });

  it.each(['123456789012.dkr.ecr-fips.us-east-1.amazonaws.com', '123456789012.dkr-ecr.us-east-1.on.aws'])(
    'is the same at %s',
    (host) => {
      expect(compare(withContainers([]), running(`${host}/team/web-app:1`))).toEqual([]);
    },
  );

  it('does not matter where another container takes the image', () => {
    const own = '123456789012.dkr.ecr.us-east-1.amazonaws.com/team/web-app:1';
    expect(compare(withContainers([]), running(own, `${HOSTS[0]}/team/web-app:1`))).toEqual([]);
  });
});

describe('compare, when volumes are configured at launch', () => {
  const arn = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
  const report = {
    ...app.before[0],
    name: 'report',
    family: 'report',
    container: 'migrate',
    environment: {},
    timeout: minute,
    retries: { times: 0, backoff: 30_000, exitCodes: [] },
    reversible: true,
  };
  const differencesOf = (
    volumeRole: string | undefined,
    volumes: Readonly<Record<string, string>>,
    volumesAtLaunch: readonly string[] = ['scratch'],
  ) =>
    compare(withApp({ before: [{ ...report, ...(volumeRole && { volumeRole }) }] }), {
      ...withService({ volumes }),
      families: { report: { ...migrate, volumesAtLaunch } },
    }).map(({ where, what, fix }) => [where, what, fix]);

  it('accepts the role that the service has', () => {
    expect(differencesOf('ecs-volumes', { scratch: arn('ecs-volumes') })).toEqual([]);
    expect(differencesOf(arn('ecs-volumes'), { scratch: arn('ecs-volumes') })).toEqual([]);
  });

  it.each([
    [undefined, 'none'],
    ['other', 'other'],
  ])('names the role to write instead of %s', (configured, shown) => {
    expect(differencesOf(configured, { scratch: arn('apps/ecs-volumes') })).toEqual([
      [
        'before.report.volumeRole',
        `fairway.yml has ${shown}, ECS creates the volume "scratch" with ${arn('apps/ecs-volumes')}`,
        'write volumeRole: apps/ecs-volumes, or passing it is denied',
      ],
    ]);
  });

  it('reports a volume that the service does not configure', () => {
    expect(differencesOf('ecs-volumes', {})).toEqual([
      [
        'before.report',
        'db-migrate:3 has the volume "scratch", which web-app does not configure',
        'configure the volume on the service',
      ],
    ]);
  });

  it('ignores the role where a task has no such volume', () => {
    expect(differencesOf('ecs-volumes', { scratch: arn('other') }, [])).toEqual([]);
  });

  it('compares the role that the tasks of a service take from it', () => {
    const services = app.services.map((each) => ({ ...each, volumeRole: 'old' }));
    const [difference, ...more] = compare(
      withApp({ services }),
      withService({ volumes: { scratch: arn('ecs-volumes') } }),
    );
    expect(more).toEqual([]);
    expect(difference).toMatchObject({
      where: 'services.web-app.volumeRole',
      what: `fairway.yml has old, ECS creates the volumes of "web-app" with ${arn('ecs-volumes')}`,
      fix: 'write volumeRole: ecs-volumes',
    });
  });
});
