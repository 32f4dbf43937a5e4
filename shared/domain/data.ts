import { memberOf } from './member.ts';

/** Plain data, such as JSON has it: objects, lists, strings, numbers. */

type Members = Readonly<Record<string, unknown>>;

/** A deep copy. Several times as fast as `structuredClone`, and with each decision that is what counts. */
export function copyOf<Data>(data: Data): Data {
  return copy(data) as Data;
}

function copy(value: unknown): unknown {
  if (!isObject(value)) return value;
  if (Array.isArray(value)) return value.map(copy);
  const copied: Record<string, unknown> = { ...value };
  for (const name of Object.keys(copied)) copied[name] = copy(copied[name]);
  return copied;
}

/** Whether two values are the same data. A member that is undefined counts as absent, as in JSON. */
export function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (Array.isArray(one) || Array.isArray(other)) return isSameList(one, other);
  if (!isObject(one) || !isObject(other)) return false;
  return (
    Object.keys(one).every((name) => isSame(one[name], memberOf(other, name))) &&
    Object.keys(other).every((name) => other[name] === undefined || memberOf(one, name) !== undefined)
  );
}

function isSameList(one: unknown, other: unknown): boolean {
  if (!Array.isArray(one) || !Array.isArray(other) || one.length !== other.length) return false;
  return one.every((item, index) => isSame(item, other[index]));
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null;
}
