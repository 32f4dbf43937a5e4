import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/** What is in the folder that `fairway init` writes to, and in the folders above it. */

/** From the nearest one to the root. */
export function foldersAbove(directory: string): readonly string[] {
  const above = dirname(directory);
  return above === directory ? [] : [above, ...foldersAbove(above)];
}

/** The folder above which a package is installed; undefined: it is not. */
export function installedIn(directory: string, name: string): string | undefined {
  return [directory, ...foldersAbove(directory)].find((folder) =>
    existsSync(join(folder, 'node_modules', name, 'package.json')),
  );
}

/** Where `npm install` will install what a folder needs: with workspaces, npm uses the `node_modules` of their root. */
export function installsInto(directory: string): string {
  const root = foldersAbove(directory).find((folder) =>
    isWorkspace(relative(folder, directory), workspacesOf(folder)),
  );
  return root ?? directory;
}

/** The text of a file, in each folder above that is in the same Git repository. */
export function textsAbove(directory: string, name: string): readonly string[] {
  if (existsSync(join(directory, '.git'))) return [];
  const above = foldersAbove(directory);
  const root = above.findIndex((folder) => existsSync(join(folder, '.git')));
  return above
    .slice(0, root + 1)
    .map((folder) => join(folder, name))
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, 'utf8'));
}

/** "../../a/b", as it is written on every system. */
export function pathFrom(directory: string, to: string): string {
  const path = relative(directory, to).split(sep).join('/');
  return path.startsWith('.') ? path : `./${path}`;
}

function workspacesOf(folder: string): readonly string[] {
  try {
    const { workspaces } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const patterns: unknown = Array.isArray(workspaces) ? workspaces : workspaces?.packages;
    return Array.isArray(patterns) ? patterns.map(String) : [];
  } catch {
    // No file, or one that npm cannot read either.
    return [];
  }
}

/** The last pattern that matches decides: npm adds and removes folders in the order of the list. */
function isWorkspace(path: string, patterns: readonly string[]): boolean {
  const last = patterns.findLast((pattern) => matches(path, pattern.replace(/^!/, '')));
  return last !== undefined && !last.startsWith('!');
}

function matches(path: string, pattern: string): boolean {
  const expression = pattern
    .replace(/^\.\//, '')
    .replace(/\/$/, '')
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('?', '[^/]')
    .replaceAll('**', '\0')
    .replaceAll('*', '[^/]*')
    .replaceAll('\0', '.*');
  return new RegExp(`^${expression}$`).test(path.split(sep).join('/'));
}
