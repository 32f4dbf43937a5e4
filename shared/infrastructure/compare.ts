import { isList, isObject, type Json, type JsonObject, stableText } from './json.ts';

/**
 * Comparing what is declared with what exists. Only declared members are compared: an absent one is not ours, `null`
 * resets it. Objects are compared member by member, lists as a whole.
 */

export interface Difference {
  /** "networkConfiguration.awsvpcConfiguration.subnets", `containerDefinitions[web].cpu`. */
  readonly path: string;
  /** Undefined: absent. */
  readonly from: Json | undefined;
  /** Undefined: removed. */
  readonly to: Json | undefined;
}

/** In place of a value that stays as it is in AWS: `{ name: API_KEY, fromLive: true }`, `command: { fromLive: true }`. */
const FROM_LIVE = 'fromLive';

/** Lists of plain values whose order matters; all other lists of plain values are sets. */
const ORDERED: ReadonlySet<string> = new Set(['command', 'entryPoint', 'dnsServers', 'dnsSearchDomains']);

/** Members that identify an item of a list, so that the list is compared whatever its order. */
const IDENTITIES = ['name', 'capacityProvider', 'targetGroupArn', 'containerPort'] as const;

/** How `declared` differs from `actual`, in the order of the declaration. */
export function differences(declared: JsonObject, actual: JsonObject): readonly Difference[] {
  return ofObject(declared, actual, '');
}

function ofObject(declared: JsonObject, actual: JsonObject, path: string): readonly Difference[] {
  return Object.entries(declared).flatMap(([member, value]) => {
    if (value === undefined) return [];
    return ofValue(value, actual[member], path === '' ? member : `${path}.${member}`, member);
  });
}

function ofValue(to: Json, from: Json | undefined, path: string, member: string): readonly Difference[] {
  if (to === null) return isNothing(from) ? [] : [{ path, from, to: undefined }];
  if (isFromLive(to)) return from === undefined ? [{ path, from, to }] : [];
  if (isObject(to) && isObject(from)) return ofObject(to, from, path);
  if (isList(to) && isList(from)) return ofList(to, from, path, member);
  if (isEmptyList(to) && isNothing(from)) return [];
  return stableText(to) === stableText(from) ? [] : [{ path, from: from ?? undefined, to }];
}

function isFromLive(value: Json): boolean {
  return isObject(value) && value[FROM_LIVE] === true;
}

function isNothing(value: Json | undefined): boolean {
  return value === undefined || value === null || isEmptyList(value);
}

function isEmptyList(value: Json | undefined): boolean {
  return isList(value) && value.length === 0;
}

function ofList(
  to: readonly Json[],
  from: readonly Json[],
  path: string,
  member: string,
): readonly Difference[] {
  const identity = identityOf(to, from);
  if (identity !== undefined) return ofNamed(named(to, identity), named(from, identity), path);
  const [wanted, found] = ORDERED.has(member) ? [to, from] : [sorted(to), sorted(from)];
  const same =
    wanted.length === found.length &&
    wanted.every((item, index) => ofValue(item, found[index], path, member).length === 0);
  return same ? [] : [{ path, from, to }];
}

function ofNamed(
  to: ReadonlyMap<string, JsonObject>,
  from: ReadonlyMap<string, JsonObject>,
  path: string,
): readonly Difference[] {
  const changed = [...to].flatMap(([name, item]) => {
    const found = from.get(name);
    const at = `${path}[${name}]`;
    if (found === undefined) return [{ path: at, from: undefined, to: item }];
    return isFromLive(item) ? [] : ofObject(item, found, at);
  });
  const removed = [...from].filter(([name]) => !to.has(name));
  return [
    ...changed,
    ...removed.map(([name, item]) => ({ path: `${path}[${name}]`, from: item, to: undefined })),
  ];
}

/** The member that every item has, each of a list with another value. */
function identityOf(to: readonly Json[], from: readonly Json[]): string | undefined {
  if (to.length + from.length === 0) return undefined;
  return IDENTITIES.find((member) => identifies(member, to) && identifies(member, from));
}

function identifies(member: string, items: readonly Json[]): boolean {
  const values = items.map((item) => (isObject(item) ? item[member] : undefined));
  const plain = values.every((value) => typeof value === 'string' || typeof value === 'number');
  return plain && new Set(values).size === values.length;
}

function named(items: readonly Json[], identity: string): ReadonlyMap<string, JsonObject> {
  return new Map(items.filter(isObject).map((item) => [String(item[identity]), item]));
}

function sorted(items: readonly Json[]): readonly Json[] {
  return items.toSorted((a, b) => (stableText(a) < stableText(b) ? -1 : 1));
}

/**
 * The whole value to send: what exists, with what is declared in its place. AWS resets members of a block that a
 * request leaves out.
 */
export function merged(declared: JsonObject, actual: JsonObject): JsonObject {
  const own = Object.entries(declared).filter(([, value]) => value !== undefined);
  const kept = Object.entries(actual).filter(([member]) => declared[member] !== null);
  return Object.fromEntries([
    ...kept,
    ...own.flatMap(([member, value]): [string, Json][] =>
      value === null || value === undefined || isFromLive(value)
        ? []
        : [[member, mergedValue(value, actual[member])]],
    ),
  ]);
}

function mergedValue(to: Json, from: Json | undefined): Json {
  if (isObject(to)) return merged(to, isObject(from) ? from : {});
  if (!isList(to)) return to;
  const found = isList(from) ? from : [];
  const identity = identityOf(to, found);
  const existing = identity === undefined ? new Map<string, JsonObject>() : named(found, identity);
  return to.map((item) => {
    if (!isObject(item)) return item;
    const before = identity === undefined ? undefined : existing.get(String(item[identity]));
    return merged({ ...item, [FROM_LIVE]: null }, before ?? {});
  });
}

/** Paths whose value should stay as it is in AWS, and that are not there. */
export function missingFromLive(found: readonly Difference[]): readonly string[] {
  return found.flatMap(({ path, from, to }) =>
    from === undefined && to !== undefined && isFromLive(to) ? [path] : [],
  );
}

/** Paths of a declaration whose value should stay as it is in AWS. */
export function fromLiveIn(value: Json | undefined, path = ''): readonly string[] {
  if (value === undefined || value === null) return [];
  if (isFromLive(value)) return [path];
  if (isList(value))
    return value.flatMap((item, index) => fromLiveIn(item, `${path}[${nameOf(item) ?? index}]`));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([member, item]) =>
    fromLiveIn(item, path === '' ? member : `${path}.${member}`),
  );
}

function nameOf(item: Json): string | undefined {
  return isObject(item) && typeof item.name === 'string' ? item.name : undefined;
}
