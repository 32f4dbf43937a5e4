import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { functionsFolder, packageRoot } from './root.ts';

/** What the code of the functions is built from, in a checkout. */
const SOURCES = ['functions', 'shared', 'package-lock.json'];

/**
 * The digest of the functions' code without the configuration: of the published archives, or of the sources in a
 * checkout, whose version stays the same while it changes.
 */
export async function codeDigest(root: string = packageRoot()): Promise<string> {
  const published = relative(root, functionsFolder(root));
  const names = existsSync(join(root, 'functions')) ? SOURCES : [published];
  const files = (await Promise.all(names.map((name) => filesIn(root, name)))).flat();
  const hash = createHash('sha256');
  for (const file of files.toSorted()) hash.update(relative(root, file)).update(await readFile(file));
  return hash.digest('hex');
}

/** The files of a folder, or the file itself; none where it does not exist. */
async function filesIn(root: string, name: string): Promise<readonly string[]> {
  const path = join(root, name);
  if (!existsSync(path)) return [];
  if (name.includes('.')) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
