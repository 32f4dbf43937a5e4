import { writeFileSync } from 'node:fs';
import { types } from 'node:util';
import { exitCode, Failure } from './failure.ts';

/** What to do about an error of the file system, by its code. */
const FIXES: Readonly<Record<string, string>> = {
  EACCES: 'permission denied: make it writable, or choose another place',
  EPERM: 'permission denied: make it writable, or choose another place',
  EROFS: 'the file system is read-only: choose another place',
  ENOSPC: 'the disk is full: make room, then try again',
  ENOENT: 'its folder does not exist: create it, then try again',
  ENOTDIR: 'a part of the path is a file: choose another place',
  EISDIR: 'it is a folder: choose another name',
  EEXIST: 'a file of that name exists: choose another name',
};

/** The code of an error of the file system, such as "ENOENT"; empty for another error. */
export function codeOf(error: unknown): string {
  return types.isNativeError(error) && 'code' in error ? String(error.code) : '';
}

/**
 * The failure for an error of the file system while something is written; any other error as it is.
 * @param doing the attempt, as in "failed to <doing>"
 */
export function writeFailure(error: unknown, doing: string): unknown {
  const code = codeOf(error);
  const fix = FIXES[code];
  if (fix === undefined) return error;
  return new Failure(exitCode.failed, `failed to ${doing}: ${fix} (${code})`, { cause: error });
}

/** Writes a file. Throws a `Failure` that says why it cannot be written. */
export function writeText(path: string, text: string, doing: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw writeFailure(error, doing);
  }
}
