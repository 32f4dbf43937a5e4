import type { Finding, Path } from './faults.ts';
import { isObject, valueAt } from './shape.ts';

/**
 * Names that `fairway.yml` had in an earlier minor version. They are read for one more minor version, with a warning,
 * and `fairway migrate` writes the new ones. The earlier minor version reads the new ones as well: decision 18.
 */

interface Rename {
  /** "*" stands for any name. */
  readonly within: Path;
  readonly member: string;
  /** What is renamed: the member itself, or this value of it. */
  readonly value?: string;
  readonly now: string;
}

const RENAMES: readonly Rename[] = [
  ...placesOf({ within: ['timeouts'], member: 'putBack', now: 'rollBack' }),
  ...placesOf({ within: [], member: 'onFailure', value: 'putBack', now: 'rollBack' }),
];

/** What apps and their defaults have in common, at the top of the file and in each environment. */
function placesOf({ within, ...rename }: Rename): readonly Rename[] {
  const places: readonly Path[] = [['defaults'], ['apps', '*']];
  return places.flatMap((place) => [
    { ...rename, within: [...place, ...within] },
    { ...rename, within: ['environments', '*', ...place, ...within] },
  ]);
}

/** An earlier name in a file. */
export interface Outdated {
  /** Of the member. */
  readonly path: Path;
  /** Whether the member's value is renamed, or its name. */
  readonly at: 'value' | 'key';
  readonly was: string;
  readonly now: string;
  /** Whether the new name is there as well: then it is the one that counts. */
  readonly both: boolean;
}

/** Finds the earlier names in plain data. */
export function findOutdated(root: unknown): readonly Outdated[] {
  return RENAMES.flatMap((rename) =>
    pathsOf(root, rename.within).flatMap((within) => outdatedAt(root, within, rename)),
  );
}

function outdatedAt(root: unknown, within: Path, { member, value, now }: Rename): readonly Outdated[] {
  const path = [...within, member];
  const written = valueAt(root, path);
  if (value !== undefined)
    return written === value ? [{ path, at: 'value', was: value, now, both: false }] : [];
  const both = valueAt(root, [...within, now]) !== undefined;
  return written === undefined ? [] : [{ path, at: 'key', was: member, now, both }];
}

/** The paths in plain data that fit a pattern. */
function pathsOf(root: unknown, pattern: Path): readonly Path[] {
  return pattern.reduce<readonly Path[]>(
    (paths, part) =>
      paths.flatMap((path) => {
        if (part !== '*') return [[...path, part]];
        const found = valueAt(root, path);
        return isObject(found) ? Object.keys(found).map((name) => [...path, name]) : [];
      }),
    [[]],
  );
}

/** The earlier names of the selected environment as warnings, each with the new one. */
export function warnOfOutdated(root: unknown): readonly Finding[] {
  const selected = findOutdated(root).filter(({ path }) => path[0] !== 'environments');
  return selected.map(({ path, at, was, now }) => ({
    path,
    at,
    message: `\`${was}\` is called \`${now}\` now, and the next minor version no longer reads it: run \`fairway migrate\``,
  }));
}
