import { RULES } from '../audit/rules.ts';
import { nearestOf } from '../domain/nearest.ts';
import type { Finding } from './faults.ts';
import { indexesOf } from './nameChecks.ts';
import { isObject, valueAt } from './shape.ts';

/** Rules and apps of acceptances that do not exist: they would accept nothing. */
export function faultsOfAcceptances(root: unknown): readonly Finding[] {
  const apps = valueAt(root, ['apps']);
  const appNames = isObject(apps) ? Object.keys(apps) : [];
  const rules = RULES.map(({ id }) => id);
  return indexesOf(root, ['audit', 'accept']).flatMap((index) => [
    ...unknown(root, index, 'rule', rules, 'expected the id of a rule in docs/audit.md'),
    ...unknown(root, index, 'app', appNames, 'expected an app of this file'),
  ]);
}

function unknown(
  root: unknown,
  index: number,
  member: 'rule' | 'app',
  known: readonly string[],
  expected: string,
): readonly Finding[] {
  const path = ['audit', 'accept', index, member];
  const name = valueAt(root, path);
  if (typeof name !== 'string' || known.includes(name)) return [];
  const nearest = nearestOf(name, known);
  const message = `unknown ${member} "${name}", ${expected}`;
  return [{ path, at: 'value', message, ...(nearest === undefined ? {} : { nearest }) }];
}
