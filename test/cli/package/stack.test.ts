import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../../cli/fairway.ts';
import { recorded } from '../fake-cloud.ts';

const FILE = (production: string) => `environment: dev
region: eu-west-1
channels: { mail: { sns: {} } }
defaults: { cluster: app, channels: [mail] }
environments:
  dev: {}
  production: { ${production} }
apps:
  web:
    image: { repository: web, tags: { newest: "*" } }
    services: [{ name: web }]
`;
const MISTAKE = 'environments.production.acount: unknown member';

describe('a file with several environments', () => {
  const directory = mkdtempSync(join(tmpdir(), 'fairway-test-stack-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  async function fairway(line: string, production: string) {
    writeFileSync(join(directory, 'fairway.yml'), FILE(production));
    const { around, written } = recorded(directory);
    await run(line.split(' '), around);
    return written.out + written.err;
  }

  it('is packaged only without a mistake in any of them', async () => {
    expect(await fairway('package --out dist --environment dev', 'acount: 1')).toContain(MISTAKE);
  });

  it.each([
    ['local --port 0 --also nope', 'there is no environment "nope"'],
    ['plan --stack --local http://127.0.0.1:9', 'http://127.0.0.1:9'],
  ])('does not stop `%s` for a mistake in another one', async (line, reached) => {
    const said = await fairway(line, 'acount: 1');
    expect(said).toContain(reached);
    expect(said).not.toContain(MISTAKE);
  });

  it('is packaged with a warning of two that can be in one place', async () => {
    const said = await fairway('package --out dist --environment dev', '');
    expect(said).toMatch(/warning: .*"dev" and "production" can be in the same account and region/);
  });
});
