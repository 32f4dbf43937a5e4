import { type Document, isCollection, isMap, isScalar, parseDocument, type YAMLMap } from 'yaml';
import { formatPath, type Path } from './faults.ts';
import { FILE_VERSION } from './fields.ts';
import { findOutdated, type Outdated } from './outdated.ts';
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
 * Writes the names of today into the text of a `fairway.yml`, and its version. Everything else stays as it is written:
 * comments, order, quotes. `text` has to be valid YAML.
 */
export function migrate(text: string): Migrated {
  const document = parseDocument(text, { uniqueKeys: false, logLevel: 'error' });
  const outdated = findOutdated(document.toJS());
  const edits = [...outdated.flatMap((one) => editOf(document, one)), ...versionEdits(document)];
  const changed = edits
    .toSorted((a, b) => b.start - a.start)
    .reduce((before, { start, end, text: to }) => before.slice(0, start) + to + before.slice(end), text);
  const left = findOutdated(parseDocument(changed, { uniqueKeys: false, logLevel: 'error' }).toJS());
  return { text: changed, left: left.map(byHand) };
}

function byHand({ path, was, now, both }: Outdated): string {
  const where = formatPath(path);
  if (both) return `${where}: delete it, since \`${now}\` is there as well and is the one that counts`;
  return `${where}: write \`${now}\` instead of \`${was}\``;
}

function editOf(document: Document, { path, at, now, both }: Outdated): readonly Edit[] {
  const pair = both ? undefined : pairAt(document, path);
  const node = at === 'key' ? pair?.key : pair?.value;
  if (!isScalar(node) || !node.range) return [];
  const [start, end] = node.range;
  return [{ start, end, text: now }];
}

/** The member as it is written; undefined where it is written behind an alias. */
function pairAt(document: Document, path: Path) {
  const parent = document.getIn(path.slice(0, -1), true);
  return isMap(parent) ? parent.items.find((pair) => nameOf(pair) === path.at(-1)) : undefined;
}

function versionEdits({ contents }: Document): readonly Edit[] {
  if (!isMap(contents)) return [];
  const version = contents.items.find((pair) => nameOf(pair) === 'version')?.value;
  if (isScalar(version) && version.range) {
    const [start, end] = version.range;
    return version.value === FILE_VERSION ? [] : [{ start, end, text: String(FILE_VERSION) }];
  }
  const start = firstMember(contents);
  const separator = contents.flow === true ? ', ' : '\n';
  return start === undefined ? [] : [{ start, end: start, text: `version: ${FILE_VERSION}${separator}` }];
}

function firstMember({ items }: YAMLMap): number | undefined {
  const key = items[0]?.key;
  return isScalar(key) || isCollection(key) ? key.range?.[0] : undefined;
}
