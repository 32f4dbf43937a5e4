import type { Raw, RawDefinition } from '../domain/revision.ts';

/** JSON as AWS takes and sends it, members that no SDK knows included. */
export type Json = Raw;
export type JsonObject = RawDefinition;

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value);
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

export function objectAt(from: JsonObject, member: string): JsonObject {
  const value = from[member];
  return isObject(value) ? value : {};
}

export function listAt(from: JsonObject, member: string): readonly Json[] {
  const value = from[member];
  return isList(value) ? value : [];
}

export function objectsAt(from: JsonObject, member: string): readonly JsonObject[] {
  return listAt(from, member).filter(isObject);
}

export function textAt(from: JsonObject, member: string): string | undefined {
  const value = from[member];
  return typeof value === 'string' ? value : undefined;
}

/** The object with these members only. */
export function pick(from: JsonObject, members: readonly string[]): JsonObject {
  return present(Object.fromEntries(members.map((member) => [member, from[member]])));
}

export function omit(from: JsonObject, members: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(from).filter(([member]) => !members.includes(member)));
}

/** The object without its undefined members. */
export function present(from: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(from).filter(([, value]) => value !== undefined));
}

/** Parses JSON that AWS sent; undefined where it is not JSON. */
export function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The same text for equal content, whatever the order of members. */
export function stableText(value: Json | undefined): string {
  if (isList(value)) return `[${value.map(stableText).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value ?? null);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  const sorted = members.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([name, member]) => `${JSON.stringify(name)}:${stableText(member)}`).join(',')}}`;
}
