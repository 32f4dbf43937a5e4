// Compiles the command `fairway`: plain JavaScript, because it has to run before anything is compiled.
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { commandBundling, WITHOUT_DISK, WORKER } from './bundling.mjs';

/** Files of an earlier build are kept for as long as a command that has begun with them may still load one. */
const KEEP = 60 * 60_000;

/**
 * Bundles `cli/main.ts` with what it imports, in parts that are loaded when they are needed, and notes the sources it
 * was made of. Processes may do so at the same time: every file appears as a whole, and the note comes last.
 * `directory` and `stamp` are below `root`; `sightOf` says how a source is now.
 */
export async function compile({ root, directory, stamp, sightOf }) {
  const { build } = await import('esbuild');
  const begun = Date.now();
  const { outputFiles, metafile } = await build({
    ...commandBundling,
    absWorkingDir: root,
    outdir: directory,
  });
  await mkdir(join(root, directory), { recursive: true });
  await Promise.all(outputFiles.map(({ path, contents }) => writeWhole(path, contents)));
  const worker = join(root, directory, basename(WORKER));
  await writeWhole(worker, await readFile(join(root, WORKER)));
  const own = Object.keys(metafile.inputs).filter(
    (path) => !path.includes('node_modules/') && !path.startsWith(`${WITHOUT_DISK}:`),
  );
  const sources = [
    ...own,
    WORKER,
    'package.json',
    'package-lock.json',
    'cli/compile.mjs',
    'cli/bundling.mjs',
  ];
  const sights = sources.map((path) => [path, sightOf(path)]);
  // What changed meanwhile may or may not be in it: without a note it is compiled again.
  const times = await Promise.all(sources.map(async (path) => (await stat(join(root, path))).mtimeMs));
  if (times.every((time) => time < begun)) await writeWhole(join(root, stamp), JSON.stringify(sights));
  const current = outputFiles.map(({ path }) => path);
  await removeOld(join(root, directory), new Set([...current, worker, join(root, stamp)]));
}

async function writeWhole(path, contents) {
  const part = `${path}.${process.pid}.part`;
  await writeFile(part, contents);
  await rename(part, path);
}

async function removeOld(folder, current) {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (current.has(path)) continue;
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > KEEP) await rm(path, { force: true });
  }
}
