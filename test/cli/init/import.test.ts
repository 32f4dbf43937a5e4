import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { run } from '../../../cli/fairway.ts';
import { aCluster, fakeCloud, recorded } from '../fake-cloud.ts';

describe('fairway import', () => {
  let directory = '';
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'fairway-test-import-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  async function fairway(...line: readonly string[]) {
    const cloud = await fakeCloud(aCluster);
    const { around, written } = recorded(directory);
    const code = await run([...line, '--local', cloud.url], around);
    await cloud.stop();
    return { code, ...written };
  }
  const read = (file: string) => readFileSync(join(directory, file), 'utf8');

  it('writes the configuration, says what to check, and what to do next', async () => {
    const { code, out, err } = await fairway('import', '--cluster', 'app', '--region', 'eu-west-1');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(parse(read('fairway.yml'))).toMatchObject({
      environment: 'production',
      region: 'eu-west-1',
      defaults: { cluster: 'app' },
      apps: { web: { services: [{ name: 'web' }] } },
    });
    expect(out).toMatch(
      /^fairway\.yml was written\.\n\nCheck 3 notes:\n {2}environment: .*\n {2}channels\.mail: .*\n {2}apps\.web\.image\.tags: .*\n\nNext:/,
    );
  });

  it('does not replace a file that differs, and shows the difference', async () => {
    writeFileSync(join(directory, 'fairway.yml'), 'environment: mine\n');
    const { code, err } = await fairway('import', '--cluster', 'app');
    expect(code).toBe(1);
    expect(err).toMatch(/nothing was written.*\nfairway\.yml:\n {2}-environment: mine\n/);
    expect(read('fairway.yml')).toBe('environment: mine\n');
  });

  it('has nothing to write the second time', async () => {
    await fairway('import', '--cluster', 'app');
    expect((await fairway('import', '--cluster', 'app')).out).toMatch(
      /^Nothing to write: fairway\.yml already has this content/,
    );
  });

  it('writes another file where one is named, in the environment that is named', async () => {
    const named = ['--out', 'other.yml', '--environment', 'staging'];
    const { out } = await fairway('import', '--cluster', 'app', ...named);
    expect(out).toMatch(/ verify --config other\.yml\n?$/);
    expect(readdirSync(directory)).toEqual(['other.yml']);
    expect(parse(read('other.yml'))).toMatchObject({ environment: 'staging' });
  });

  it('prints and writes nothing with --json', async () => {
    const { out } = await fairway('import', '--cluster', 'app', '--json');
    expect(JSON.parse(out)).toMatchObject({
      configuration: { apps: { web: {} } },
      notes: ['environment', 'region', 'channels.mail', 'apps.web.image.tags'].map((what) =>
        expect.stringMatching(new RegExp(`^${what}: A guess`)),
      ),
    });
    expect(readdirSync(directory)).toEqual([]);
  });

  it('asks for the cluster', async () => {
    expect(await fairway('import')).toMatchObject({
      code: 64,
      err: expect.stringContaining('--cluster is missing'),
    });
  });
});

describe('fairway permissions --for import', () => {
  it('needs no file, and allows reads only', async () => {
    const { around, written } = recorded(tmpdir());
    expect(await run(['permissions', '--for', 'import'], around)).toBe(0);
    const [statement] = JSON.parse(written.out).Statement;
    for (const action of statement.Action) expect(action).toMatch(/:(?:Describe|Get|List)/);
  });
});
