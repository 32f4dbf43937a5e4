import { isObject, type JsonObject, parsed } from '../json.ts';

/** A checked source as plain JSON, which AWS takes. */
export function jsonOf(source: object): JsonObject {
  const value = parsed(JSON.stringify(source));
  return isObject(value) ? value : {};
}
