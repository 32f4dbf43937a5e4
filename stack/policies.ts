import { longest, sub, type Template } from './names.ts';

/** One statement of an IAM policy. Resources are ARNs with pseudo parameters, or references in the template. */
export interface Statement {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly Template[];
  readonly conditions?: Readonly<Record<string, Template>>;
}

/** Characters reserved for the rest of a policy document. */
const FRAME = 100;

export function documentOf(statements: readonly Statement[]): Template {
  return {
    Version: '2012-10-17',
    Statement: statements.map(({ sid, actions, resources, conditions }) => ({
      Sid: sid,
      Effect: 'Allow',
      Action: actions,
      Resource: resources.map(filledIn),
      ...(conditions === undefined ? {} : { Condition: conditions }),
    })),
  };
}

/** The largest size of a policy, in characters. */
export function sizeOf(statements: readonly Statement[]): number {
  return longest(documentOf(statements)).length + FRAME;
}

/**
 * Distributes statements over as few policies as possible; `rooms` are the sizes of the policies in characters. A
 * statement that is too long is divided. Undefined if they do not fit. Statements with long conditions come first,
 * since conditions cannot be divided.
 */
export function fitInto(
  rooms: readonly number[],
  statements: readonly Statement[],
): readonly (readonly Statement[])[] | undefined {
  const policies: (readonly Statement[])[] = [];
  let left: readonly Statement[] = statements.toSorted((a, b) => frameOf(b) - frameOf(a));
  for (const room of rooms) {
    if (left.length === 0) break;
    const filled = fill(room, left);
    policies.push(filled.taken);
    left = filled.left;
  }
  return left.length === 0 ? policies : undefined;
}

function fill(room: number, statements: readonly Statement[]) {
  const taken: Statement[] = [];
  let free = room - sizeOf([]);
  for (const [index, statement] of statements.entries()) {
    const count = howMany(statement, free);
    const { resources } = statement;
    if (count > 0) {
      const part = { ...statement, resources: resources.slice(0, count) };
      free -= sizeOf([part]) - sizeOf([]) + (taken.length > 0 ? 1 : 0);
      taken.push(part);
    }
    if (count === resources.length) continue;
    const rest = { ...statement, resources: resources.slice(count) };
    return { taken, left: [rest, ...statements.slice(index + 1)] };
  }
  return { taken, left: [] };
}

/** How many of a statement's resources fit, in order. */
function howMany({ resources, ...statement }: Statement, room: number): number {
  let size = frameOf({ ...statement, resources: [] });
  const tooMany = resources.findIndex((resource) => {
    size += longest(filledIn(resource)).length + 1;
    return size > room;
  });
  return tooMany === -1 ? resources.length : tooMany;
}

/** Characters of a statement without its resources. */
function frameOf(statement: Statement): number {
  return sizeOf([{ ...statement, resources: [] }]) - sizeOf([]) + 1;
}

function filledIn(resource: Template): Template {
  return typeof resource === 'string' ? sub(resource) : resource;
}

export function used(statements: readonly Statement[]): readonly Statement[] {
  return statements.filter(({ resources }) => resources.length > 0);
}

/** `localeCompare` looks up the language at each call. */
const inOrder = new Intl.Collator().compare;

export function unique<Item extends Template>(items: readonly Item[]): readonly Item[] {
  const byText = new Map(items.map((item) => [JSON.stringify(item), item]));
  return [...byText].toSorted(([a], [b]) => inOrder(a, b)).map(([, item]) => item);
}
