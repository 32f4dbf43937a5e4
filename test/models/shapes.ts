/** Shapes of AWS's service models, read from the schemas that the SDK's clients carry for their own (de)serialization. */

/** What a JSON value of the wire has to be. */
export type Shape =
  | {
      readonly kind: 'structure';
      readonly name: string;
      readonly union: boolean;
      readonly members: ReadonlyMap<string, Member>;
    }
  | { readonly kind: 'list'; readonly item: () => Shape }
  | { readonly kind: 'map'; readonly value: () => Shape }
  | { readonly kind: 'text'; readonly values?: readonly string[] }
  | { readonly kind: 'number' | 'boolean' | 'timestamp' | 'blob' | 'document' };

export interface Member {
  readonly shape: () => Shape;
  readonly required: boolean;
  /** Where it travels, for protocols that do not put everything into the body. */
  readonly header?: string;
  readonly query?: string;
  readonly payload?: boolean;
  readonly status?: boolean;
}

/** The allowed values of a structure's member, if it is an enumeration. */
export type EnumOf = (structure: string, member: string) => readonly string[] | undefined;

const STRING = 0;
const LIST = 1;
const MAP = 2;
const STRUCTURE = 3;
const UNION = 4;
const ERROR = -3;
const LIST_OF = 64;
const MAP_OF = 128;
const SIMPLE: Readonly<Record<number, 'number' | 'boolean' | 'timestamp' | 'blob' | 'document'>> = {
  1: 'number',
  2: 'boolean',
  4: 'timestamp',
  5: 'timestamp',
  6: 'timestamp',
  7: 'timestamp',
  15: 'document',
  17: 'number',
  19: 'number',
  21: 'blob',
  42: 'blob',
};
const PAYLOAD = 16;
const STATUS_CODE = 32;

/**
 * Reads a static schema of `@smithy/types` ("schema/static-schemas"): a number for simple types, an array
 * `[kind, namespace, name, traits, …]` for the others, `unit` for nothing, or a function that answers one of them.
 * Throws for a kind that it does not know.
 */
export function shapeOf(schema: unknown, enumOf: EnumOf): Shape {
  const plain = withoutTraits(schema);
  if (typeof plain === 'number') return simple(plain);
  if (plain === 'unit') return { kind: 'structure', name: 'Unit', union: false, members: new Map() };
  if (!Array.isArray(plain)) throw new Error(`a schema of an unknown form: ${JSON.stringify(plain)}`);
  const [kind, , name, , first, second, required] = plain;
  const lazily = (inner: unknown) => once(() => shapeOf(inner, enumOf));
  switch (kind) {
    case STRING:
      return shapeOf(first, enumOf);
    case LIST:
      return { kind: 'list', item: lazily(first) };
    case MAP:
      return { kind: 'map', value: lazily(second) };
    case STRUCTURE:
    case UNION:
    case ERROR:
      return {
        kind: 'structure',
        name,
        union: kind === UNION,
        members: new Map(
          first.map((member: string, index: number) => [
            member,
            memberOf(second[index], index < (required ?? 0) && kind !== UNION, enumOf(name, member), enumOf),
          ]),
        ),
      };
    default:
      throw new Error(`schema ${name}: unknown kind ${kind}`);
  }
}

function memberOf(
  schema: unknown,
  required: boolean,
  values: readonly string[] | undefined,
  enumOf: EnumOf,
): Member {
  const traits = Array.isArray(schema) && schema.length === 2 ? schema[1] : 0;
  const named = typeof traits === 'object' && traits !== null ? traits : {};
  const { httpHeader: header, httpQuery: query } = named;
  return {
    shape: once(() => constrained(shapeOf(schema, enumOf), values)),
    required,
    ...(header === undefined ? {} : { header: String(header).toLowerCase() }),
    ...(query === undefined ? {} : { query: String(query) }),
    ...(typeof traits === 'number' && (traits & PAYLOAD) !== 0 ? { payload: true } : {}),
    ...(typeof traits === 'number' && (traits & STATUS_CODE) !== 0 ? { status: true } : {}),
  };
}

/** An enumeration's values belong to the text itself, or to each text of a list. */
function constrained(shape: Shape, values: readonly string[] | undefined): Shape {
  if (values === undefined) return shape;
  if (shape.kind === 'text') return { kind: 'text', values };
  if (shape.kind === 'list') return { kind: 'list', item: once(() => constrained(shape.item(), values)) };
  return shape;
}

function simple(code: number): Shape {
  if (code >= MAP_OF) return { kind: 'map', value: () => simple(code - MAP_OF) };
  if (code >= LIST_OF) return { kind: 'list', item: () => simple(code - LIST_OF) };
  if (code === STRING) return { kind: 'text' };
  const kind = SIMPLE[code];
  if (kind === undefined) throw new Error(`simple schema ${code} is not known`);
  return { kind };
}

/** `[schema, traits]` and functions stand for the schema in them. */
function withoutTraits(schema: unknown): unknown {
  if (typeof schema === 'function') return withoutTraits(schema());
  if (Array.isArray(schema) && schema.length === 2) return withoutTraits(schema[0]);
  return schema;
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
