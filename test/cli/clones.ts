import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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

/** Clones that are removed after the tests of a file. */
export function clones(): () => ReturnType<typeof aClone> {
  const folders: string[] = [];
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true });
  });
  return () => {
    const made = aClone();
    folders.push(made.folder);
    return made;
  };
}
