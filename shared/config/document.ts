import { type Document, isAlias, isCollection, isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import type { Fault, Finding, Path } from './faults.ts';
import { formatPath } from './faults.ts';

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
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const faults: Fault[] = [...document.errors, ...document.warnings].map((problem) => ({
    ...place(problem.pos[0]),
    path: '',
    message:
      problem.code === 'DUPLICATE_KEY'
        ? 'this name stands here twice, expected each name once'
        : problem.message,
  }));

  const locate = (finding: Finding): Fault => ({
    ...place(offsetOf(document, finding.path, finding.at)),
    path: formatPath(finding.path),
    message: finding.message,
    ...(finding.nearest === undefined ? {} : { nearest: finding.nearest }),
  });

  const broken = document.errors.some((error) => error.code !== 'DUPLICATE_KEY');
  if (broken) return { value: undefined, faults, locate };
  try {
    return { value: document.toJS(), faults, locate };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { value: undefined, faults: [...faults, { line: 1, column: 1, path: '', message }], locate };
  }
}

function offsetOf(document: Document, path: Path, at: 'value' | 'key'): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const part of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (!isCollection(node)) return offset;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
      if (pair === undefined) return offset;
      const isLast = part === path[path.length - 1];
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
