/**
 * A member by a name that others choose. Undefined for the names that every object inherits, such as "constructor"
 * and "valueOf": services, tasks and containers may be called so.
 */
export function memberOf<Value>(
  record: Readonly<Record<string, Value>> | undefined,
  name: string,
): Value | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}

/** Sets a member by a name that others choose, even "__proto__". */
export function setMember(record: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') record[name] = value;
  else Object.defineProperty(record, name, { value, enumerable: true, writable: true, configurable: true });
}
