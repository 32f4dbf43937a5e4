import { cp, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { packageStack } from '../../local/package.ts';
import { hashOf, madeOnce, ROOT } from './once.ts';

/** What `serverless package` reads. */
export const SOURCES = [
  'functions',
  'shared',
  'stack',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'serverless.yml',
  'fairway.yml',
];

/**
 * A project with the example packaged in `.serverless`: by the first test that needs it, once for all tests, and again
 * after a change of what is packaged. Do not write to it.
 */
export async function packagedExample(): Promise<string> {
  return packagedOnce(`package-${await hashOf(SOURCES)}`, copyProject);
}

/** Packages a project in a folder of the cache, unless an earlier test has. `copy` writes its sources. */
export function packagedOnce(name: string, copy: (directory: string) => Promise<unknown>): Promise<string> {
  return madeOnce(name, async (project) => {
    await copy(project);
    await packageStack(project, AbortSignal.timeout(120_000), join(project, 'fairway.yml'));
  });
}

/** The sources and the dependencies, in a directory. */
export async function copyProject(directory: string): Promise<void> {
  for (const name of SOURCES) await cp(join(ROOT, name), join(directory, name), { recursive: true });
  await linkDependencies(directory);
}

export function linkDependencies(directory: string): Promise<void> {
  return symlink(join(ROOT, 'node_modules'), join(directory, 'node_modules'), 'junction');
}
