import { type Document, isMap, isScalar, parseDocument } from 'yaml';
import { copyOf, isSame } from '../domain/data.ts';
import { formatPath } from './faults.ts';
import { findOutdated, type Outdated } from './outdated.ts';
import { isObject, valueAt } from './shape.ts';
import { nameOf } from './syntax.ts';

/** A file under the names of today. */
interface Migrated {
  readonly text: string;
  /** What a person has to change, one sentence each. */
  readonly left: readonly string[];
}

/** A part of a text that is replaced: from `start` to before `end`. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Writes the names of today into the text of a `fairway.yml`. Everything else stays as it is written: comments, order,
 * quotes. A name that cannot be replaced without changing what the file means is left to a person. `text` has to be
 * valid YAML.
 */
export function migrate(text: string): Migrated {
  const outdated = findOutdated(dataOf(text));
  const together = rewritten(text, outdated);
  const after = together ?? outdated.reduce((before, one) => rewritten(before, [one]) ?? before, text);
  return { text: after, left: findOutdated(dataOf(after)).map(byHand) };
}

/** The text with these names replaced; undefined if it would mean something else, or nothing. */
function rewritten(text: string, outdated: readonly Outdated[]): string | undefined {
  const document = parse(text);
  const after = outdated
    .flatMap((one) => editOf(document, text, one))
    .toSorted((a, b) => b.start - a.start)
    .reduce((before, { start, end, text: to }) => before.slice(0, start) + to + before.slice(end), text);
  const wanted = copyOf(document.toJS());
  for (const one of outdated) rename(wanted, one);
  const next = parse(after);
  return next.errors.length === 0 && isSame(next.toJS(), wanted) ? after : undefined;
}

/** Renames in plain data. */
function rename(root: unknown, { path, at, was, now, both }: Outdated): void {
  const parent = valueAt(root, path.slice(0, -1));
  if (!isObject(parent) || both) return;
  const members = parent as Record<string, unknown>;
  if (at === 'value') members[String(path.at(-1))] = now;
  else if (Object.hasOwn(members, was)) {
    members[now] = members[was];
    delete members[was];
  }
}

function byHand({ path, at, was, now, both }: Outdated): string {
  const where = formatPath(path);
  if (both) return `${where}: delete it, since \`${now}\` is there as well and is the one that counts`;
  return `${where}: ${at === 'key' ? 'rename' : 'change'} \`${was}\` to \`${now}\` there`;
}

/** Replaces the name within what is written, so that quotes and block scalars stay. */
function editOf(document: Document, text: string, { path, at, was, now, both }: Outdated): readonly Edit[] {
  const pair = both ? undefined : pairAt(document, path);
  const node = at === 'key' ? pair?.key : pair?.value;
  if (!isScalar(node) || !node.range) return [];
  const [start, end] = node.range;
  return [{ start, end, text: text.slice(start, end).replace(was, () => now) }];
}

/** The member as it is written; undefined where it is written behind an alias. */
function pairAt(document: Document, path: Outdated['path']) {
  const parent = document.getIn(path.slice(0, -1), true);
  return isMap(parent) ? parent.items.find((pair) => nameOf(pair) === path.at(-1)) : undefined;
}

function dataOf(text: string): unknown {
  return parse(text).toJS();
}

function parse(text: string): Document {
  return parseDocument(text, { uniqueKeys: false, logLevel: 'error' });
}
