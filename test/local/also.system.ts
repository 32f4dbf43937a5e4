import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../cli/fairway.ts';
import { recorded } from '../cli/fake-cloud.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const FILE = `environment: dev
environments:
  dev: { cluster: app-dev }
  staging: { cluster: app-staging }
  production: { cluster: app-prod, account: "210987654321", region: eu-west-1 }
defaults: { taskRole: web-app-task, executionRole: web-app-execution }
apps:
  web:
    image: { repository: web-app, tags: { semver: ">=1.0.0" } }
    services: [{ name: web-app }]
`;

describe('fairway local, with several environments', () => {
  let folder = '';
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fairway-also-'));
    await writeFile(join(folder, 'fairway.yml'), FILE);
  });
  afterAll(async () => {
    for (const child of children) if (child.exitCode === null) child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  /** The address once it answers. */
  async function started(line: string): Promise<string> {
    const child = spawn(process.execPath, [join(ROOT, 'cli/fairway.mjs'), ...line.split(' ')], {
      cwd: folder,
    });
    children.push(child);
    let out = '';
    for await (const chunk of child.stdout) {
      out += String(chunk);
      const [, url] = /^ready (.+)$/m.exec(out) ?? [];
      if (url !== undefined) return url;
    }
    throw new Error(`it ended: ${out}`);
  }

  async function fairway(line: string) {
    const { around, written } = recorded(folder);
    await run(line.split(' '), around);
    return written.out + written.err;
  }

  it('releases a push to the repository that they share in each of them', async () => {
    const url = await started('local --environment dev --also staging --port 0 --speed max');
    const body = JSON.stringify({ repository: 'web-app', tag: '1.1.0' });
    expect((await fetch(`${url}/_local/push`, { method: 'POST', body })).status).toBe(200);
    await fetch(`${url}/_local/clock`, { method: 'POST', body: '{"advance":"20m"}' });
    for (const environment of ['dev', 'staging']) {
      const said = await fairway(`status --environment ${environment} --local ${url}`);
      expect(said).toMatch(/live {6}1\.1\.0 \(\w+\) {2}v1/);
      expect(said).toContain(`in app-${environment}`);
    }
  }, 120_000);

  it('is in the account and region of the environment', async () => {
    const url = await started('local --environment production --port 0 --speed max');
    const said = await fairway(`permissions --for scale --environment production --local ${url}`);
    expect(said).toContain('arn:aws:ecs:eu-west-1:210987654321:service/app-prod/web-app');
  }, 120_000);

  it.each([
    ['local --port 0 --also production', 'it is in another account or region than 123456789012 in us-east-1'],
    ['local --port 0 --also dev', '--also dev: it already runs in this local cloud'],
    ['local --port 0 --also nope', 'there is no environment "nope"'],
    ['local --port 0 --also staging --package dist', '--package has one environment'],
  ])(
    'refuses `%s`',
    async (line, message) => {
      expect(await fairway(line)).toContain(message);
    },
    60_000,
  );
});
