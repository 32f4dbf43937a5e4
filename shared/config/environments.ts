import { memberOf } from '../domain/member.ts';
import { nearestOf } from '../domain/nearest.ts';
import type { Finding, Path } from './faults.ts';
import { isObject, valueAt } from './shape.ts';

/** A file as it applies to one of its environments. Plain data. */
interface Selected {
  readonly value: unknown;
  readonly findings: readonly Finding[];
  /** Where a member of the value is written: in the overrides of the environment, or at the top. */
  readonly placeOf: (path: Path) => Path;
}

/** The names under `environments`. */
export function environmentsOf(root: unknown): readonly string[] {
  const environments = valueAt(root, ['environments']);
  return isObject(environments) ? Object.keys(environments) : [];
}

/**
 * Applies the overrides of the requested environment, by default of `environment`: mappings member by member, lists,
 * values and choices as a whole, and null removes a member.
 */
export function selectEnvironment(root: unknown, requested: string | undefined): Selected {
  const names = environmentsOf(root);
  const asWritten = { value: root, placeOf: (path: Path) => path };
  const name = requested ?? valueAt(root, ['environment']);
  if (!isObject(root) || typeof name !== 'string') return { ...asWritten, findings: [] };
  if (names.length === 0) return { ...asWritten, findings: otherEnvironment(root, requested) };
  if (!names.includes(name)) return { ...asWritten, findings: [unknownEnvironment(name, names, requested)] };

  const overrides = withCluster(valueAt(root, ['environments', name]) ?? {});
  const value = { ...Object(merged(root, overrides)), environment: name };
  const placeOf = (path: Path): Path => {
    const own: Path = ['environments', name, ...shorthandOf(path, root, name)];
    if (path.length === 0 || valueAt(root, own) !== undefined) return path.length === 0 ? path : own;
    const isOnlyHere =
      valueAt(root, path.slice(0, -1)) === undefined && valueAt(root, own.slice(0, -1)) !== undefined;
    return isOnlyHere ? own : path;
  };
  return { value, placeOf, findings: [] };
}

function otherEnvironment(root: unknown, requested: string | undefined): readonly Finding[] {
  const written = valueAt(root, ['environment']);
  if (requested === undefined || written === requested) return [];
  const message = `the environment "${requested}" was requested, and this file has only "${written}": add \`environments\`, or use the file of "${requested}"`;
  return [{ path: ['environment'], at: 'value', message }];
}

function unknownEnvironment(name: string, names: readonly string[], requested: string | undefined): Finding {
  const near = nearestOf(name, names);
  const hint = near === undefined ? '' : `, did you mean "${near}"?`;
  const known = names.map((each) => `"${each}"`).join(', ');
  const message = `there is no environment "${name}"${hint} \`environments\` has ${known}`;
  return { path: requested === undefined ? ['environment'] : ['environments'], at: 'key', message };
}

/** `cluster` of an environment stands for that of `defaults`. */
function withCluster(overrides: unknown): unknown {
  if (!isObject(overrides) || !Object.hasOwn(overrides, 'cluster')) return overrides;
  const { cluster, defaults, ...rest } = overrides;
  return { ...rest, defaults: { ...Object(defaults), cluster } };
}

function shorthandOf(path: Path, root: unknown, name: string): Path {
  const isCluster = path.length === 2 && path[0] === 'defaults' && path[1] === 'cluster';
  return isCluster && valueAt(root, ['environments', name, 'cluster']) !== undefined ? ['cluster'] : path;
}

/** A choice of one member: two choices merged would be none. */
function isChoice(path: Path): boolean {
  const [parent, name] = path.slice(-2);
  return (parent === 'image' && name === 'tags') || (path.length === 2 && parent === 'channels');
}

function merged(base: unknown, over: unknown, path: Path = []): unknown {
  if (!isObject(base) || !isObject(over) || isChoice(path)) return over;
  const kept = Object.entries(base).filter(([key]) => memberOf(over, key) !== null);
  const added = Object.entries(over).filter(([, value]) => value !== null);
  const both = added.map(([key, value]) => {
    const old = memberOf(base, key);
    return [key, old === undefined ? value : merged(old, value, [...path, key])] as const;
  });
  return Object.fromEntries([...kept, ...both]);
}
