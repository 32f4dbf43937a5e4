import {
  type Document,
  isAlias,
  isCollection,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  visit,
  type YAMLError,
} from 'yaml';
import { nearestOf } from '../domain/nearest.ts';
import type { Path } from './faults.ts';

/** A fault in the YAML itself, with its position in the text. */
export interface SyntaxFault {
  readonly offset: number;
  readonly path: Path;
  readonly message: string;
  readonly nearest?: string;
}

/** With a `broken` fault, the values of the file cannot be read; with a `harmless` one, they can. */
interface SyntaxFaults {
  readonly broken: readonly SyntaxFault[];
  readonly harmless: readonly SyntaxFault[];
}

/** Finds all faults of the YAML, before the values are checked. `lineOf` counts from 1. */
export function findSyntaxFaults(document: Document, lineOf: (offset: number) => number): SyntaxFaults {
  const openings = openingsIn(document);
  return {
    broken: [
      ...document.errors.map((error) => faultOf(error, openings)),
      ...collectionsAsNames(document),
      ...unknownAliases(document),
    ],
    harmless: [
      ...doubleNames(document, lineOf),
      ...document.warnings.map((warning) => faultOf(warning, openings)),
    ],
  };
}

function faultOf(problem: YAMLError, openings: Openings): SyntaxFault {
  const [offset] = problem.pos;
  if (problem.code === 'TAB_AS_INDENT')
    return { offset, path: [], message: 'expected spaces: YAML does not accept tabs for indentation' };
  if (problem.code === 'MULTIPLE_DOCS')
    return { offset, path: [], message: 'expected one document: a second one starts here' };
  if (problem.message.startsWith('Block scalar header includes extra characters')) {
    const written = /[^:]*$/.exec(problem.message)?.[0].trim() ?? '';
    return {
      offset,
      path: [],
      message: `expected quotes around a value that starts with ">", such as "${written}"`,
    };
  }
  if (problem.message.startsWith('Alias cannot be an empty string'))
    return { offset, path: [], message: 'expected quotes around a value that starts with "*", such as "*"' };
  const message = `expected valid YAML: ${problem.message}`;
  const opening = problem.message.startsWith('Missing closing') ? openings.get(offset) : undefined;
  return { offset: opening ?? offset, path: [], message };
}

/** Where the scalars start, by where they end. */
type Openings = ReadonlyMap<number, number>;

/** The parser reports an unclosed quotation where it ends: at the end of the file. Visits the document once. */
function openingsIn(document: Document): Openings {
  const openings = new Map<number, number>();
  if (!document.errors.some(({ message }) => message.startsWith('Missing closing'))) return openings;
  visit(document, {
    Scalar(_, { range }) {
      if (range) openings.set(range[1], range[0]);
    },
  });
  return openings;
}

function doubleNames(document: Document, lineOf: (offset: number) => number): readonly SyntaxFault[] {
  const found: SyntaxFault[] = [];
  visit(document, {
    Map(_, map, ancestors) {
      const offsets = new Map<string, number>();
      for (const pair of map.items) {
        if (!isScalar(pair.key)) continue;
        const name = nameOf(pair);
        const offset = pair.key.range?.[0] ?? 0;
        const first = offsets.get(name);
        if (first === undefined) {
          offsets.set(name, offset);
          continue;
        }
        const message = `expected each name once: "${name}" is already on line ${lineOf(first)}`;
        found.push({ offset, path: pathOf([...ancestors, map, pair]), message });
      }
    },
  });
  return found;
}

function collectionsAsNames(document: Document): readonly SyntaxFault[] {
  const found: SyntaxFault[] = [];
  visit(document, {
    Pair(_, { key }, ancestors) {
      if (!isCollection(key)) return;
      const message = 'expected a name: a list or a mapping cannot be one';
      found.push({ offset: key.range?.[0] ?? 0, path: pathOf(ancestors), message });
    },
  });
  return found;
}

function unknownAliases(document: Document): readonly SyntaxFault[] {
  const found: SyntaxFault[] = [];
  const anchors = new Set<string>();
  visit(document, {
    Node(_, node, ancestors) {
      if (!isAlias(node)) {
        if (node.anchor !== undefined) anchors.add(node.anchor);
        return;
      }
      if (anchors.has(node.source)) return;
      const nearest = nearestOf(node.source, [...anchors]);
      found.push({
        offset: node.range?.[0] ?? 0,
        path: pathOf([...ancestors, node]),
        message: `expected quotes around a value that starts with "*", such as "*${node.source}", or an anchor "&${node.source}" above this alias`,
        ...(nearest === undefined ? {} : { nearest: `*${nearest}` }),
      });
    },
  });
  return found;
}

function pathOf(chain: readonly (Document | Node | Pair)[]): Path {
  return chain.flatMap((node, index): Path => {
    if (isPair(node)) return [nameOf(node)];
    const holder = chain[index - 1];
    return isSeq(holder) ? [holder.items.indexOf(node)] : [];
  });
}

/** The name of a member in plain data: `1` and `1.0` are both "1", an empty name is "". */
export function nameOf({ key }: Pair): string {
  return isScalar(key) && key.value !== null ? String(key.value) : '';
}
