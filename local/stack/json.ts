import type { Json, JsonObject } from '../contract.ts';

/** Whether a value is a JSON object (not an array, not null). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as an object, empty if absent. Otherwise throws an error with the place. */
export function objectAt(value: Json | undefined, place: string): JsonObject {
  if (value === undefined) return {};
  if (isObject(value)) return value;
  throw new Error(`${place}: expected an object, found ${describe(value)}`);
}

/** The value as a list; a single value counts as a list of one, absent as an empty one. */
export function listOf(value: Json | undefined): readonly Json[] {
  if (value === undefined) return [];
  return isList(value) ? value : [value];
}

/** Like `Array.isArray`, which does not narrow a readonly list. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** The value as a string. Otherwise throws an error with the place. */
export function stringAt(value: Json | undefined, place: string): string {
  if (typeof value === 'string') return value;
  throw new Error(`${place}: expected a string, found ${describe(value)}`);
}

/** The value as a string, or undefined if it is absent. */
export function optionalString(value: Json | undefined, place: string): string | undefined {
  return value === undefined ? undefined : stringAt(value, place);
}

/** The value as a number (CloudFormation also takes "30"), or undefined when it is absent. */
export function optionalNumber(value: Json | undefined, place: string): number | undefined {
  if (value === undefined) return undefined;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  throw new Error(`${place}: expected a number, found ${describe(value)}`);
}

/** A short description for error messages. */
export function describe(value: Json | undefined): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
