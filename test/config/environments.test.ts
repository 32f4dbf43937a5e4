import { compileConfiguration } from '../../shared/config/load.ts';

const FILE = `environment: staging
channels: { mail: { sns: {} } }
defaults: { channels: [mail], timeouts: { rollout: 20m } }
environments:
  staging:
    region: eu-west-1
    account: "111111111111"
    cluster: app-staging
    defaults: { timeouts: { capacity: 5m } }
    apps: { web: { image: { tags: { newest: "main-*" } } }, batch: null }
  production:
    account: "222222222222"
    cluster: app-prod
apps:
  web:
    image: { repository: web-app, tags: { semver: ">=1.0.0" } }
    services: [{ name: web-app }]
  batch:
    cluster: batch
    image: { repository: batch, tags: { semver: "*" } }
    services: [{ name: batch }]
`;
const compiled = (environment?: string, text = FILE) =>
  compileConfiguration(text, 'fairway.yml', environment);

describe('a file with several environments', () => {
  it('is by default that of `environment`', () => {
    expect(compiled().environment).toBe('staging');
  });

  it('takes the overrides of the environment that is requested', () => {
    expect(compiled('staging')).toMatchObject({ region: 'eu-west-1', account: '111111111111' });
    const production = compiled('production');
    expect(production).toMatchObject({ environment: 'production', account: '222222222222' });
    expect(production.region).toBeUndefined();
  });

  it.each([
    ['staging', FILE, undefined],
    ['production', FILE, 'fairway --environment production'],
    ['production', `command: npm run fairway --\n${FILE}`, 'npm run fairway -- --environment production'],
    ['production', `command: fairway --environment live\n${FILE}`, 'fairway --environment live'],
    [
      'production',
      `command: ./fairway\n${FILE}`.replace(
        '    cluster: app-prod',
        '    cluster: app-prod\n    command: ./live',
      ),
      './live --environment production',
    ],
  ])('suggests commands that act in the environment: %s', (environment, text, command) => {
    expect(compiled(environment, text).command).toBe(command);
  });

  it('uses the cluster of the environment for apps that name none', () => {
    expect(compiled('production').apps.map(({ name, cluster }) => [name, cluster])).toEqual([
      ['web', 'app-prod'],
      ['batch', 'batch'],
    ]);
  });

  it('merges mappings member by member, and removes what is null', () => {
    const [web, ...others] = compiled('staging').apps;
    expect(others).toEqual([]);
    expect(web?.timeouts).toMatchObject({ rollout: 20 * 60_000, capacity: 5 * 60_000 });
    expect(web?.image).toMatchObject({ repository: 'web-app' });
  });

  it('is the file as it is, if it has no overrides', () => {
    const text = FILE.replace(/ production:.*?\napps:/s, ' production:\napps:');
    expect(compiled('production', text.replace('web:\n', 'web:\n    cluster: c\n')).apps).toHaveLength(2);
  });

  it('replaces the tag policy only as a whole', () => {
    const text = FILE.replace('tags: { newest: "main-*" }', 'ignore: ["*-dev"]');
    expect(compiled('staging', text).apps[0]?.image).toEqual({
      repository: 'web-app',
      tags: { kind: 'semver', range: '>=1.0.0' },
      ignore: ['*-dev'],
    });
    expect(compiled('staging').apps[0]?.image.tags).toEqual({ kind: 'newest', match: { glob: 'main-*' } });
  });

  it('suggests the name of an environment that does not exist', () => {
    expect(() => compiled('prodution')).toThrow(
      /there is no environment "prodution": `environments` has "staging", "production"; did you mean "production"\?/,
    );
    expect(() => compiled(undefined, FILE.replace('environment: staging', 'environment: test'))).toThrow(
      /fairway\.yml:1:1.*there is no environment "test"/,
    );
  });

  it.each([
    ['region: eu-west-1', 'regoin: eu-west-1', 6, 'regoin'],
    ['cluster: app-staging', 'cluster: 5', 8, 'cluster'],
    ['capacity: 5m', 'capacity: 5min', 9, 'capacity'],
    ['account: "111111111111"', 'account: 111111111111', 7, 'account'],
  ])('reports a fault where it is written: %s', (right, wrong, line, name) => {
    expect(() => compiled('staging', FILE.replace(right, wrong))).toThrow(
      new RegExp(`fairway\\.yml:${line}:\\d+.*environments\\.staging.*${name}`),
    );
  });

  it('reports what an app lacks that only the environment has', () => {
    const text = FILE.replace('batch: null', 'extra: { services: [{ name: extra }] }');
    expect(() => compiled('staging', text)).toThrow(
      /fairway\.yml:10:\d+.*environments\.staging\.apps\.extra/,
    );
  });
});

describe('a file with one environment', () => {
  const text = FILE.replace(/environments:\n(?: .*\n)+/, '').replace(
    'defaults: {',
    'defaults: { cluster: app, ',
  );

  it('is that environment, also where it is requested', () => {
    expect(compiled('staging', text)).toEqual(compiled(undefined, text));
  });

  it('is no other', () => {
    expect(() => compiled('production', text)).toThrow(
      'the environment "production" was requested, and this file has only "staging"',
    );
  });
});
