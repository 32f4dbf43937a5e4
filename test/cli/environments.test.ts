import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../cli/fairway.ts';
import { commands } from '../../cli/registry.ts';
import { denyingCloud, recorded, restoreVariables, useOnly } from './fake-cloud.ts';
import { ASKING, LINES } from './lines.ts';

const APPS = `apps:
  web:
    image: { repository: web, tags: { newest: "*" } }
    services: [{ name: web }]
    tasks: [{ name: report, container: web }]
infrastructure: { repositories: { web: {} } }
`;
const FILE = `environment: dev
environments:
  dev: { region: eu-west-1, cluster: app-dev }
  staging: { region: eu-north-1, cluster: app-staging }
${APPS}`;

/** Their option names the environment of the file that they write. */
const WRITES_FILE = ['init --cluster app', 'init --example', 'init --foundation', 'import --cluster app'];
/** They act in none: a script can pass it to every command. */
const NONE: readonly string[] = ['docs', 'help', 'migrate', 'version', 'permissions --for import'];

describe('--environment', () => {
  const before = { ...process.env };
  let cloud: Awaited<ReturnType<typeof denyingCloud>>;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fairway-environments-'));
    await writeFile(join(folder, 'fairway.yml'), FILE);
    cloud = await denyingCloud();
    useOnly(cloud);
  });
  beforeEach(() => cloud.received.splice(0));
  afterAll(async () => {
    restoreVariables(before);
    await cloud.stop();
    await rm(folder, { recursive: true });
  });

  async function act(line: string, env: Readonly<Record<string, string>> = {}) {
    const { around, written } = recorded(folder);
    const code = await run(line.split(' '), { ...around, env: { ...process.env, ...env } });
    return { code, said: written.out + written.err };
  }
  const asked = () => cloud.received.map(({ path, body, region }) => `${region} ${path} ${body}`).join('\n');

  it('is tried with every command', () => {
    const tried = [...Object.keys(LINES), ...[...WRITES_FILE, ...NONE].map((line) => line.split(' ')[0])];
    expect([...new Set(tried)].sort()).toEqual(Object.keys(commands).sort());
  });

  describe.each(Object.values(LINES))('of `%s`', (line) => {
    it.each([
      ['the option', `${line} --environment nope`, {}],
      ['the variable', line, { FAIRWAY_ENVIRONMENT: 'nope' }],
    ])('is refused if the file does not have it: %s', async (_, wrong, env) => {
      const { code, said } = await act(wrong, env);
      expect([1, 64]).toContain(code);
      expect(said).toContain('no environment "nope"');
      expect(said).toContain('"dev", "staging"');
      expect(asked()).toBe('');
    });
  });

  describe.each(ASKING)('of `%s`', (_, line) => {
    it.each([
      ['the option', `${line} --environment staging`, {}],
      ['the variable', line, { FAIRWAY_ENVIRONMENT: 'staging' }],
      ['the stage', `${line} --stage staging`, {}],
    ])('decides where it acts: %s', async (from, right, env) => {
      // `version --stack` shows all stacks unless one environment is requested.
      if (line === 'version --stack' && from === 'the stage') return;
      await act(right, env);
      expect(asked()).toMatch(/^eu-north-1 /);
      expect(asked()).not.toMatch(/eu-west-1|app-dev|fairway-dev/);
    });
  });

  it.each(NONE)('changes nothing for `%s`', async (line) => {
    expect(await act(`${line} --environment staging`)).toEqual(await act(line));
  });

  it.each(WRITES_FILE)('is a usable name in the file that `%s` writes', async (line) => {
    const { code, said } = await act(`${line} --region eu-west-1 --environment Prod_1`);
    expect(code).toBe(64);
    expect(said).toContain('--environment Prod_1: expected a short name of lowercase letters');
    const { said: ofVariable } = await act(`${line} --region eu-west-1`, { FAIRWAY_ENVIRONMENT: 'Prod_1' });
    expect(ofVariable).toContain('FAIRWAY_ENVIRONMENT=Prod_1: expected a short name of lowercase letters');
    expect(asked()).toBe('');
  });

  it.each(['check', 'package', 'package --environment dev'])(
    'does not hide the mistakes of others: `%s`',
    async (line) => {
      const faulty = FILE.replace('app-dev', '5').replace('app-staging', '6');
      await writeFile(join(folder, 'faulty.yml'), faulty);
      const { code, said } = await act(`${line} --config faulty.yml`);
      expect(code).toBe(1);
      expect(said).toContain('2 mistakes');
      expect(said).toMatch(
        /:3:\d+ environments\.dev\.cluster: [\s\S]*:4:\d+ environments\.staging\.cluster: /,
      );
    },
  );

  it('says which environments a warning is about', async () => {
    const quiet = FILE.replace('cluster: app-dev', 'cluster: app-dev, defaults: { channels: [mail] }');
    await writeFile(join(folder, 'quiet.yml'), `channels: { mail: { sns: {} } }\n${quiet}`);
    const { code, said } = await act('check --config quiet.yml');
    expect(code).toBe(0);
    expect(said).toMatch(/apps\.web: no channels.*\(in the environment "staging"\)$/m);
  });

  it('scales the service of the environment', async () => {
    await act('scale web 2 --environment staging');
    expect(asked()).toContain('app-staging');
  });

  it.each([
    ['--environment staging --stage dev', {}, '--stage dev contradicts --environment staging'],
    [
      '--stage dev',
      { FAIRWAY_ENVIRONMENT: 'staging' },
      '--stage dev contradicts FAIRWAY_ENVIRONMENT=staging',
    ],
    [
      '--environment staging --function fairway-dev-operate',
      {},
      '--function fairway-dev-operate contradicts --environment staging',
    ],
    [
      '--stage staging --function arn:aws:lambda:eu-west-1:123456789012:function:fairway-dev-operate:read',
      {},
      'fairway-dev-operate:read contradicts --stage staging',
    ],
    ['--environment dev --environment staging', {}, '--environment is given twice, as "dev" and "staging"'],
  ])('is contradicted by nothing: %s', async (options, env, message) => {
    for (const line of Object.values(LINES)) {
      const { code, said } = await act(`${line} ${options}`, env);
      expect([line, code, said]).toEqual([line, 64, expect.stringContaining(message)]);
    }
    expect(asked()).toBe('');
  });

  it.each([
    '--stage staging',
    '--environment staging',
    '--function fairway-staging-operate',
    '--function fairway-payments-staging-operate:read',
    '--function mine',
  ])('agrees with %s', async (options) => {
    const { said } = await act(`status --environment staging ${options}`);
    expect(said).not.toContain('contradicts');
    expect(asked()).toMatch(/^eu-north-1 /);
  });
});
