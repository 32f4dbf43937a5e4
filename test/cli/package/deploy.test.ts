import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../../cli/fairway.ts';
import { recorded } from '../fake-cloud.ts';

const CONFIGURATION = `environment: staging
channels: { mail: { sns: {} } }
apps:
  web:
    cluster: app
    channels: [mail]
    image: { repository: web-app, tags: { semver: ">=1.0.0" } }
    services: [{ name: web-app }]
`;
/** Writes down what it was called with, instead of deploying. */
const FRAMEWORK = `
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => /^(AWS|FAIRWAY)_/.test(name)));
require('node:fs').writeFileSync('called.json', JSON.stringify({ words: process.argv.slice(2), env }));
process.exit(process.argv.includes('eu-central-1') ? 1 : 0);
`;

const OSLS = { name: 'osls', version: '4.3.1', bin: { serverless: 'bin/osls.js' } };

describe('fairway deploy-stack', () => {
  let directory = '';
  const before = { ...process.env };
  beforeEach(() => {
    env = {};
    directory = mkdtempSync(join(tmpdir(), 'fairway-test-deploy-'));
    process.env.AWS_ACCESS_KEY_ID = 'AKIATEST';
    process.env.AWS_SECRET_ACCESS_KEY = 'secret';
    writeFileSync(join(directory, 'fairway.yml'), CONFIGURATION);
    writeFileSync(join(directory, 'serverless.yml'), 'service: fairway\nplugins: [fairway-ecs]\n');
  });
  afterEach(() => {
    process.env = { ...before };
    rmSync(directory, { recursive: true });
  });

  function install(manifest: object = OSLS) {
    const folder = join(directory, 'node_modules', 'serverless');
    mkdirSync(join(folder, 'bin'), { recursive: true });
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    writeFileSync(join(folder, 'bin', 'osls.js'), FRAMEWORK);
  }
  let env: Readonly<Record<string, string>> = {};
  async function deploy(...line: readonly string[]) {
    const { around, written } = recorded(directory);
    const code = await run(['deploy-stack', ...line], { ...around, env });
    const called = join(directory, 'called.json');
    return { code, ...written, called: existsSync(called) && JSON.parse(readFileSync(called, 'utf8')) };
  }

  it('runs serverless deploy with the region and the credentials of every command', async () => {
    install();
    const { code, called } = await deploy('--region', 'eu-west-1');
    expect(code).toBe(0);
    expect(called).toEqual({
      words: ['deploy', '--region', 'eu-west-1'],
      env: {
        AWS_ACCESS_KEY_ID: 'AKIATEST',
        AWS_SECRET_ACCESS_KEY: 'secret',
        AWS_SESSION_TOKEN: '',
        AWS_REGION: 'eu-west-1',
        FAIRWAY_CONFIG: join(directory, 'fairway.yml'),
        FAIRWAY_ENVIRONMENT: 'staging',
      },
    });
  });

  it('leaves the framework no other credentials, which it would prefer', async () => {
    install();
    env = {
      AWS_PROFILE: 'other',
      AWS_DEFAULT_PROFILE: 'other',
      AWS_STAGING_PROFILE: 'other',
      AWS_STAGING_ACCESS_KEY_ID: 'AKIAOTHER',
      AWS_STAGING_SECRET_ACCESS_KEY: 'other',
      AWS_SESSION_TOKEN: 'other',
      AWS_CONFIG_FILE: '/nowhere',
    };
    const { called } = await deploy('--region', 'eu-west-1');
    expect(called.env).toMatchObject({ AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_CONFIG_FILE: '/nowhere' });
    expect(JSON.stringify(called.env)).not.toMatch(/other/i);
  });

  it('fails where serverless fails', async () => {
    install();
    expect(await deploy('--region', 'eu-central-1')).toMatchObject({ code: 1 });
  });

  it('says what to install', async () => {
    const { code, err } = await deploy('--region', 'eu-west-1');
    expect(code).toBe(1);
    expect(err).toContain('npm install --save-dev serverless@npm:osls@');
  });

  it.each([
    ['of another version', { ...OSLS, version: '4.0.0' }, 'osls 4.0.0'],
    [
      'that is the Serverless Framework 3',
      { ...OSLS, name: 'serverless', version: '3.40.0' },
      'serverless 3.40.0',
    ],
    ['without its program', { ...OSLS, bin: undefined }, 'osls 4.3.1'],
  ])('refuses a framework %s', async (_, manifest, found) => {
    install(manifest);
    const { code, err, called } = await deploy('--region', 'eu-west-1');
    expect({ code, called }).toEqual({ code: 1, called: false });
    expect(err).toContain(
      `${found} is installed as serverless, and osls >=4.3.1 <5 is needed. Run "npm install`,
    );
  });

  it('lists faults of the configuration before it starts anything', async () => {
    install();
    writeFileSync(join(directory, 'fairway.yml'), CONFIGURATION.replace('cluster:', 'clutser:'));
    const { code, err, called } = await deploy('--region', 'eu-west-1');
    expect({ code, called }).toEqual({ code: 1, called: false });
    expect(err).toMatch(/fairway\.yml:5:5.*clutser/);
    expect(err).not.toMatch(/^\s+at /m);
  });

  it('refuses the function of another environment', async () => {
    install();
    const { code, err, called } = await deploy('--region', 'eu-west-1', '--function', 'fairway-live-operate');
    expect({ code, called }).toEqual({ code: 1, called: false });
    expect(err).toContain(
      'is of the stack fairway-live, and the configuration file describes fairway-staging',
    );
  });

  it('refuses the stage of another environment', async () => {
    install();
    const { code, err } = await deploy('--region', 'eu-west-1', '--stage', 'production');
    expect(code).toBe(1);
    expect(err).toContain('--stage production does not match');
  });

  it.each(['service: api\n', 'service: api\nplugins: [serverless-offline]\n', ''])(
    'does not deploy the service of another serverless.yml: %j',
    async (text) => {
      install();
      writeFileSync(join(directory, 'serverless.yml'), text);
      const { code, err, called } = await deploy('--region', 'eu-west-1');
      expect({ code, called }).toEqual({ code: 1, called: false });
      expect(err).toContain('does not list the plugin fairway-ecs');
    },
  );

  it('finds the plugin among several, however they are listed', async () => {
    install();
    for (const list of [
      '\n  modules:\n    - other\n    - fairway-ecs',
      '${file(plugins.yml)}',
      '\n  - other\n  - ${env:PLUGIN}',
    ]) {
      writeFileSync(join(directory, 'serverless.yml'), `service: fairway\nplugins: ${list}\n`);
      expect(await deploy('--region', 'eu-west-1')).toMatchObject({ code: 0 });
    }
  });

  it('needs a serverless.yml', async () => {
    install();
    rmSync(join(directory, 'serverless.yml'));
    expect((await deploy('--region', 'eu-west-1')).err).toMatch(/there is no serverless\.yml .* init/);
  });
});
