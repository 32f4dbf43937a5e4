import {
  type Document,
  isAlias,
  isCollection,
  isMap,
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

/** A fault of the YAML itself, with the place in the text where it stands. */
export interface SyntaxFault {
  readonly offset: number;
  readonly path: Path;
  readonly message: string;
  readonly nearest?: string;
}

/** What the file says cannot be told while one of `broken` stands; the rest leaves its values readable. */
export interface SyntaxFaults {
  readonly broken: readonly SyntaxFault[];
  readonly harmless: readonly SyntaxFault[];
}

/** Everything that is wrong with a document before its meaning is looked at. `lineOf` counts from 1. */
export function findSyntaxFaults(document: Document, lineOf: (offset: number) => number): SyntaxFaults {
  const double = document.errors.filter(({ code }) => code === 'DUPLICATE_KEY');
  const other = document.errors.filter(({ code }) => code !== 'DUPLICATE_KEY');
  return {
    broken: [
      ...other.map((error) => faultOf(error, document)),
      ...collectionsAsNames(document),
      ...unknownAliases(document),
    ],
    harmless: [
      ...double.map((error) => doubleName(error.pos[0], document, lineOf)),
      ...document.warnings.map((warning) => faultOf(warning, document)),
    ],
  };
}

function faultOf(problem: YAMLError, document: Document): SyntaxFault {
  const [offset] = problem.pos;
  if (problem.code === 'TAB_AS_INDENT')
    return { offset, path: [], message: 'expected spaces, YAML takes no tabs for indentation' };
  if (problem.code === 'MULTIPLE_DOCS')
    return { offset, path: [], message: 'expected one document, a second one starts here' };
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
  return { offset: openingOf(problem, document) ?? offset, path: [], message };
}

/** Of a quotation that never ends, its beginning: the parser only notices at the end of the file. */
function openingOf(problem: YAMLError, document: Document): number | undefined {
  if (!problem.message.startsWith('Missing closing')) return undefined;
  let opening: number | undefined;
  visit(document, {
    Scalar(_, { range }) {
      if (range?.[1] === problem.pos[0]) opening = range[0];
    },
  });
  return opening;
}

function doubleName(offset: number, document: Document, lineOf: (offset: number) => number): SyntaxFault {
  let fault: SyntaxFault = {
    offset,
    path: [],
    message: 'expected each name once, this one stands here twice',
  };
  visit(document, {
    Pair(_, pair, ancestors) {
      const holder = ancestors.at(-1);
      if (!isScalar(pair.key) || pair.key.range?.[0] !== offset || !isMap(holder)) return;
      const name = nameOf(pair);
      const first = holder.items.find((other) => nameOf(other) === name);
      const line = isScalar(first?.key) ? lineOf(first.key.range?.[0] ?? offset) : lineOf(offset);
      const message = `expected each name once, "${name}" stands in line ${line} already`;
      fault = { offset, path: pathOf([...ancestors, pair]), message };
    },
  });
  return fault;
}

function collectionsAsNames(document: Document): readonly SyntaxFault[] {
  const found: SyntaxFault[] = [];
  visit(document, {
    Pair(_, { key }, ancestors) {
      if (!isCollection(key)) return;
      const message = 'expected a name, a list or a mapping cannot be one';
      found.push({ offset: key.range?.[0] ?? 0, path: pathOf(ancestors), message });
    },
  });
  return found;
}

function unknownAliases(document: Document): readonly SyntaxFault[] {
  const found: SyntaxFault[] = [];
  const anchors: string[] = [];
  visit(document, {
    Node(_, node, ancestors) {
      if (!isAlias(node)) {
        if (node.anchor !== undefined) anchors.push(node.anchor);
        return;
      }
      if (anchors.includes(node.source)) return;
      const nearest = nearestOf(node.source, anchors);
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

/** A member's name as it becomes one in plain data: `1` and `1.0` are both "1", nothing at all is "". */
export function nameOf({ key }: Pair): string {
  return isScalar(key) && key.value !== null ? String(key.value) : '';
}
