import { nearestOf } from '../domain/nearest.ts';
import type { Finding, Path } from './faults.ts';
import { isObject, valueAt } from './shape.ts';

/** Checks of lists of names: each name exists, and is listed once. */

export function unknownChannels(root: unknown, holder: Path): readonly Finding[] {
  return unknownNames(root, [...holder, 'channels']);
}

export function unknownNames(root: unknown, path: Path): readonly Finding[] {
  const channels = valueAt(root, ['channels']);
  const known = isObject(channels) ? Object.keys(channels) : [];
  return indexesOf(root, path).flatMap((index): readonly Finding[] => {
    const name = valueAt(root, [...path, index]);
    if (typeof name !== 'string' || known.includes(name)) return [];
    const nearest = nearestOf(name, known);
    const names = known.length === 0 ? 'there are none' : known.map((channel) => `"${channel}"`).join(', ');
    const message = `unknown channel "${name}", expected one of the top-level "channels": ${names}`;
    return [{ path: [...path, index], at: 'value', message, ...(nearest === undefined ? {} : { nearest }) }];
  });
}

export function duplicates(root: unknown, path: Path, what: string): readonly Finding[] {
  const seen = new Set<string>();
  return indexesOf(root, path).flatMap((index): readonly Finding[] => {
    const name = valueAt(root, [...path, index]);
    if (typeof name !== 'string') return [];
    if (seen.has(name)) {
      return [
        {
          path: [...path, index],
          at: 'value',
          message: `expected each ${what} once: "${name}" is listed twice`,
        },
      ];
    }
    seen.add(name);
    return [];
  });
}

/** The indexes of a list; none where the value is not a list. */
export function indexesOf(root: unknown, path: Path): readonly number[] {
  const list = valueAt(root, path);
  return Array.isArray(list) ? [...list.keys()] : [];
}
