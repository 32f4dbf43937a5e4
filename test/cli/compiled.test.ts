import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..', '..');

/** A clone of what the command is made of, with the dependencies installed. */
function aClone() {
  const folder = mkdtempSync(join(tmpdir(), 'fairway-clone-'));
  const folders = ['build', 'cli', 'local', 'shared', 'stack'];
  const files = ['package.json', 'package-lock.json', 'fairway.yml', 'fairway.schema.json'];
  for (const part of [...folders, ...files])
    cpSync(join(root, part), join(folder, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const node = (...words: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, words, { cwd: folder, encoding: 'utf8' });
    return { status, out: stdout, err: stderr };
  };
  return {
    folder,
    build: () => node('cli/build.mjs'),
    fairway: (...words: string[]) => node('cli/fairway.mjs', ...words),
    change(file: string, from: string, to: string) {
      const path = join(folder, file);
      const text = readFileSync(path, 'utf8');
      expect(text).toContain(from);
      writeFileSync(path, text.replace(from, to));
    },
    remove: (path: string) => rmSync(join(folder, path), { recursive: true }),
  };
}

describe('the command', () => {
  const clones: string[] = [];
  const clone = () => {
    const made = aClone();
    clones.push(made.folder);
    return made;
  };
  afterAll(() => {
    for (const folder of clones) rmSync(folder, { recursive: true });
  });

  it('once built runs without any TypeScript and without what it does not need', () => {
    const { folder, build, fairway, remove } = clone();
    expect(build()).toEqual({ status: 0, out: '', err: '' });
    expect(existsSync(join(folder, 'compiled', 'main.js'))).toBe(true);
    remove('node_modules');
    expect(fairway('version')).toEqual({ status: 0, out: 'fairway 0.1.0\n', err: '' });
    expect(fairway('check')).toMatchObject({ status: 0, err: '' });
    expect(fairway('why')).toMatchObject({ status: 2, err: expect.stringContaining('missing argument') });
  }, 60_000);

  it('never runs code that is older than its sources', () => {
    const { build, change, fairway, folder } = clone();
    build();
    change('cli/help.ts', 'push an image, and it goes live', 'a changed sentence');
    expect(fairway('help').out).toContain('a changed sentence');
    const compiled = readFileSync(join(folder, 'compiled', 'main.js'), 'utf8');
    expect(compiled).toContain('a changed sentence');
  }, 60_000);

  it('runs from its sources where it cannot be compiled, and says what is wrong with them', () => {
    const { change, fairway, folder } = clone();
    writeFileSync(join(folder, 'compiled'), 'in the way');
    expect(fairway('version')).toMatchObject({ status: 0, out: 'fairway 0.1.0\n' });
    change('cli/help.ts', 'import', 'immport');
    expect(fairway('help')).toMatchObject({ status: 1, err: expect.stringContaining('cli/help.ts') });
  }, 60_000);

  it('compiles itself where it was installed without scripts', () => {
    const { fairway, folder } = clone();
    expect(fairway('version').out).toBe('fairway 0.1.0\n');
    expect(existsSync(join(folder, 'compiled', 'sources.json'))).toBe(true);
  }, 60_000);
});
