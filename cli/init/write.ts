import {
  accessSync,
  constants,
  lstatSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { exitCode, Failure } from '../failure.ts';
import { codeOf, writeFailure } from '../writing.ts';
import type { Wanted } from './plan.ts';

/** Writes all files, or none of them. */

/** The text of a file; undefined: there is none. Throws a `Failure` where it cannot be read. */
export function existingText(name: string, directory: string): string | undefined {
  const path = resolve(directory, name);
  try {
    // A link to nothing would be followed, and a file written somewhere else.
    if (!lstatSync(path).isSymbolicLink()) return readFileSync(path, 'utf8');
    return readFileSync(realpathSync(path), 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT' && !isLink(path)) return undefined;
    throw unreadable(name, error);
  }
}

/** Throws a `Failure` after which nothing has changed, or that names what has. */
export function writeTogether(files: readonly Wanted[], directory: string): void {
  const written: Written[] = [];
  try {
    for (const file of files) attempt(file.name, () => checkWritable(file, directory));
    for (const { name, before, after } of files) {
      const write = before === undefined ? create : replace;
      const takeBack = attempt(name, () => write(resolve(directory, name), after, before));
      written.push({ name, takeBack });
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const left = written.toReversed().filter((file) => !isTakenBack(file));
    const rest =
      left.length === 0 ? NOTHING : `Remove what was written: ${left.map(({ name }) => name).join(', ')}`;
    throw new Failure(error.exit, `${error.message}. ${rest}`, { cause: error });
  }
}

interface Written {
  readonly name: string;
  takeBack(): void;
}

function isTakenBack({ takeBack }: Written): boolean {
  try {
    takeBack();
    return true;
  } catch {
    return false;
  }
}

function checkWritable({ name, before }: Wanted, directory: string): void {
  const path = before === undefined ? resolve(directory, name) : realpathSync(resolve(directory, name));
  accessSync(dirname(path), constants.W_OK);
  if (before !== undefined) accessSync(path, constants.W_OK);
}

/** Returns what takes it back. */
function create(path: string, text: string): () => void {
  const remove = () => rmSync(path, { force: true });
  try {
    writeFileSync(path, text, { flag: 'wx' });
  } catch (error) {
    // The disk can be full in the middle of a file.
    if (codeOf(error) !== 'EEXIST') remove();
    throw error;
  }
  return remove;
}

function replace(link: string, after: string, before: string | undefined): () => void {
  const path = realpathSync(link);
  const { mode } = statSync(path);
  const write = (text: string) => {
    const temporary = join(dirname(path), `.${basename(path)}.${process.pid}`);
    try {
      writeFileSync(temporary, text, { flag: 'wx', mode });
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  };
  write(after);
  return () => write(before ?? '');
}

function attempt<T>(name: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    throw writeFailure(error, `write ${name}`);
  }
}

/** Why a file that is there cannot be read, by the code of the error. */
const UNREADABLE: Readonly<Record<string, string>> = {
  EACCES: 'permission denied: make it readable',
  EISDIR: 'it is a folder: move it away',
  ENOENT: 'it is a symbolic link to a file that does not exist: remove it',
  ENOTDIR: 'a part of the path is a file: choose another place',
};

function unreadable(name: string, error: unknown): unknown {
  const why = UNREADABLE[codeOf(error)];
  if (why === undefined) return error;
  return new Failure(exitCode.failed, `failed to read ${name}: ${why}. ${NOTHING}`, { cause: error });
}

const NOTHING = 'Nothing was written';

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}
