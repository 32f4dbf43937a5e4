import { createHash } from 'node:crypto';
import {
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { packageStack } from '../../local/package.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const CACHE = join(ROOT, 'node_modules', '.cache', 'fairway');
/** What `serverless package` reads. */
export const SOURCES = [
  'functions',
  'shared',
  'stack',
  'package.json',
  'tsconfig.json',
  'serverless.yml',
  'fairway.yml',
];
const DAY = 24 * 60 * 60_000;

/**
 * A project with the example packaged in `.serverless`: by the first test that needs it, once for all tests, and again
 * after a change of what is packaged. Do not write to it.
 */
export async function packagedExample(): Promise<string> {
  return packagedOnce(`package-${await hashOfSources()}`, copyProject);
}

/** Packages a project in a folder of the cache, unless an earlier test has. `copy` writes its sources. */
export async function packagedOnce(
  name: string,
  copy: (directory: string) => Promise<unknown>,
): Promise<string> {
  const directory = join(CACHE, name);
  await mkdir(CACHE, { recursive: true });
  while (!(await exists(directory))) {
    if (await isMine(`${directory}.lock`)) await packageInto(directory, copy);
    else await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return directory;
}

/** The sources and the dependencies, in a directory. */
export async function copyProject(directory: string): Promise<void> {
  for (const name of SOURCES) await cp(join(ROOT, name), join(directory, name), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(directory, 'node_modules'), 'junction');
}

async function packageInto(directory: string, copy: (directory: string) => Promise<unknown>): Promise<void> {
  const project = await mkdtemp(`${directory}-`);
  try {
    await forgetOld();
    await copy(project);
    await packageStack(project, AbortSignal.timeout(120_000), join(project, 'fairway.yml'));
    await rename(project, directory);
  } finally {
    await rm(project, { recursive: true, force: true });
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

async function hashOfSources(): Promise<string> {
  const hash = createHash('sha256');
  for (const name of [...SOURCES, 'package-lock.json']) {
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
