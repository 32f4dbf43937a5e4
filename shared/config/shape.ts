import * as z from 'zod';
import { nearestOf } from '../domain/nearest.ts';
import type { Finding, Path } from './faults.ts';
import * as field from './fields.ts';
import { cronMeant, durationMeant } from './hints.ts';
import { source } from './schema.ts';

type Issue = z.core.$ZodIssue;

/** Finds what does not match the schema. */
export function findShapeFaults(value: unknown): readonly Finding[] {
  const result = source.safeParse(value);
  if (result.success) return [];
  return result.error.issues.flatMap((issue) => findingsOf(issue, [], value));
}

function findingsOf(issue: Issue, prefix: Path, root: unknown): readonly Finding[] {
  const path: Path = [...prefix, ...issue.path.map(partOf)];
  const value = valueAt(root, path);
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(source, path);
    return issue.keys.map((key) => ({ path: [...path, key], at: 'key', ...unknownMember(key, known) }));
  }
  if (issue.code === 'invalid_union') return findingsOfUnion(issue, path, root);
  if (issue.code === 'invalid_key') {
    return [{ path, at: 'key', message: issue.issues[0]?.message ?? issue.message }];
  }
  if (value === undefined) return [{ path, at: 'value', message: `missing, ${expectationOf(issue, path)}` }];
  return [{ path, at: 'value', message: expectationOf(issue, path), ...nearestTo(issue, path, value) }];
}

/** Reports the faults of the branch that was most likely meant: the one that has the members that are written. */
function findingsOfUnion(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: Path,
  root: unknown,
): readonly Finding[] {
  const value = valueAt(root, path);
  const known = keysAt(source, path);
  const written = isObject(value) ? Object.keys(value) : [];
  const branches = issue.errors.map((errors) => ({ errors, odd: oddness(errors, value) }));
  const least = Math.min(...branches.map(({ odd }) => odd));
  const likely = branches.filter(({ odd }) => odd === least);
  const only = likely.length === 1 ? likely[0] : undefined;
  if (only !== undefined && written.some((key) => known.includes(key))) {
    return only.errors.flatMap((inner) => findingsOf(inner, path, root));
  }
  // A value that is not a mapping was meant for the branch that accepts its type.
  const typed = issue.errors.filter((errors) => !errors.some((error) => isOfAnotherType(error, value)));
  if (!isObject(value) && typed.length === 1) {
    return (typed[0] ?? []).flatMap((inner) => findingsOf(inner, path, root));
  }

  const expected = issue.errors.flat().find(({ message }) => message.startsWith('expected'));
  if (known.length === 0 && expected) return [{ path, at: 'value', message: expected.message }];
  const names = known.map((key) => `"${key}"`).join(', ');
  const mappings = schemasAt(source, path).filter((found) => found instanceof z.core.$ZodObject);
  const many = mappings.length > 1 ? `exactly one of ${names}` : `the members ${names}`;
  const choice = known.length === 1 ? names : many;
  const unknown = written.filter((key) => !known.includes(key));
  if (unknown.length > 0) {
    return unknown.map((key) => ({ path: [...path, key], at: 'key', ...unknownMember(key, known) }));
  }
  const plain = issue.errors.flat().find((error) => error.path.length === 0 && isAboutText(error));
  const mapping = isObject(value) && plain === undefined ? choice : `a mapping with ${choice}`;
  const message = plain === undefined ? `expected ${mapping}` : `${plain.message}, or ${mapping}`;
  return [{ path, at: 'value', message: value === undefined ? `missing, ${message}` : message }];
}

function isOfAnotherType(issue: Issue, value: unknown): boolean {
  if (issue.path.length > 0) return false;
  if (issue.code === 'invalid_value') return issue.values.every((other) => typeof other !== typeof value);
  return issue.code === 'invalid_type';
}

function isAboutText(issue: Issue): boolean {
  return issue.code === 'invalid_type' && issue.expected === 'string';
}

/** How badly a branch fits: it counts the members that the branch does not have, and those that are missing. */
function oddness(errors: readonly Issue[], value: unknown): number {
  return errors.reduce((sum, error) => {
    if (error.code === 'unrecognized_keys') return sum + error.keys.length;
    if (error.path.length === 0) return sum + 2;
    const isMissing = error.path.length === 1 && valueAt(value, error.path.map(partOf)) === undefined;
    return isMissing ? sum + 1 : sum;
  }, 0);
}

