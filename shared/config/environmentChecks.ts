import { nearestOf } from '../domain/nearest.ts';
import type { Finding, Path } from './faults.ts';
import { environmentName } from './fields.ts';
import { source } from './schema.ts';
import { isObject, valueAt } from './shape.ts';

/** Checks of an environment's name, and of what it may override. The overrides themselves are checked where they apply. */

/** Members that are of the file as a whole, with what to do about one in an environment. */
const OF_THE_FILE: Readonly<Record<string, string>> = {
  version: 'the file has one version: write it at the top',
  environment: 'expected no member of this name: the name of an environment is its key',
  environments: 'expected no environments within an environment',
};

/** What an environment can override. */
const OVERRIDABLE: readonly string[] = [
  'cluster',
  ...Object.keys(source.shape).filter((member) => !Object.hasOwn(OF_THE_FILE, member)),
];

/** Overrides without what no environment can have: that is reported by `faultsOfEnvironment`. */
export function overridable(overrides: unknown): unknown {
  if (!isObject(overrides)) return {};
  return Object.fromEntries(Object.entries(overrides).filter(([member]) => OVERRIDABLE.includes(member)));
}

export function faultsOfEnvironment(root: unknown, name: string): readonly Finding[] {
  const path: Path = ['environments', name];
  return [...unusableName(name, path), ...faultsOfOverrides(valueAt(root, path), path)];
}

export function isUsable(name: string): boolean {
  return environmentName.safeParse(name).success;
}

function unusableName(name: string, path: Path): readonly Finding[] {
  const message = environmentName.safeParse(name).error?.issues[0]?.message;
  return message === undefined ? [] : [{ path, at: 'key', message }];
}

function faultsOfOverrides(overrides: unknown, path: Path): readonly Finding[] {
  if (overrides === null) return [];
  if (!isObject(overrides))
    return [{ path, at: 'value', message: 'expected a mapping of what differs in this environment' }];
  return Object.keys(overrides)
    .filter((member) => !OVERRIDABLE.includes(member))
    .map((member): Finding => {
      const at = { path: [...path, member], at: 'key' } as const;
      const misplaced = Object.hasOwn(OF_THE_FILE, member) ? OF_THE_FILE[member] : undefined;
      if (misplaced !== undefined) return { ...at, message: misplaced };
      const known = OVERRIDABLE.map((name) => `"${name}"`).join(', ');
      const nearest = nearestOf(member, OVERRIDABLE);
      const message = `unknown member, expected one of ${known}`;
      return { ...at, message, ...(nearest === undefined ? {} : { nearest }) };
    });
}
