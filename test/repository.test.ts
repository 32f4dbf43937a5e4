import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { anchorOf } from '../site/pages.ts';
import { runtime } from '../stack/built.ts';

const ROOT = join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const parsed = (file: string) => parse(read(file));
const workflows = readdirSync(join(ROOT, '.github/workflows')).map((name) => `.github/workflows/${name}`);
const { version } = JSON.parse(read('package.json'));

/** What the jobs that publish may write. */
const PUBLISHES: Readonly<Record<string, readonly string[]>> = {
  publish: ['id-token'],
  release: ['contents'],
  pages: ['pages', 'id-token'],
};

describe('the workflows of GitHub', () => {
  const jobs = workflows.flatMap((file) => {
    const { permissions, jobs } = parsed(file);
    return Object.entries(jobs).map(([name, job]) => ({
      permissions,
      ...Object(job),
      name: `${file} ${name}`,
    }));
  });

  it.each(jobs)('$name may write only what it publishes', ({ name, permissions }) => {
    const writes = Object.entries(permissions).filter(([, right]) => right !== 'read');
    expect(writes.map(([scope]) => scope)).toEqual(PUBLISHES[name.split(' ').at(-1) ?? ''] ?? []);
  });

  it.each(jobs)('$name uses actions by their commits', ({ steps }) => {
    const actions: string[] = steps.flatMap(({ uses }: { uses?: string }) => uses ?? []);
    expect(actions.filter((action) => !/@[0-9a-f]{40}$/.test(action))).toEqual([]);
  });

  it('runs no code of dependencies where it may publish the package', () => {
    const { publish, release } = parsed('.github/workflows/release.yml').jobs;
    const lines = [...publish.steps, ...release.steps].map(({ run = '', uses = '' }) => `${uses}${run}`);
    expect(lines.filter((line) => /checkout|npm (?:ci|install|run|pack)/.test(line))).toEqual([]);
  });

  it('run everything that .ci/run runs, for a change and before a release', () => {
    for (const file of workflows) expect(read(file)).toContain('run: .ci/run\n');
    // The tests see the package.json that is packed.
    const { check } = parsed('.github/workflows/release.yml').jobs;
    const lines = check.steps.map(({ run = '' }: { run?: string }) => run.split(' ').slice(0, 3).join(' '));
    expect(lines.filter((line: string) => ['npm pkg set', '.ci/run'].includes(line))).toEqual([
      'npm pkg set',
      '.ci/run',
    ]);
  });

  it('check the oldest Node.js that the package supports and the one that the functions run on', () => {
    const { node } = parsed('.github/workflows/check.yml').jobs.check.strategy.matrix;
    const [, oldest] = /^>=(\d+)/.exec(JSON.parse(read('package.json')).engines.node) ?? [];
    const [, functions] = /nodejs(\d+)\.x/.exec(runtime.runtime) ?? [];
    expect(node.map(String)).toEqual(expect.arrayContaining([oldest, functions]));
  });
});

describe('.ci/release-notes', () => {
  const directory = mkdtempSync(join(tmpdir(), 'fairway-test-notes-'));
  afterAll(() => rmSync(directory, { recursive: true }));
  const released = read('CHANGELOG.md').replace(/(?<=^## \[Unreleased\]\n)[\s\S]*?(?=^## )/m, '\n');

  function notes(tag: string, changelog = released): string {
    mkdirSync(join(directory, '.ci'), { recursive: true });
    for (const file of ['.ci/release-notes', 'package.json']) cpSync(join(ROOT, file), join(directory, file));
    writeFileSync(join(directory, 'CHANGELOG.md'), changelog);
    const program = join(directory, '.ci/release-notes');
    return execFileSync(program, [tag], { encoding: 'utf8', stdio: 'pipe' });
  }

  it("prints the changelog's section of the version", () => {
    const text = notes(`v${version}`);
    expect(read('CHANGELOG.md')).toContain(text.trim());
    expect(text).toContain('### Added\n');
    expect(text).not.toMatch(/^## /m);
  });

  it.each([
    [
      'a line that is not released yet',
      released.replace('[Unreleased]\n', '[Unreleased]\n\n- More.\n'),
      'move them to',
    ],
    ['no section of the version', released.replace(`## [${version}]`, '## [0.0.1]'), 'write what changed'],
  ])('refuses a changelog with %s', (_, changelog, advice) => {
    expect(() => notes(`v${version}`, changelog)).toThrow(advice);
  });

  it('refuses a tag that is not the version of package.json', () => {
    expect(() => notes('v99.0.0')).toThrow(`failed to release v99.0.0: package.json has version ${version}`);
  });
});

describe('CHANGELOG.md', () => {
  const headings = Array.from(read('CHANGELOG.md').matchAll(/^## (.*)$/gm), ([, heading = '']) => heading);

  it('starts with what is not released, then the version of package.json with its date', () => {
    expect(headings[0]).toBe('[Unreleased]');
    expect(headings[1]).toMatch(
      new RegExp(`^\\[${version.replaceAll('.', '\\.')}\\] - \\d{4}-\\d\\d-\\d\\d$`),
    );
  });
});

describe('the decisions in docs/adr', () => {
  const records = readdirSync(join(ROOT, 'docs/adr'));

  it('are numbered without a gap', () => {
    expect(records.map((file) => Number(file.slice(0, 4)))).toEqual(records.map((_, index) => index + 1));
  });

  it.each(records)('%s has a number, a date, a status, alternatives and consequences', (file) => {
    const text = read(`docs/adr/${file}`);
    expect(text).toMatch(
      new RegExp(`^# ${Number(file.slice(0, 4))}\\. .+\n\n\\d{4}-\\d\\d-\\d\\d\\. (Accepted|Superseded)`),
    );
    for (const part of ['Context', 'Decision', 'Alternatives', 'Consequences'])
      expect(text.match(new RegExp(`^\\*\\*${part}\\.\\*\\*`, 'gm'))).toHaveLength(1);
  });
});

describe('links between documents', () => {
  const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'docs', 'docs/adr'].flatMap(
    (path) =>
      path.endsWith('.md')
        ? [path]
        : readdirSync(join(ROOT, path)).flatMap((name) => (name.endsWith('.md') ? [`${path}/${name}`] : [])),
  );
  const anchorsOf = (page: string) =>
    Array.from(read(page).matchAll(/^#+ (.+)$/gm), ([, title = '']) => anchorOf(title));

  it.each(pages)('%s: each leads to a file, and to a heading of it', (page) => {
    const links = Array.from(read(page).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g));
    const broken = links.filter(([, path = '', heading]) => {
      const target = path === '' ? page : join(page, '..', path);
      if (heading !== undefined) return !anchorsOf(target).includes(heading);
      return !readdirSync(join(ROOT, target, '..')).includes(
        target.replace(/\/$/, '').split('/').at(-1) ?? '',
      );
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });
});

describe('files that documents name', () => {
  const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md'].concat(
    readdirSync(join(ROOT, 'docs')).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : [])),
  );
  const named = pages.flatMap((page) =>
    Array.from(
      read(page).matchAll(/`((?:shared|cli|local|stack|functions|test|bench|docs|events|\.ci)\/[\w./-]*)`/g),
      ([, path = '']): [string, string] => [page, path],
    ),
  );

  it('are found', () => {
    expect(named.length).toBeGreaterThan(40);
  });

  it.each(named)('%s: %s exists', (_, path) => {
    expect(existsSync(join(ROOT, path))).toBe(true);
  });
});
