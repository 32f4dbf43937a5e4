import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { archivesIn, isArchive, MANIFEST, TEMPLATE } from '../../stack/deliverable.ts';
import { exitCode, Failure } from '../failure.ts';
import { codeOf, writeFailure } from '../writing.ts';
import { INSTRUCTIONS } from './instructions.ts';

/** The start of the folder, in that of the package, that a package is complete in before it replaces an earlier one. */
const TEMPORARY = '.fairway-package-';
/** Such a folder, with the six characters of `mkdtemp`. */
const UNFINISHED = /^\.fairway-package-\w{6}$/;
/** A younger one may be of a run that has not finished. */
const ABANDONED_AFTER_MS = 60 * 60 * 1000;
/** In this order, after the archives: a folder with a manifest has everything that the manifest lists. */
const LAST = [INSTRUCTIONS, TEMPLATE, MANIFEST];

/**
 * Replaces the package in a folder. Removes only archives that the manifest of the earlier package lists: any other
 * file stays. A run that is interrupted while it writes leaves the earlier package. While it replaces the files one by
 * one, it leaves the earlier manifest with all archives that it lists, and instructions and a template that may be new:
 * the next run replaces both.
 * @param out the folder as the user named it
 * @param write writes the new package to an empty folder
 */
export async function replacePackage<Written>(
  directory: string,
  out: string,
  write: (directory: string) => Promise<Written>,
): Promise<Written> {
  try {
    const earlier = await earlierArchives(directory, out);
    await mkdir(directory, { recursive: true });
    const temporary = await mkdtemp(join(directory, TEMPORARY));
    try {
      const written = await write(temporary);
      const files = (await readdir(temporary)).toSorted((a, b) => LAST.indexOf(a) - LAST.indexOf(b));
      for (const file of files) await rename(join(temporary, file), join(directory, file));
      await removeAll(
        directory,
        earlier.filter((file) => !files.includes(file)),
      );
      return written;
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  } catch (error) {
    throw writeFailure(error, `package to ${out}`);
  }
}

/** The archives of the package that is in a folder. Throws a `Failure` if the folder has something else. */
async function earlierArchives(directory: string, out: string): Promise<readonly string[]> {
  const names = await namesIn(directory);
  const unfinished = names.filter((name) => UNFINISHED.test(name));
  const files = names.filter((name) => !unfinished.includes(name));
  const manifest = files.includes(MANIFEST) ? await readFile(join(directory, MANIFEST), 'utf8') : '';
  const earlier = archivesIn(manifest) ?? unfinishedArchives(files);
  if (earlier === undefined)
    throw new Failure(
      exitCode.failed,
      `failed to package to ${out}: the folder has files, and no package of Fairway. Choose an empty folder with --out`,
    );
  await removeAbandoned(directory, unfinished);
  return earlier;
}

/** The archives in a folder that has nothing but what an interrupted first package left; undefined for others. */
function unfinishedArchives(files: readonly string[]): readonly string[] | undefined {
  const archives = files.filter(isArchive);
  const others = files.filter((file) => !isArchive(file) && (file === MANIFEST || !LAST.includes(file)));
  const isOurs = others.length === 0 && archives.length > 0;
  return isOurs || files.length === 0 ? archives : undefined;
}

async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Removes what interrupted runs left; another run may be writing to the folder now. */
async function removeAbandoned(directory: string, unfinished: readonly string[]): Promise<void> {
  for (const name of unfinished) {
    const found = await stat(join(directory, name)).catch(() => undefined);
    if (found?.isDirectory() && Date.now() - found.mtimeMs > ABANDONED_AFTER_MS)
      await removeAll(directory, [name]);
  }
}

async function removeAll(directory: string, names: readonly string[]): Promise<void> {
  for (const name of names) await rm(join(directory, name), { recursive: true, force: true });
}
