import { nearestOf } from '../domain/nearest.ts';
import type { Finding, Path } from './faults.ts';
import { environmentName } from './fields.ts';
import { source } from './schema.ts';
import { isObject, valueAt } from './shape.ts';

/** Checks of `environments` itself, whichever environment is selected. What they override is checked where it applies. */

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

/** Overrides without what no environment can have: that is reported by `faultsOfEnvironments`. */
export function overridable(overrides: unknown): unknown {
  if (!isObject(overrides)) return {};
  return Object.fromEntries(Object.entries(overrides).filter(([member]) => OVERRIDABLE.includes(member)));
}

export function faultsOfEnvironments(root: unknown): readonly Finding[] {
  const environments = valueAt(root, ['environments']);
  if (!isObject(environments)) return [];
  return Object.entries(environments).flatMap(([name, overrides]) => {
    const path: Path = ['environments', name];
    return [...unusableName(name, path), ...faultsOfOverrides(overrides, path)];
  });
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
