import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Folder, installInto, packTarball } from './installed.ts';

/** The npm package, from its tarball alone, in folders outside the checkout and without the network. */

/** A user's own package, whose settings must not matter. */
const COMMONJS = JSON.stringify({ name: 'deploys', private: true, type: 'commonjs' });

let directory = '';
let tarball = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'fairway-tarball-'));
  tarball = await packTarball(directory);
}, 240_000);
afterAll(() => rm(directory, { recursive: true, force: true }));

const control = async (url: string, path: string, body: object) => {
  const response = await fetch(`${url}/_local/${path}`, { method: 'POST', body: JSON.stringify(body) });
  return response.json();
};
const digestOf = async (file: string) =>
  createHash('sha256')
    .update(await readFile(file))
    .digest('hex');

describe.each([
  ['an empty folder', {}],
  ['a folder with a CommonJS package', { 'package.json': COMMONJS }],
])('the package, installed into %s', (_, files) => {
  let folder: Folder;
  beforeAll(async () => {
    folder = await installInto(files, tarball);
  }, 120_000);
  afterAll(() => folder?.remove());

  it('is one package, and runs no script', async () => {
    expect(folder.installed).toMatch(/added 1 package/);
    expect(folder.installed).not.toMatch(/script/);
    expect(await readdir(join(folder.path, 'node_modules', 'fairway-ecs'))).not.toContain('node_modules');
  });

  it('writes an example', async () => {
    const { code, out, err } = await folder.fairway('init --example');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(
      /fairway\.yml: new\nserverless\.yml: new\n\nNext:\n {2}npx --no fairway check\n {2}npx --no fairway local\n$/,
    );
  });

  it('says its version and the digests of its functions', async () => {
    const { out } = await folder.fairway('version');
    expect(out).toMatch(/^fairway \d+\.\d+\.\d+\n( {2}[a-z-]+ +sha256:[0-9a-f]{64}\n){5}$/);
  });

  it('checks the configuration', async () => {
    expect(await folder.fairway('check')).toMatchObject({ code: 0, err: '' });
  });

  it('packages a template and archives, the same bytes each time', async () => {
    expect(await folder.fairway('package --out dist')).toMatchObject({ code: 0, err: '' });
    const dist = join(folder.path, 'dist');
    const { template, uploads } = JSON.parse(await readFile(join(dist, 'manifest.json'), 'utf8'));
    for (const { file, sha256, bytes } of [template, ...uploads]) {
      expect(await digestOf(join(dist, file))).toBe(sha256);
      expect((await stat(join(dist, file))).size).toBe(bytes);
    }
    const again = await folder.fairway('package --out dist --json');
    expect(JSON.parse(again.out)).toMatchObject({ template, uploads });
    expect((await folder.fairway('package')).code).toBe(0);
  }, 60_000);

  it('runs a local cloud with what it packaged, and releases a push there', async () => {
    const url = await folder.local('local --package dist');
    await control(url, 'clock', { speed: 'max' });
    await control(url, 'clock', { advance: '6m' });
    await control(url, 'push', { repository: 'web-app', tag: '1.1.0' });
    await control(url, 'clock', { advance: '10m' });
    const { code, out } = await folder.fairway(`status --local ${url}`);
    expect({ code, live: /live +(\S+)/.exec(out)?.[1] }).toEqual({ code: 0, live: '1.1.0' });
  }, 120_000);

  it('runs a local cloud without being packaged first', async () => {
    const url = await folder.local('local --port 0 --speed max');
    expect((await folder.fairway(`status --local ${url}`)).code).toBe(0);
  }, 60_000);
});

describe('faults of fairway.yml', () => {
  it.each(['check', 'package --out dist', 'local'])(
    'are printed by fairway %s without a stack trace',
    async (line) => {
      const folder = await installInto(
        { 'fairway.yml': 'environment: production\napps: {}\nregoin: x\n' },
        tarball,
      );
      const { code, err } = await folder.fairway(line);
      await folder.remove();
      expect(code).toBe(1);
      expect(err).toMatch(/fairway\.yml:3:1.*regoin/);
      expect(err).not.toMatch(/^\s+at /m);
    },
    60_000,
  );
});