function unknownMember(
  key: string,
  known: readonly string[],
): { readonly message: string; readonly nearest?: string } {
  if (key === '<<') {
    return { message: 'expected no merge key, YAML 1.2 has none: write what apps share into "defaults"' };
  }
  if (key === 'gates') return { message: 'gates were never supported: delete this member' };
  if (key === 'pattern' && known.includes('newest'))
    return { message: 'regular expressions are no longer supported: write a glob, such as newest: "main-*"' };
  const names = known.map((name) => `"${name}"`).join(', ');
  // A member of another branch of the same union.
  if (known.includes(key)) return { message: `expected exactly one of ${names}` };
  const nearest = nearestOf(key, known);
  return {
    message: `unknown member, expected one of ${names}`,
    ...(nearest === undefined ? {} : { nearest }),
  };
}

function expectationOf(issue: Issue, path: Path): string {
  if (issue.code === 'invalid_value' && (issue.values.length > 1 || !issue.message.startsWith('expected'))) {
    return `expected one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
  }
  if (issue.message.startsWith('expected')) return issue.message;
  if (issue.code !== 'invalid_type') return `expected another value: ${issue.message}`;
  const known = keysAt(source, path);
  const members = known.length > 0 ? ` with the members ${known.map((key) => `"${key}"`).join(', ')}` : '';
  return `expected ${WORDS[issue.expected] ?? issue.expected}${members}`;
}

const WORDS: Readonly<Record<string, string>> = {
  object: 'a mapping',
  record: 'a mapping of names',
  array: 'a list',
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

function nearestTo(issue: Issue, path: Path, value: unknown): { readonly nearest?: string } {
  if (typeof value !== 'string') return {};
  if (issue.code === 'invalid_value') {
    return meant(nearestOf(value, issue.values.map(String)));
  }
  const member = path[path.length - 1];
  if (issue.message.startsWith('expected a duration')) return meant(durationMeant(value));
  if (member === 'expression' || member === 'schedule') return meant(cronMeant(value));
  if (member === 'timeZone') return nearestTimeZone(value);
  if (member === 'cluster' && value.startsWith('arn:'))
    return suggestion(value.split('/').pop() ?? '', field.ecsName('an ECS cluster', '', ''));
  if (member === 'repository') {
    return suggestion(value.replace(/[:@].*$/, '').toLowerCase(), field.repository);
  }
  return {};
}

function meant(nearest: string | undefined): { readonly nearest?: string } {
  return nearest === undefined ? {} : { nearest };
}

/** The time zone of that city, otherwise the one with the most similar name. */
function nearestTimeZone(name: string): { readonly nearest?: string } {
  const zones = Intl.supportedValuesOf('timeZone');
  const city = zones.find((zone) => zone.toLowerCase().endsWith(`/${name.toLowerCase()}`));
  return meant(city ?? nearestOf(name, zones));
}

function suggestion(name: string, form: z.ZodType): { readonly nearest?: string } {
  return form.safeParse(name).success ? { nearest: name } : {};
}

/** The members that the schema has at a path; of a union, those of all branches. */
function keysAt(schema: unknown, path: Path): readonly string[] {
  return [
    ...new Set(
      schemasAt(schema, path).flatMap((found) =>
        found instanceof z.core.$ZodObject ? Object.keys(found._zod.def.shape) : [],
      ),
    ),
  ];
}

/** Of schemas made with `zod` and, for the options of channels, with `zod/mini`. */
function schemasAt(schema: unknown, path: Path): readonly unknown[] {
  if (schema instanceof z.core.$ZodOptional) return schemasAt(schema._zod.def.innerType, path);
  if (schema instanceof z.core.$ZodUnion)
    return schema._zod.def.options.flatMap((option) => schemasAt(option, path));
  const [head, ...rest] = path;
  if (head === undefined) return [schema];
  if (schema instanceof z.core.$ZodObject) return schemasAt(schema._zod.def.shape[head], rest);
  if (schema instanceof z.core.$ZodRecord) return schemasAt(schema._zod.def.valueType, rest);
  if (schema instanceof z.core.$ZodArray) return schemasAt(schema._zod.def.element, rest);
  return [];
}

/** The value at a path of plain data, if any. */
export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, part) => {
    if (Array.isArray(value)) return typeof part === 'number' ? value[part] : undefined;
    return isObject(value) && Object.hasOwn(value, part) ? value[part] : undefined;
  }, root);
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function partOf(part: PropertyKey): string | number {
  return typeof part === 'symbol' ? String(part) : part;
}
