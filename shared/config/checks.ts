import { outOfReach, readRepository } from '../domain/registry.ts';
import { faultsOfAcceptances } from './auditChecks.ts';
import { faultsOfCapacity } from './capacityChecks.ts';
import { execWithoutRole } from './execChecks.ts';
import type { Finding, Path } from './faults.ts';
import { OWN_NAME } from './fields.ts';
import { duplicates, indexesOf, unknownChannels } from './nameChecks.ts';
import { isObject, valueAt } from './shape.ts';

import { faultsOfTask, overridesTooLong } from './taskChecks.ts';

/**
 * Finds contradictions between members that are each well-formed. Reads plain data and skips values of the wrong
 * shape, so that these faults can be reported together with those of the schema.
 */
export function findCrossFaults(root: unknown): readonly Finding[] {
  const apps = valueAt(root, ['apps']);
  const names = isObject(apps) ? Object.keys(apps) : [];
  return [
    ...unusableNames(root),
    ...faultsOfAcceptances(root),
    ...unknownChannels(root, ['defaults']),
    ...duplicates(root, ['defaults', 'channels'], 'channel'),
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
    ...otherPartition(root, path),
    ...unknownChannels(root, path),
    ...duplicates(root, [...path, 'channels'], 'channel'),
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
      indexesOf(root, [...path, list]).flatMap((index) => [
        ...faultsOfCapacity(root, [...path, list, index]),
        ...overridesTooLong(root, [...path, list, index]),
        ...execWithoutRole(root, path, [...path, list, index]),
      ]),
    ),
    ...indexesOf(root, [...path, 'services']).flatMap((index) =>
      duplicates(root, [...path, 'services', index, 'containers'], 'container'),
    ),
  ];
}

/** The schema does not see this one name, since `__proto__` has a meaning in JavaScript. */
function unusableNames(root: unknown): readonly Finding[] {
  return ['channels', 'apps'].flatMap((member): readonly Finding[] => {
    const holder = valueAt(root, [member]);
    if (!isObject(holder) || !Object.hasOwn(holder, '__proto__')) return [];
    return [{ path: [member, '__proto__'], at: 'key', message: OWN_NAME }];
  });
}

/** Members that an app needs, here or in `defaults`. */
function missingDefaults(root: unknown, path: Path): readonly Finding[] {
  const found: Finding[] = [];
  if (withDefault(root, path, ['cluster']) === undefined) {
    const message = 'missing, expected the name of an ECS cluster, here or in "defaults"';
    found.push({ path: [...path, 'cluster'], at: 'value', message });
  }
  const hasTags = withDefault(root, path, ['image', 'tags']) !== undefined;
  if (!hasTags && isObject(valueAt(root, [...path, 'image']))) {
    const message =
      'missing, expected exactly one of "semver", "newest", "digest", here or in "defaults.image.tags"';
    found.push({ path: [...path, 'image', 'tags'], at: 'value', message });
  }
  return found;
}

function otherPartition(root: unknown, path: Path): readonly Finding[] {
  const region = valueAt(root, ['region']);
  const at: Path = [...path, 'image', 'repository'];
  const written = valueAt(root, at);
  const registry = typeof written === 'string' ? readRepository(written).registry : undefined;
  const message = typeof region === 'string' ? outOfReach(region, registry) : undefined;
  return message === undefined ? [] : [{ path: at, at: 'value', message }];
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

/** A member of the app, or else of `defaults`. */
function withDefault(root: unknown, app: Path, member: Path): unknown {
  return valueAt(root, [...app, ...member]) ?? valueAt(root, ['defaults', ...member]);
}

function doubleNames(root: unknown, lists: readonly Path[], what: string): readonly Finding[] {
  const seen = new Set<string>();
  return lists
    .flatMap((list) => indexesOf(root, list).map((index): Path => [...list, index, 'name']))
    .flatMap((path): readonly Finding[] => {
      const name = valueAt(root, path);
      if (typeof name !== 'string') return [];
      const message = `expected a different name for each ${what} of an app: "${name}" is taken`;
      if (seen.has(name)) return [{ path, at: 'value', message }];
      seen.add(name);
      return [];
    });
}

/** A service of two apps could be changed by two releases at once. */
function servicesOfTwoApps(root: unknown, apps: readonly string[]): readonly Finding[] {
  const owners = new Map<string, string>();
  return apps.flatMap((app) => {
    const cluster = withDefault(root, ['apps', app], ['cluster']);
    const list: Path = ['apps', app, 'services'];
    return indexesOf(root, list).flatMap((index): readonly Finding[] => {
      const path: Path = [...list, index, 'name'];
      const name = valueAt(root, path);
      if (typeof name !== 'string' || typeof cluster !== 'string') return [];
      const key = JSON.stringify([cluster, name]);
      const owner = owners.get(key);
      if (owner === undefined) owners.set(key, app);
      if (owner === undefined || owner === app) return [];
      const message = `expected each service in one app only: "${name}" in cluster "${cluster}" belongs to the app "${owner}"`;
      return [{ path, at: 'value', message }];
    });
  });
}
