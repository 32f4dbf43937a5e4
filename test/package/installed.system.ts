import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { loadStack } from '../../local/stack/load.ts';
import type { Stack } from '../../local/stack/stack.ts';
import { packedHere } from '../packaged/tarball.ts';
import { type Folder, installInto } from './installed.ts';

/** The npm package, from its tarball alone, in folders outside the checkout and without the network. */

/** A user's own package. Neither its settings nor its dependencies, of other versions than ours, must matter. */
const FOREIGN = ['zod', 'yaml', 'semver', '@aws-sdk/client-ecs'];
const COMMONJS = Object.fromEntries([
  [
    'package.json',
    JSON.stringify({
      name: 'deploys',
      private: true,
      type: 'commonjs',
      dependencies: Object.fromEntries(FOREIGN.map((name) => [name, `file:./${name}`])),
    }),
  ],
  ...FOREIGN.flatMap((name) => [
    [`${name}/package.json`, JSON.stringify({ name, version: '0.0.1' })],
    [`${name}/index.js`, `throw new Error('the ${name} of the user was loaded');`],
  ]),
]);

let tarball = '';
beforeAll(async () => {
  tarball = await packedHere();
}, 240_000);

const control = async (url: string, path: string, body: object) => {
  const response = await fetch(`${url}/_local/${path}`, { method: 'POST', body: JSON.stringify(body) });
  return response.json();
};
const ROOT = join(import.meta.dirname, '..', '..');
const PLACE = { account: '123456789012', region: 'us-east-1' };
const digestOf = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');

