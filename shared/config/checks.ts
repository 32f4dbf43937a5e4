import { faultsOfCapacity } from './capacityChecks.ts';
import type { Finding, Path } from './faults.ts';
import { OWN_NAME } from './fields.ts';
import { indexesOf, twiceTheSame, unknownChannels } from './nameChecks.ts';
import { isObject, valueAt } from './shape.ts';
import { ignoresAll, type Taken } from './tagGlobs.ts';
import { faultsOfTask } from './taskChecks.ts';

/**
 * What is wrong between members that are each well-formed. Reads plain data and skips what has not the right
 * shape, so that these faults are told together with those of the schema.
 */
export function findCrossFaults(root: unknown): readonly Finding[] {
  const apps = valueAt(root, ['apps']);
  const names = isObject(apps) ? Object.keys(apps) : [];
  return [
    ...unusableNames(root),
    ...unknownChannels(root, ['defaults']),
    ...twiceTheSame(root, ['defaults', 'channels'], 'channel'),
    ...names.flatMap((name) => faultsOfApp(root, name)),
    ...servicesOfTwoApps(root, names),
  ];
}

function faultsOfApp(root: unknown, name: string): readonly Finding[] {
  const path: Path = ['apps', name];
  if (!isObject(valueAt(root, path))) return [];
  return [
    ...missingDefaults(root, path),
    ...nothingToRun(root, path),
    ...unknownChannels(root, path),
    ...twiceTheSame(root, [...path, 'channels'], 'channel'),
    ...doubleNames(root, [[...path, 'services']], 'service'),
    ...doubleNames(
      root,
      [
        [...path, 'before'],
        [...path, 'after'],
      ],
      'release task',
    ),
    ...doubleNames(root, [[...path, 'tasks']], 'task'),
    ...indexesOf(root, [...path, 'tasks']).flatMap((index) =>
      faultsOfTask(root, path, [...path, 'tasks', index]),
    ),
    ...['before', 'after', 'tasks'].flatMap((list) =>
      indexesOf(root, [...path, list]).flatMap((index) => faultsOfCapacity(root, [...path, list, index])),
    ),
    ...indexesOf(root, [...path, 'services']).flatMap((index) =>
      twiceTheSame(root, [...path, 'services', index, 'containers'], 'container'),
    ),
    ...ignoresEverything(root, path),
  ];
}

/** The schema passes over this one name: JavaScript means something else by it. */
function unusableNames(root: unknown): readonly Finding[] {
  return ['channels', 'apps'].flatMap((member): readonly Finding[] => {
    const holder = valueAt(root, [member]);
    if (!isObject(holder) || !Object.hasOwn(holder, '__proto__')) return [];
    return [{ path: [member, '__proto__'], at: 'key', message: OWN_NAME }];
  });
}

/** Members that an app must have, its own or by default. */
function missingDefaults(root: unknown, path: Path): readonly Finding[] {
  const found: Finding[] = [];
  if (own(root, path, ['cluster']).value === undefined) {
    const message = 'missing, expected the name of an ECS cluster, here or in "defaults"';
    found.push({ path: [...path, 'cluster'], at: 'value', message });
  }
  if (own(root, path, ['image', 'tags']).value === undefined && isObject(valueAt(root, [...path, 'image']))) {
    const message =
      'missing, expected exactly one of "semver", "newest", "digest", here or in "defaults.image.tags"';
    found.push({ path: [...path, 'image', 'tags'], at: 'value', message });
  }
  return found;
}

/** An app has services, tasks, or both. */
function nothingToRun(root: unknown, path: Path): readonly Finding[] {
  const services = valueAt(root, [...path, 'services']);
  const tasks = valueAt(root, [...path, 'tasks']);
  const isEmpty = (list: unknown) => list === undefined || (Array.isArray(list) && list.length === 0);
  if (!isEmpty(services) || !isEmpty(tasks)) return [];
  const missing = services === undefined ? 'missing, ' : '';
  const message = `${missing}expected at least one service, or \`tasks\``;
  return [{ path: [...path, 'services'], at: 'value', message }];
}

/** An app's own member, else the default, with the place where it stands. */
function own(root: unknown, app: Path, member: Path): { readonly path: Path; readonly value: unknown } {
  const value = valueAt(root, [...app, ...member]);
  if (value !== undefined) return { path: [...app, ...member], value };
  return { path: ['defaults', ...member], value: valueAt(root, ['defaults', ...member]) };
}

function doubleNames(root: unknown, lists: readonly Path[], what: string): readonly Finding[] {
  const seen = new Set<string>();
  return lists
    .flatMap((list) => indexesOf(root, list).map((index): Path => [...list, index, 'name']))
    .flatMap((path): readonly Finding[] => {
      const name = valueAt(root, path);
      if (typeof name !== 'string') return [];
      const message = `expected every ${what} of an app to have a name of its own, "${name}" is taken`;
      if (seen.has(name)) return [{ path, at: 'value', message }];
      seen.add(name);
      return [];
    });
}

/** A service belongs to one app, or two releases would change it at once. */
function servicesOfTwoApps(root: unknown, apps: readonly string[]): readonly Finding[] {
  const owners = new Map<string, string>();
  return apps.flatMap((app) => {
    const cluster = own(root, ['apps', app], ['cluster']).value;
    const list: Path = ['apps', app, 'services'];
    return indexesOf(root, list).flatMap((index): readonly Finding[] => {
      const path: Path = [...list, index, 'name'];
      const name = valueAt(root, path);
      if (typeof name !== 'string' || typeof cluster !== 'string') return [];
      const key = JSON.stringify([cluster, name]);
      const owner = owners.get(key);
      if (owner === undefined) owners.set(key, app);
      if (owner === undefined || owner === app) return [];
      const message = `expected a service of one app only, "${name}" in cluster "${cluster}" belongs to the app "${owner}"`;
      return [{ path, at: 'value', message }];
    });
  });
}

function ignoresEverything(root: unknown, app: Path): readonly Finding[] {
  const taken = takenBy(own(root, app, ['image', 'tags']).value);
  const { path, value } = own(root, app, ['image', 'ignore']);
  if (taken === undefined || !Array.isArray(value)) return [];
  if (
    !ignoresAll(
      value.filter((glob) => typeof glob === 'string'),
      taken,
    )
  )
    return [];
  const message = `expected to leave some tag, this ignores every tag that "tags" of the app "${app[1]}" takes`;
  return [{ path, at: 'value', message }];
}

function takenBy(tags: unknown): Taken | undefined {
  if (!isObject(tags)) return undefined;
  if (typeof tags.semver === 'string') return 'versions';
  if (typeof tags.newest === 'string') return { glob: tags.newest };
  return typeof tags.digest === 'string' ? { tag: tags.digest } : undefined;
}
