import { memberOf } from '../domain/member.ts';
import { nearestOf } from '../domain/nearest.ts';
import { faultsOfEnvironment, isUsable, overridable } from './environmentChecks.ts';
import type { Finding, Path } from './faults.ts';
import { isObject, valueAt } from './shape.ts';

/** A file as it applies to one of its environments. Plain data. */
interface Selected {
  /** Undefined if the file does not have the environment. */
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
  if (!isObject(root) || names.length === 0)
    return { ...asWritten, findings: otherEnvironment(root, requested) };

  const absent = { ...asWritten, value: undefined };
  if (typeof name !== 'string') return { ...absent, findings: [withoutDefault(root, names)] };
  if (!names.includes(name))
    return { ...absent, findings: [unknownEnvironment(name, names, requested !== undefined)] };
  const { environments: _, ...base } = root;
  const findings = faultsOfEnvironment(root, name);
  const overrides = overridable(withCluster(valueAt(root, ['environments', name]) ?? {}));
  // A name that is unusable is reported where it is written, and not again for the member.
  const applied: Readonly<Record<string, unknown>> = Object(merged(base, overrides));
  const value = {
    ...applied,
    ...commandIn(name, root, applied),
    environment: isUsable(name) ? name : 'unusable',
  };
  const placeOf = (path: Path) =>
    isOverridden(base, overrides, path) ? ['environments', name, ...shorthandOf(path, root, name)] : path;
  return { value, placeOf, findings };
}

/** Messages suggest commands that act in the environment that they are about, which may not be the default. */
function commandIn(name: string, root: unknown, { command = 'fairway' }: Readonly<Record<string, unknown>>) {
  const isDefault = name === valueAt(root, ['environment']);
  if (isDefault || typeof command !== 'string' || command.includes('--environment')) return {};
  return { command: `${command} --environment ${name}` };
}

function otherEnvironment(root: unknown, requested: string | undefined): readonly Finding[] {
  const written = valueAt(root, ['environment']);
  if (requested === undefined || typeof written !== 'string' || written === requested) return [];
  const message = `the environment "${requested}" was requested, and this file has only "${written}": add \`environments\`, or use the file of "${requested}"`;
  return [{ path: ['environment'], at: 'value', message }];
}

function withoutDefault(root: unknown, names: readonly string[]): Finding {
  const missing = valueAt(root, ['environment']) === undefined ? 'missing, ' : '';
  const message = `${missing}expected the default, one of ${quoted(names)}`;
  return { path: ['environment'], at: 'value', message };
}

function unknownEnvironment(name: string, names: readonly string[], isRequested: boolean): Finding {
  const near = nearestOf(name, names);
  const message = `there is no environment "${name}": \`environments\` has ${quoted(names)}`;
  return {
    path: isRequested ? ['environments'] : ['environment'],
    at: 'key',
    message,
    ...(near === undefined ? {} : { nearest: near }),
  };
}

function quoted(names: readonly string[]): string {
  return names.map((each) => `"${each}"`).join(', ');
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
export function isChoice(path: Path): boolean {
  const [parent, name] = path.slice(-2);
  return (parent === 'image' && name === 'tags') || (path.length === 2 && parent === 'channels');
}

function isMerged(base: unknown, over: unknown, path: Path): boolean {
  return isObject(base) && isObject(over) && !isChoice(path);
}

/** Whether what the merged value has at a path, or lacks there, comes from the overrides. */
function isOverridden(base: unknown, over: unknown, path: Path): boolean {
  let [below, above] = [base, over];
  for (const [index, part] of path.entries()) {
    if (!isMerged(below, above, path.slice(0, index))) return above !== undefined;
    [below, above] = [valueAt(below, [part]), valueAt(above, [part])];
    if (above === undefined) return false;
    if (below === undefined) return true;
  }
  return !isMerged(below, above, path);
}

function merged(base: unknown, over: unknown, path: Path = []): unknown {
  if (!isObject(base) || !isObject(over) || isChoice(path)) return over;
  const kept = Object.entries(base).filter(([key]) => memberOf(over, key) !== null);
  const added = Object.entries(over).filter(([, value]) => value !== null);
  const both = added.map(([key, value]) => {
    const old = memberOf(base, key);
    // `cluster: null` removes nothing from a file without `defaults`.
    const known = old === undefined && path.length === 0 ? {} : old;
    return [key, known === undefined ? value : merged(known, value, [...path, key])] as const;
  });
  return Object.fromEntries([...kept, ...both]);
}
