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
import { findSyntaxFaults, nameOf, type SyntaxFault } from './syntax.ts';

/** A YAML file that remembers where each of its members stands. */
export interface SourceDocument {
  /** What the file says, as plain values; undefined where its syntax is too broken to tell. */
  readonly value: unknown;
  /** Faults of the syntax, double keys among them. */
  readonly faults: readonly Fault[];
  /** Puts a finding in its place; one about a member that is not there points at what should hold it. */
  locate(finding: Finding): Fault;
}

/** Reads YAML 1.2. Does not throw: what is wrong with it is in `faults`. */
export function readDocument(text: string): SourceDocument {
  const lines = new LineCounter();
  // The parser would compare each name with all others of its mapping: `findSyntaxFaults` does that in one pass.
  const options = { lineCounter: lines, prettyErrors: false, logLevel: 'error', uniqueKeys: false } as const;
  const document = parseDocument(text, options);
  const place = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const members = membersByName();
  const told = ({ offset, path, ...fault }: SyntaxFault): Fault => ({
    ...place(offset),
    path: formatPath(path),
    ...fault,
  });
  const locate = ({ path, at, ...finding }: Finding): Fault => ({
    ...place(offsetOf(document, path, at, members)),
    path: formatPath(path),
    ...finding,
  });

  const { broken, harmless } = findSyntaxFaults(document, (offset) => place(offset).line);
  const faults = [...broken, ...harmless].map(told);
  if (broken.length > 0) return { value: undefined, faults, locate };
  try {
    return { value: document.toJS(), faults, locate };
  } catch {
    // All that is left to go wrong here: aliases of aliases that multiply without end.
    const message = 'expected fewer aliases, these multiply to more than can be read';
    return { value: undefined, faults: [...faults, { line: 1, column: 1, path: '', message }], locate };
  }
}

type MembersByName = (map: YAMLMap) => ReadonlyMap<string, Pair>;

/** The members of each mapping, read once: a file may have thousands of faults in one of them. */
function membersByName(): MembersByName {
  const known = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();
  return (map) => {
    // Of a name that stands twice the last one counts.
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
        // A collection starts at its first member, which is a line below its name: point at the name.
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
