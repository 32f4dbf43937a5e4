import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError } from '../../shared/config/faults.ts';
import { checkConfiguration, checkWholeFile } from '../../shared/config/load.ts';

const FILE = `environment: dev
channels: { mail: { sns: {} } }
defaults: { channels: [mail] }
environments:
  dev: { cluster: app-dev }
  staging: { cluster: app-staging }
  production:
    cluster: app-prod
apps:
  web:
    image: { repository: web, tags: { newest: "*" } }
    services: [{ name: web }]
`;
/** Each pair of a text and what it becomes. */
function changed(...pairs: readonly (readonly [string, string])[]): string {
  return pairs.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`not in the file: ${from}`);
    return text.replace(from, to);
  }, FILE);
}

describe('the faults of a file with several environments', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'fairway-environment-faults-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** "LINE PATH: MESSAGE" of each fault. */
  function faultsOf(text: string, environment?: string, check = checkWholeFile): readonly string[] {
    const file = join(folder, 'fairway.yml');
    writeFileSync(file, text);
    try {
      check(file, environment);
      return [];
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      return error.faults.map(({ line, path, message }) => `${line} ${path}: ${message}`);
    }
  }

  it('are none of a valid file', () => {
    expect(faultsOf(FILE)).toEqual([]);
  });

  it('are those of all environments at once, each once', () => {
    const text = changed(
      ['{ cluster: app-dev }', '{ cluster: 5, account: 5 }'],
      ['{ cluster: app-staging }', '{ cluster: 6 }'],
      ['repository: web', 'repository: "Web"'],
    );
    expect(faultsOf(text).map((fault) => fault.replace(/: expected.*/, ''))).toEqual([
      '5 environments.dev.cluster',
      '5 environments.dev.account',
      '6 environments.staging.cluster',
      '11 apps.web.image.repository',
    ]);
  });

  it('are those of one environment where only that is used', () => {
    const text = changed(['{ cluster: app-staging }', '{ cluster: 6 }']);
    expect(faultsOf(text, 'dev', checkConfiguration)).toEqual([]);
    expect(faultsOf(text, 'staging', checkConfiguration)).toHaveLength(1);
    expect(faultsOf(text, 'dev')).toHaveLength(1);
  });

  it.each(['staging', undefined])(
    'name the environments that have them, in a shared part: %s',
    (environment) => {
      const text = changed(
        ['{ cluster: app-staging }', '{ cluster: app-staging, channels: { mail: null } }'],
        ['    cluster: app-prod', '    cluster: app-prod\n    channels: { mail: null }'],
      );
      const check = environment === undefined ? checkWholeFile : checkConfiguration;
      expect(faultsOf(text, environment, check).at(-1)).toBe(
        '3 defaults.channels[0]: unknown channel "mail", expected one of the top-level "channels": there are none (in the environments "staging", "production")',
      );
    },
  );

  it('are reported once where an environment replaces a list', () => {
    const text = changed([
      '    cluster: app-prod',
      '    cluster: app-prod\n    apps: { web: { services: [{ nam: web }] } }',
    ]);
    const found = faultsOf(text);
    expect(found.map((fault) => fault.split(': ')[0])).toEqual([
      '9 environments.production.apps.web.services[0].name',
      '9 environments.production.apps.web.services[0].nam',
    ]);
  });

  it.each(['a_b', '"123"', 'prod-', 'Prod', 'a23456789012345678901234'])(
    'point at the name of an environment that is unusable: %s',
    (name) => {
      const [fault, ...others] = faultsOf(changed(['staging:', `${name}:`]));
      expect(others).toEqual([]);
      expect(fault).toMatch(/^6 environments.*: expected a short name of lowercase letters/);
      expect(faultsOf(changed(['staging:', `${name}:`]), name.replaceAll('"', ''))).toEqual([fault]);
    },
  );

  it('point once at an unusable name of an environment that overrides nothing', () => {
    const text = changed(
      ['staging: { cluster: app-staging }', 'Prod: null'],
      ['defaults: {', 'defaults: { cluster: app,'],
    );
    expect(faultsOf(text)).toEqual([expect.stringMatching(/^6 environments\.Prod: /)]);
  });

  it.each([
    ['dev', '{ account: 5 }'],
    ['dev', '{ region: moon }'],
    ['dev', '5'],
  ])('are reported once, also of the default environment: %s, %s', (name, overrides) => {
    const text = changed(['{ cluster: app-dev }', overrides], ['defaults: {', 'defaults: { cluster: app,']);
    expect(faultsOf(text)).toEqual([expect.stringContaining(`environments.${name}`)]);
    expect(faultsOf(text, name, checkConfiguration)).toHaveLength(1);
  });

  it('are only that an environment does not exist, where one is requested that does not', () => {
    expect(faultsOf(FILE, 'qa', checkConfiguration)).toEqual([
      '4 environments: there is no environment "qa": `environments` has "dev", "staging", "production"',
    ]);
  });

  it.each([
    ['environment: qa\n', /^1 environment: there is no environment "qa"/],
    ['', /environment: missing, expected the default, one of "dev", "staging", "production"/],
    ['environment: 5\n', /^1 environment: expected the default, one of "dev", "staging", "production"/],
  ])('include a default that is no environment: %j', (line, message) => {
    const text = changed(['environment: dev\n', line]);
    for (const environment of [undefined, 'staging', 'qa'])
      expect(faultsOf(text, environment)).toContainEqual(expect.stringMatching(message));
    expect(faultsOf(text, undefined, checkConfiguration)).toEqual([expect.stringMatching(message)]);
    // A mistake elsewhere does not keep anyone from a rollback.
    expect(faultsOf(text, 'staging', checkConfiguration)).toEqual([]);
  });

  it.each([
    ['environment: dev', 'the name of an environment is its key'],
    ['version: 2', 'the file has one version'],
    ['environments: {}', 'no environments within an environment'],
    ['regoin: eu-west-1', '"cluster", "installation", "region", "account"'],
  ])('include a member that no environment can override: %s', (member, message) => {
    const text = changed(['{ cluster: app-staging }', `{ cluster: x, ${member} }`]);
    const [fault, ...others] = faultsOf(text, 'dev');
    expect(others).toEqual([]);
    expect(fault).toContain(`6 environments.staging.${member.split(':')[0]}: `);
    expect(fault).toContain(message);
    expect(faultsOf(text, 'production', checkConfiguration)).toEqual([]);
    expect(faultsOf(text, 'staging', checkConfiguration)).toEqual([fault]);
    expect(fault).not.toMatch(/one of.*"(version|environment|environments)"/);
  });

  it.each(['cluster', 'region', 'account'])('are none for `%s: null`, which removes it', (member) => {
    const text = changed(
      ['defaults: {', 'region: eu-west-1\naccount: "111111111111"\ndefaults: { cluster: app,'],
      ['{ cluster: app-staging }', `{ ${member}: null }`],
    );
    const [fault] = faultsOf(text, 'staging', checkConfiguration);
    if (member === 'cluster') expect(fault).toContain('apps.web.cluster: missing');
    else expect(fault).toBeUndefined();
  });

  it('are none for `cluster: null` in a file without a cluster in `defaults`', () => {
    const text = changed(
      ['defaults: { channels: [mail] }\n', ''],
      ['{ cluster: app-staging }', '{ cluster: null, apps: { web: { cluster: own } } }'],
    );
    expect(faultsOf(text)).toEqual([]);
  });
});
