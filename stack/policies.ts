import { longest, sub, type Template } from './names.ts';
import type { Statement } from './permissions.ts';

/** Room for the names and the frame of a policy document. */
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

/** Characters of a policy at its longest. */
export function sizeOf(statements: readonly Statement[]): number {
  return longest(documentOf(statements)).length + FRAME;
}

/**
 * Statements in as few policies as these rooms (characters each) allow; a statement that is too long goes on in the
 * next one. Undefined: they do not fit. Long conditions come first, since they cannot be divided.
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
  for (const [index, statement] of statements.entries()) {
    const count = howMany(statement, room - sizeOf(taken));
    const { resources } = statement;
    if (count > 0) taken.push({ ...statement, resources: resources.slice(0, count) });
    if (count === resources.length) continue;
    const rest = { ...statement, resources: resources.slice(count) };
    return { taken, left: [rest, ...statements.slice(index + 1)] };
  }
  return { taken, left: [] };
}

/** How many of a statement's resources have room, in their order. */
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
