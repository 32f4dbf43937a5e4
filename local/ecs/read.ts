import { AwsError, type Json, type JsonObject } from '../contract.ts';

/** Reading members of a request. A member of the wrong type gets the error that AWS's own parser answers. */

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function wrong(member: string, expected: string): AwsError {
  return new AwsError(
    'SerializationException',
    `Unexpected type for member '${member}': expected ${expected}.`,
  );
}

export function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}

export function text(from: JsonObject, member: string): string | undefined {
  const value = from[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw wrong(member, 'a string');
  return value;
}

/** A whole number: AWS drops fractions. */
export function number(from: JsonObject, member: string): number | undefined {
  const value = from[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || Math.abs(value) > Number.MAX_SAFE_INTEGER) throw wrong(member, 'a number');
  return Math.trunc(value);
}

export function decimal(from: JsonObject | undefined, member: string): number | undefined {
  const value = from?.[member];
  return typeof value === 'number' ? value : undefined;
}

/** A whole number in this range, both ends included. Throws InvalidParameterException. */
export function numberWithin(
  from: JsonObject,
  member: string,
  least: number,
  most: number,
): number | undefined {
  const value = number(from, member);
  if (value === undefined || (value >= least && value <= most)) return value;
  throw invalid(`${member} must be between ${least} and ${most}.`);
}

/** One of the values of an enumeration. Throws InvalidParameterException. */
export function oneOf<Value extends string>(value: string, allowed: readonly Value[]): Value {
  const found = allowed.find((other) => other === value);
  if (found !== undefined) return found;
  throw invalid(`${value} is not one of ${allowed.join(', ')}.`);
}

export function flag(from: JsonObject, member: string): boolean | undefined {
  const value = from[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') throw wrong(member, 'a boolean');
  return value;
}

export function object(from: JsonObject, member: string): JsonObject | undefined {
  const value = from[member];
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw wrong(member, 'a structure');
  return value;
}

export function list(from: JsonObject, member: string): readonly Json[] {
  const value = from[member];
  if (value === undefined || value === null) return [];
  if (!isList(value)) throw wrong(member, 'a list');
  return value;
}

export function texts(from: JsonObject, member: string): readonly string[] {
  return list(from, member).map((each) => {
    if (typeof each !== 'string') throw wrong(member, 'a list of strings');
    return each;
  });
}

export function objects(from: JsonObject, member: string): readonly JsonObject[] {
  return list(from, member).map((each) => {
    if (!isObject(each)) throw wrong(member, 'a list of structures');
    return each;
  });
}

/** A required string. `refuse`: for services with a different error. */
export function required(
  from: JsonObject,
  member: string,
  refuse: (member: string) => AwsError = (name) => invalid(`${name} cannot be empty.`),
): string {
  const value = text(from, member);
  if (value === undefined || value === '') throw refuse(member);
  return value;
}

/** The common error for an absent required member. */
export function validationError(member: string): AwsError {
  const place = `${member.slice(0, 1).toLowerCase()}${member.slice(1)}`;
  return new AwsError(
    'ValidationException',
    `1 validation error detected: Value null at '${place}' failed to satisfy constraint: Member must not be null`,
  );
}

/** One page of `items`, with the token of the next. */
export function page<T>(
  items: readonly T[],
  input: JsonObject,
  size: { readonly usual: number; readonly most: number },
): { readonly items: readonly T[]; readonly next: { readonly nextToken?: string } } {
  const limit = number(input, 'maxResults') ?? size.usual;
  if (limit < 1 || limit > size.most) throw invalid(`maxResults must be between 1 and ${size.most}.`);
  const token = text(input, 'nextToken');
  const start = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString());
  if (!Number.isInteger(start) || start < 0) throw invalid('Invalid token.');
  const end = start + limit;
  const more = end < items.length;
  return {
    items: items.slice(start, end),
    next: more ? { nextToken: Buffer.from(String(end)).toString('base64url') } : {},
  };
}

/** The same string for equal content, whatever the order of members. */
export function stableText(value: Json | undefined): string {
  if (isList(value)) return `[${value.map(stableText).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value ?? null);
  const members = Object.keys(value)
    .filter((key) => value[key] !== undefined && value[key] !== null)
    .sort();
  return `{${members.map((key) => `${JSON.stringify(key)}:${stableText(value[key])}`).join(',')}}`;
}

/** Epoch milliseconds → epoch seconds, as in AWS's APIs. */
export function seconds(milliseconds: number): number {
  return milliseconds / 1000;
}

/** The object without its undefined members. */
export function present(members: { readonly [key: string]: Json | undefined }): JsonObject {
  const result: Record<string, Json> = {};
  for (const [key, value] of Object.entries(members)) if (value !== undefined) result[key] = value;
  return result;
}
