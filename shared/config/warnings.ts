import { kindOfKey } from '../domain/redaction/keys.ts';
import type { Finding, Path } from './faults.ts';
import { indexesOf } from './nameChecks.ts';
import { warnOfOutdated } from './outdated.ts';
import { isObject, valueAt } from './shape.ts';

/** Finds what is valid but most likely a mistake. Reads plain data without faults. */
export function findWarnings(root: unknown): readonly Finding[] {
  const apps = valueAt(root, ['apps']);
  if (!isObject(apps)) return [];
  const ofApps = Object.keys(apps).flatMap((name) => [
    ...withoutChannels(root, name),
    ...withoutNetwork(root, name),
    ...plainSecrets(root, name),
  ]);
  return [...warnOfOutdated(root), ...ofApps];
}

function withoutChannels(root: unknown, name: string): readonly Finding[] {
  const channels = valueAt(root, ['apps', name, 'channels']) ?? valueAt(root, ['defaults', 'channels']);
  if (Array.isArray(channels) && channels.length > 0) return [];
  const message = 'no channels, so no one is notified of its releases: add `channels`, here or in `defaults`';
  return [{ path: ['apps', name], at: 'key', message }];
}

/** A task without a network uses that of the app's first service. */
function withoutNetwork(root: unknown, name: string): readonly Finding[] {
  if (indexesOf(root, ['apps', name, 'services']).length > 0) return [];
  return ['before', 'after', 'tasks'].flatMap((list) =>
    indexesOf(root, ['apps', name, list])
      .map((index): Path => ['apps', name, list, index])
      .filter((path) => valueAt(root, [...path, 'network']) === undefined)
      .map((path): Finding => {
        const message =
          'no network, and the app has no service to copy it from: add `network` if the task definition uses awsvpc, as on Fargate';
        return { path, at: 'value', message };
      }),
  );
}

/** The values of a task's `environment` are readable in the functions' bundle and in the events of ECS. */
function plainSecrets(root: unknown, name: string): readonly Finding[] {
  const lists = ['before', 'after', 'tasks'].map((list): Path => ['apps', name, list]);
  const tasks = lists.flatMap((list) => indexesOf(root, list).map((index): Path => [...list, index]));
  return tasks.flatMap((task) => {
    const path: Path = [...task, 'environment'];
    const environment = valueAt(root, path);
    if (!isObject(environment)) return [];
    return Object.keys(environment)
      .filter((key) => kindOfKey(key) !== undefined)
      .map((key): Finding => {
        const message =
          "the name suggests a secret, but the value is readable in the functions' bundle and in ECS: use `secrets` in the task definition";
        return { path: [...path, key], at: 'key', message };
      });
  });
}
