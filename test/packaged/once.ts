import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What takes long to make, made by the first test that needs it, once for all tests. */

export const ROOT = join(import.meta.dirname, '..', '..');
const CACHE = join(ROOT, 'node_modules', '.cache', 'fairway');
const DAY = 24 * 60 * 60_000;

/** A folder of the cache, which `make` fills unless an earlier test has. Do not write to it. */
export async function madeOnce(name: string, make: (directory: string) => Promise<unknown>): Promise<string> {
  const directory = join(CACHE, name);
  await mkdir(CACHE, { recursive: true });
  while (!(await exists(directory))) {
    if (await isMine(`${directory}.lock`)) await fill(directory, make);
    else await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return directory;
}

async function fill(directory: string, make: (directory: string) => Promise<unknown>): Promise<void> {
  const unfinished = await mkdtemp(`${directory}-`);
  try {
    await forgetOld();
    await make(unfinished);
    await rename(unfinished, directory);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
    await rm(`${directory}.lock`, { force: true });
  }
}

/** Takes the lock, also from a process that has died. */
async function isMine(lock: string): Promise<boolean> {
  const taken = await writeFile(lock, String(process.pid), { flag: 'wx' }).catch((error: unknown) => error);
  if (taken === undefined) return true;
  const owner = Number(await readFile(lock, 'utf8').catch(() => process.pid));
  if (!isAlive(owner)) await rm(lock, { force: true });
  return false;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function forgetOld(): Promise<void> {
  for (const name of await readdir(CACHE)) {
    const path = join(CACHE, name);
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > DAY) await rm(path, { recursive: true, force: true });
  }
}

/** A digest of these files and folders of the repository. */
export async function hashOf(names: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const name of names) {
    for (const path of await filesOf(join(ROOT, name))) hash.update(path).update(await readFile(path));
  }
  return hash.digest('hex').slice(0, 16);
}

async function filesOf(path: string): Promise<readonly string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const names = await readdir(path);
  return (await Promise.all(names.toSorted().map((name) => filesOf(join(path, name))))).flat();
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
