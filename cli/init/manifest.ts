import { isMap, isNode, parseDocument, type YAMLMap } from 'yaml';
import { exitCode, Failure } from '../failure.ts';

/** `package.json`: the entry of this package is inserted into its text, and the rest stays as it is written. */

export const PACKAGE = 'fairway-ecs';
const DEVELOPMENT = 'devDependencies';
const LISTS = ['dependencies', DEVELOPMENT, 'optionalDependencies', 'peerDependencies'];

/** `package.json` with this package among the development dependencies, unless one of its lists has it. */
export function packageText(before: string | undefined, version: string): string {
  const text = before ?? '{\n  "private": true\n}\n';
  const manifest = parsedManifest(text);
  if (LISTS.some((list) => Object.hasOwn(Object(manifest[list]), PACKAGE))) return text;
  // JSON is YAML, and this parser knows where each member is.
  const root = parseDocument(text, { uniqueKeys: false, logLevel: 'error' }).contents;
  if (!isMap(root)) throw unusable('is not an object');
  const list = membersOf(text, root).findLast(({ name }) => name === DEVELOPMENT)?.value;
  const entry = { name: PACKAGE, value: JSON.stringify(version) };
  if (list === undefined) return withDevelopment(text, root, entry);
  if (!isMap(list)) throw unusable(`has ${DEVELOPMENT} that are not an object`);
  return withMember(text, list, entry, isBefore);
}

/** npm sorts the list like this. */
function isBefore(name: string, other: string): boolean {
  return name.localeCompare(other, 'en') < 0;
}

interface Entry {
  readonly name: string;
  /** As JSON. */
  readonly value: string;
}

function withDevelopment(text: string, root: YAMLMap, { name, value }: Entry): string {
  const { eol, unit } = layoutOf(text);
  const [{ lead = eol, colon = ': ' } = {}] = membersOf(text, root).slice(-1);
  const member = `${JSON.stringify(name)}${colon}${value}`;
  const space = colon.slice(1);
  const list = lead.includes('\n')
    ? `{${eol}${unit}${unit}${member}${eol}${unit}}`
    : `{${space}${member}${space}}`;
  return withMember(text, root, { name: DEVELOPMENT, value: list });
}

/**
 * Inserts a member into an object, written as its neighbors are.
 * @param precedes whether it goes before the member of that name; absent: it goes to the end
 */
function withMember(
  text: string,
  map: YAMLMap,
  { name, value }: Entry,
  precedes: (name: string, other: string) => boolean = () => false,
): string {
  const members = membersOf(text, map);
  const next = members.find((member) => precedes(name, member.name));
  const neighbor = next ?? members.at(-1);
  if (neighbor === undefined) return withFirst(text, map, `${JSON.stringify(name)}: ${value}`);
  const { lead, colon } = neighbor;
  const member = `${JSON.stringify(name)}${colon}${value}`;
  const separator = `,${lead || colon.slice(1)}`;
  return next === undefined
    ? splice(text, neighbor.end, neighbor.end, `${separator}${member}`)
    : splice(text, next.start, next.start, `${member}${separator}`);
}

function withFirst(text: string, { range }: YAMLMap, member: string): string {
  const [start = 0, end = start] = range ?? [];
  const { eol, unit } = layoutOf(text);
  const indent = /(?:^|\n)([ \t]*)[^\n]*$/.exec(text.slice(0, start))?.[1] ?? '';
  return splice(text, start, end, `{${eol}${indent}${unit}${member}${eol}${indent}}`);
}

function splice(text: string, start: number, end: number, by: string): string {
  return text.slice(0, start) + by + text.slice(end);
}

/** The members of an object, and how each is written. */
function membersOf(text: string, { items }: YAMLMap) {
  return items.flatMap(({ key, value }) => {
    if (!isNode(key) || !isNode(value) || !key.range || !value.range) return [];
    const [start, keyEnd] = key.range;
    const [from, end] = value.range;
    const between = text.slice(keyEnd, from);
    return [
      {
        name: String(key),
        value,
        start,
        end,
        /** The white space before it. */
        lead: /\s*$/.exec(text.slice(0, start))?.[0] ?? '',
        colon: /^: ?$/.test(between) ? between : ': ',
      },
    ];
  });
}

function layoutOf(text: string) {
  return { eol: /\r?\n/.exec(text)?.[0] ?? '\n', unit: /^[ \t]+(?=")/m.exec(text)?.[0] ?? '  ' };
}

function parsedManifest(text: string): Readonly<Record<string, unknown>> {
  if (text.trim() === '') throw unusable('is empty');
  if (text.startsWith('\uFEFF')) throw unusable('starts with a byte order mark: save it without');
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch {
    throw unusable('is not JSON');
  }
  if (typeof manifest !== 'object' || manifest === null || Array.isArray(manifest))
    throw unusable('is not an object');
  return { ...manifest };
}

function unusable(why: string): Failure {
  return new Failure(
    exitCode.failed,
    `failed to read package.json: it ${why}. Fix it, or move it away, and run init again. Nothing was written`,
  );
}
