import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  LineCounter,
  type Pair,
  parseDocument,
  type YAMLMap,
} from 'yaml';
import type { Fault, Finding, Path } from './faults.ts';
import { formatPath } from './faults.ts';
import { tooDeepAt } from './nesting.ts';
import { findSyntaxFaults, nameOf, type SyntaxFault } from './syntax.ts';

/** A YAML file, with the position of each member. */
export interface SourceDocument {
  /** The values of the file as plain data; undefined if its YAML is broken. */
  readonly value: unknown;
  /** Faults of the YAML itself, including duplicate names. */
  readonly faults: readonly Fault[];
  /** Adds line and column. A fault about a missing member points at the parent. */
  locate(finding: Finding): Fault;
}

/** Reads YAML 1.2. Does not throw: syntax errors are in `faults`. */
export function readDocument(text: string): SourceDocument {
  const tooDeep = tooDeepAt(text);
  if (tooDeep !== undefined) return tooDeepDocument(text.slice(0, tooDeep));
  const lines = new LineCounter();
  // The parser's own check of duplicate names takes quadratic time. `findSyntaxFaults` needs one pass.
  const options = { lineCounter: lines, prettyErrors: false, logLevel: 'error', uniqueKeys: false } as const;
  const document = parseDocument(text, options);
  const position = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const members = membersByName();
  const withPosition = ({ offset, path, ...fault }: SyntaxFault): Fault => ({
    ...position(offset),
    path: formatPath(path),
    ...fault,
  });
  const locate = ({ path, at, ...finding }: Finding): Fault => ({
    ...position(offsetOf(document, path, at, members)),
    path: formatPath(path),
    ...finding,
  });

  const { broken, harmless } = findSyntaxFaults(document, (offset) => position(offset).line);
  const faults = [...broken, ...harmless].map(withPosition);
  if (broken.length > 0) return { value: undefined, faults, locate };
  try {
    return { value: document.toJS(), faults, locate };
  } catch {
    // The only remaining cause: aliases of aliases that expand without limit.
    const message = 'expected fewer aliases: expanded, these are too large to read';
    return { value: undefined, faults: [...faults, { line: 1, column: 1, path: '', message }], locate };
  }
}

function tooDeepDocument(before: string): SourceDocument {
  const lines = before.split('\n');
  const place = { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
  const message = 'expected fewer levels: this is nested too deeply to be read';
  const locate = ({ path, at: _, ...finding }: Finding) => ({ ...place, path: formatPath(path), ...finding });
  return { value: undefined, faults: [{ ...place, path: '', message }], locate };
}

type MembersByName = (map: YAMLMap) => ReadonlyMap<string, Pair>;

/** Indexes each mapping once, since one mapping can have thousands of faults. */
function membersByName(): MembersByName {
  const known = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();
  return (map) => {
    // Of a duplicate name, the last one is used.
    const members = known.get(map) ?? new Map(map.items.map((pair) => [nameOf(pair), pair]));
    known.set(map, members);
    return members;
  };
}

function offsetOf(document: Document, path: Path, at: 'value' | 'key', members: MembersByName): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [index, part] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    if (!isCollection(node)) return offset;
    if (isMap(node)) {
      const pair = members(node).get(String(part));
      if (pair === undefined) return offset;
      const isLast = index === path.length - 1;
      offset = startOf(pair.key) ?? offset;
      if (!(isLast && at === 'key')) {
        // A collection starts at its first member, one line below its name: point at the name.
        const scalar = isScalar(pair.value) || isAlias(pair.value);
        offset = (scalar ? startOf(pair.value) : undefined) ?? offset;
      }
      node = pair.value;
      continue;
    }
    node = typeof part === 'number' ? node.items[part] : undefined;
    offset = startOf(node) ?? offset;
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  if (isScalar(node) || isAlias(node) || isCollection(node)) return node.range?.[0];
  return undefined;
}
