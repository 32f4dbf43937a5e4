import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';

/** The state of the local cloud in a directory, from one run to the next. */

const FILE = 'cloud.bin';
/** Changes with every incompatible format. */
const FORMAT = 'fairway local cloud 1\n';

/** Opens the directory. Throws an error that says what to do. */
export interface Snapshots {
  /** Undefined if nothing was saved yet. */
  read(): unknown;
  write(state: unknown): void;
  remove(): void;
}

export function snapshotsIn(directory: string): Snapshots {
  const path = join(directory, FILE);
  prepare(directory);
  return {
    read() {
      const bytes = readIfThere(path);
      if (!bytes) return undefined;
      const header = bytes.subarray(0, FORMAT.length).toString();
      if (header !== FORMAT) throw unreadable(path, 'it was written by another version');
      try {
        return deserialize(bytes.subarray(FORMAT.length));
      } catch {
        throw unreadable(path, 'it is damaged');
      }
    },
    write(state) {
      // Written to a new file first, then renamed: an interruption keeps the old file.
      writeFileSync(`${path}.new`, Buffer.concat([Buffer.from(FORMAT), serialize(withoutFunctions(state))]));
      renameSync(`${path}.new`, path);
    },
    remove: () => rmSync(path, { force: true }),
  };
}

function prepare(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, `${FILE}.new`), '');
  } catch (error) {
    throw new Error(
      `--data ${directory}: the directory is not writable (${codeOf(error)}), use another one`,
      {
        cause: error,
      },
    );
  }
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw unreadable(path, codeOf(error));
  }
}

function unreadable(path: string, why: string): Error {
  return new Error(`--data: failed to read ${path}: ${why}; delete the file to start with an empty state`);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

/**
 * A copy in which objects that are one stay one, cycles included, and functions (timers, and whom to report to) are
 * left out: they are created again when the copy is read.
 */
function withoutFunctions(value: unknown, copies = new Map<object, unknown>()): unknown {
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? undefined : value;
  const known = copies.get(value);
  if (known !== undefined) return known;
  const copy = (member: unknown) => withoutFunctions(member, copies);
  if (value instanceof Uint8Array) return value;
  if (value instanceof Map) {
    const map = new Map();
    copies.set(value, map);
    for (const [key, member] of value) map.set(copy(key), copy(member));
    return map;
  }
  if (value instanceof Set) {
    const set = new Set();
    copies.set(value, set);
    for (const member of value) if (typeof member !== 'function') set.add(copy(member));
    return set;
  }
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    copies.set(value, list);
    for (const member of value) list.push(copy(member));
    return list;
  }
  const members = Object.entries(value);
  if (members.length > 0 && members.every(([, member]) => typeof member === 'function')) return undefined;
  const object: Record<string, unknown> = {};
  copies.set(value, object);
  for (const [name, member] of members) {
    const copied = copy(member);
    if (copied !== undefined) object[name] = copied;
  }
  return object;
}