describe.each([
  ['an empty folder', {}],
  ['a folder with a CommonJS package', COMMONJS],
])('the package, installed into %s', (_, files) => {
  let folder: Folder;
  beforeAll(async () => {
    folder = await installInto(files, tarball);
  }, 120_000);
  afterAll(() => folder?.remove());

  it('is one package, and runs no script', async () => {
    const own = Object.keys(files).length === 0 ? 0 : FOREIGN.length;
    expect(folder.installed).toContain(`added ${1 + own} package`);
    expect(folder.installed).not.toMatch(/script/);
    expect(await readdir(join(folder.path, 'node_modules', 'fairway-ecs'))).not.toContain('node_modules');
  });

  it.each(['docs/install.md', 'docs/measurements.md'])('has the size that %s states', async (page) => {
    const [, packed, installed] =
      /([\d.]+) MB packed(?:,| and) ([\d.]+) MB installed/.exec(readFileSync(join(ROOT, page), 'utf8')) ?? [];
    const files = await readdir(join(folder.path, 'node_modules', 'fairway-ecs'), {
      recursive: true,
      withFileTypes: true,
    });
    const sizes = files
      .filter((file) => file.isFile())
      .map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size);
    const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    expect(Math.abs((await stat(tarball)).size / 1e6 - Number(packed))).toBeLessThan(0.2);
    expect(Math.abs(bytes / 1e6 - Number(installed))).toBeLessThan(0.3);
  });

  it('has documents whose links lead to files that it has', async () => {
    const installed = join(folder.path, 'node_modules', 'fairway-ecs');
    const pages = (await readdir(join(installed, 'docs'), { recursive: true })).filter((file) =>
      file.endsWith('.md'),
    );
    const dead = pages.flatMap((page) => {
      const links = readFileSync(join(installed, 'docs', page), 'utf8').matchAll(
        /\]\((?![a-z]+:|#)([^)#\s]+)/g,
      );
      const targets = Array.from(links, ([, target = '']) => join(installed, 'docs', page, '..', target));
      return targets.filter((target) => !existsSync(target)).map((target) => `${page}: ${target}`);
    });
    expect(pages.length).toBeGreaterThan(30);
    expect(dead).toEqual([]);
  });

  it('writes an example', async () => {
    const { code, out, err } = await folder.fairway('init --example');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(
      /fairway\.yml: new\nserverless\.yml: new\n\.gitignore: new\n\nNext:\n {2}npx --no-install fairway check\n {2}npx --no-install fairway local\n$/,
    );
  });

  it.each([
    ['--help', /^fairway: push an image/],
    ['--version', /^fairway \d+\.\d+\.\d+/],
    ['--json version', /^\{/],
  ])(
    'gets an option that precedes the command: npx --no-install fairway %s',
    async (line, expected) => {
      const { code, out } = await folder.npx(line);
      expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(expected) });
    },
    60_000,
  );

  it('says its version and the digests of its functions', async () => {
    const { out } = await folder.fairway('version');
    expect(out).toMatch(/^fairway \d+\.\d+\.\d+\n( {2}[a-z-]+ +sha256:[0-9a-f]{64}\n){6}$/);
  });

  it.each([
    ['node16', 'config.cts'],
    ['node16', 'config.mts'],
    ['nodenext', 'config.ts'],
    ['preserve', 'config.ts'],
  ])(
    'has types for modules of the kind %s: %s',
    async (module, file) => {
      const text =
        "import type { Configuration } from 'fairway-ecs';\nexport const good: Configuration = { environment: 'a', apps: {} };\n";
      const wrong =
        '// @ts-expect-error: the environment is a text\nexport const bad: Configuration = { environment: 1 };\n';
      await writeFile(join(folder.path, file), text + wrong);
      expect(await folder.typecheck(file, module)).toEqual({ code: 0, out: '', err: '' });
    },
    60_000,
  );

  it('checks the configuration', async () => {
    expect(await folder.fairway('check')).toMatchObject({ code: 0, err: '' });
  });

  it('packages a template and archives, the same bytes each time', async () => {
    expect(await folder.fairway('package --out dist')).toMatchObject({ code: 0, err: '' });
    const dist = join(folder.path, 'dist');
    const { template, uploads } = JSON.parse(await readFile(join(dist, 'manifest.json'), 'utf8'));
    for (const { file, sha256, bytes } of [template, ...uploads]) {
      expect(digestOf(join(dist, file))).toBe(sha256);
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

describe('the package that npx fetches', () => {
  it('writes files in an empty folder, and begins with its installation', async () => {
    const path = await mkdtemp(join(tmpdir(), 'fairway-fetched-'));
    const { stdout } = await promisify(execFile)('npx', ['--yes', `file:${tarball}`, 'init', '--example'], {
      cwd: path,
      env: { ...process.env, npm_config_offline: 'true', npm_config_cache: join(path, 'cache') },
    });
    const written = await readdir(path);
    await rm(path, { recursive: true });
    expect(written).toEqual(
      expect.arrayContaining(['.gitignore', 'fairway.yml', 'package.json', 'serverless.yml']),
    );
    expect(stdout).toMatch(/\n\nNext:\n {2}npm install && npx --no-install fairway check\n/);
  }, 60_000);
});

describe('the plugin for the Serverless Framework', () => {
  let folder: Folder;
  beforeAll(async () => {
    folder = await installInto({}, tarball);
    await folder.fairway('init --example');
    // The user's own osls.
    const installed = join(folder.path, 'node_modules', 'serverless');
    await symlink(join(ROOT, 'node_modules', 'serverless'), installed, 'junction');
  }, 60_000);
  afterAll(() => folder?.remove());

  const comparable = ({ template: _, ...stack }: Stack) => ({
    ...stack,
    functions: stack.functions.map(({ zipPath, ...rest }) => ({ ...rest, code: digestOf(zipPath) })),
    resources: stack.resources.filter(({ logicalId }) => !logicalId.startsWith('ServerlessDeploymentBucket')),
  });

  it('packages the stack and the archives of `fairway package`', async () => {
    const { code, err } = await folder.serverless('package');
    expect({ code, stack: /^\s+at /m.test(err) }).toEqual({ code: 0, stack: false });
    await folder.fairway('package --out dist');
    const theirs = await loadStack(join(folder.path, '.serverless'), PLACE);
    const ours = await loadStack(join(folder.path, 'dist'), PLACE);
    expect(comparable(theirs)).toEqual(comparable(ours));
  }, 120_000);

  it('lists faults of fairway.yml without a stack trace', async () => {
    await writeFile(join(folder.path, 'fairway.yml'), 'environment: production\napps: {}\nregoin: x\n');
    const { code, out, err } = await folder.serverless('package');
    expect(code).toBe(1);
    expect(`${out}${err}`).toMatch(/fairway\.yml:3:1.*regoin/);
    expect(`${out}${err}`).not.toMatch(/^\s+at /m);
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
