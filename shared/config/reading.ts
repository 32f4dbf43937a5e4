import { findCrossFaults } from './checks.ts';
import type { SourceDocument } from './document.ts';
import { environmentsOf, selectEnvironment } from './environments.ts';
import { conflictsOfEnvironments } from './environmentsTogether.ts';
import type { Fault, Finding } from './faults.ts';
import { findShapeFaults } from './shape.ts';

/** A document as it applies to one environment. */
export interface Reading {
  /** Plain data; undefined if the file does not have the environment. */
  readonly value: unknown;
  readonly faults: readonly Fault[];
  /** Adds the place at which a member of the value is written. */
  locate(finding: Finding): Fault;
}

/** @param environment absent: the default of the file */
export function readEnvironment(document: SourceDocument, environment: string | undefined): Reading {
  const { value, findings, placeOf } = selectEnvironment(document.value, environment);
  const locate = (finding: Finding): Fault => document.locate({ ...finding, path: placeOf(finding.path) });
  const found = value === undefined ? [] : [...findShapeFaults(value), ...findCrossFaults(value)];
  const faults = [...document.faults, ...findings.map(document.locate), ...found.map(locate)];
  return { value, faults, locate };
}

/**
 * The faults of a reading, each once, or with those of all other environments. A fault in a part that environments share
 * says which of them have it.
 */
export function faultsIn(
  document: SourceDocument,
  { faults: own }: Reading,
  which: 'own' | 'all',
): readonly Fault[] {
  const names = environmentsOf(document.value);
  if (names.length === 0 || (which === 'own' && own.length === 0)) return inOrder(unique(own));
  const readings = names.map((name) => ({ name, ...readEnvironment(document, name) }));
  const together = which === 'own' ? [] : conflictsOfEnvironments(readings).faults.map(document.locate);
  const others = [readEnvironment(document, undefined), ...readings].flatMap(({ faults }) => faults);
  const wanted = which === 'own' ? own : [...own, ...others, ...together];
  const having = new Map<string, string[]>();
  for (const { name, faults } of readings)
    for (const fault of unique(faults)) {
      const key = keyOf(fault);
      having.set(key, [...(having.get(key) ?? []), name]);
    }
  const named = unique(wanted).map((fault) => withNames(fault, having.get(keyOf(fault)) ?? [], names));
  return inOrder(named);
}

/**
 * What two environments can get in each other's way with, if they are in the same place.
 * @param environment only what concerns it
 */
export function warningsTogether(
  document: SourceDocument,
  environment: string | undefined,
): readonly Fault[] {
  const readings = environmentsOf(document.value).map((name) => ({
    name,
    value: readEnvironment(document, name).value,
  }));
  return conflictsOfEnvironments(readings)
    .warnings.filter(({ environments }) => environment === undefined || environments.includes(environment))
    .map(document.locate);
}

function withNames(fault: Fault, having: readonly string[], all: readonly string[]): Fault {
  const isOwn = fault.path.startsWith('environments');
  return isOwn ? fault : { ...fault, message: `${fault.message}${someOf(having, all)}` };
}

/** The environments that have a fault, as the end of its message; nothing where all of them have it. */
export function someOf(having: readonly string[], all: readonly string[]): string {
  if (having.length === 0 || having.length === all.length) return '';
  const what = having.length === 1 ? 'the environment' : 'the environments';
  return ` (in ${what} ${having.map((name) => `"${name}"`).join(', ')})`;
}

function unique(faults: readonly Fault[]): readonly Fault[] {
  return [...new Map(faults.map((fault) => [keyOf(fault), fault])).values()];
}

function keyOf({ line, column, path, message }: Fault): string {
  return JSON.stringify([line, column, path, message]);
}

export function inOrder(faults: readonly Fault[]): readonly Fault[] {
  return faults.toSorted((a, b) => a.line - b.line || a.column - b.column);
}
