import type { Json, JsonObject } from '../local/contract.ts';

/** Writes a JSON Schema as TypeScript types: the part of JSON Schema that `fairway.schema.json` uses. */
export function typesOf(source: JsonObject, name: string): string {
  const schema = members(inlined(source, source));
  const definitions = Object.entries(members(schema.$defs ?? schema.definitions)).map(
    ([key, definition]) => `export type ${typeName(key)} = ${typeOf(members(definition))};`,
  );
  const { $defs: _defs, definitions: _definitions, ...rest } = schema;
  return [
    '/* Generated from fairway.schema.json. */',
    ...definitions,
    `/** What \`fairway.yml\` contains. */\nexport type ${name} = ${typeOf(rest)};`,
    '',
  ].join('\n');
}

/** With what references to other places than definitions point to: overrides refer to the members that they replace. */
function inlined(value: Json, root: JsonObject): Json {
  if (isList(value)) return value.map((each) => inlined(each, root));
  if (!isSchema(value)) return value;
  const { $ref } = value;
  if (typeof $ref === 'string' && !DEFINITION.test($ref)) return inlined(at(root, $ref), root);
  const entries = Object.entries(value).map(([key, each]) => [key, inlined(each ?? null, root)]);
  return Object.fromEntries(entries);
}

const DEFINITION = /^#\/(?:\$defs|definitions)\//;

/** The place in a schema that a reference such as "#/properties/region" points to. */
function at(root: JsonObject, reference: string): Json {
  const keys = reference.split('/').slice(1);
  const found = keys.reduce<Json | undefined>(
    (value, key) => (isList(value) ? value[Number(key)] : members(value)[key]),
    root,
  );
  if (found === undefined) throw new Error(`failed to write types: ${reference} is not in the schema`);
  return found;
}

function typeOf(schema: JsonObject): string {
  const { $ref, enum: values, const: value, anyOf, oneOf, allOf, type } = schema;
  if (typeof $ref === 'string') return typeName($ref.replace(/^.*\//, ''));
  if (value !== undefined) return JSON.stringify(value);
  if (isList(values)) return values.map((each) => JSON.stringify(each)).join(' | ');
  if (isList(anyOf)) return union(anyOf);
  if (isList(oneOf)) return union(oneOf);
  if (isList(allOf)) return allOf.map((each) => `(${typeOf(members(each))})`).join(' & ');
  if (isList(type)) return type.map((each) => typeOf({ ...schema, type: each })).join(' | ');
  if (type === 'object') return objectType(schema);
  if (type === 'array') return `readonly (${typeOf(members(schema.items))})[]`;
  if (type === 'integer') return 'number';
  return typeof type === 'string' ? type : 'unknown';
}

function union(schemas: readonly Json[]): string {
  return [...new Set(schemas.map((each) => `(${typeOf(members(each))})`))].join(' | ');
}

function objectType({ properties, required, additionalProperties }: JsonObject): string {
  const needed = isList(required) ? required : [];
  const lines = Object.entries(members(properties)).map(([name, schema]) => {
    const mark = needed.includes(name) ? '' : '?';
    return `${comment(members(schema))}readonly ${JSON.stringify(name)}${mark}: ${typeOf(members(schema))};`;
  });
  const others = isSchema(additionalProperties)
    ? [`readonly [name: string]: ${lines.length > 0 ? 'unknown' : typeOf(additionalProperties)};`]
    : [];
  return `{ ${[...lines, ...others].join('\n')} }`;
}

function comment({ description }: JsonObject): string {
  return typeof description === 'string' ? `/** ${description.replaceAll('*/', '* /')} */\n` : '';
}

function typeName(key: string): string {
  return key.replaceAll(/\W+/g, '_').replace(/^\w/, (letter) => letter.toUpperCase());
}

function members(value: Json | undefined): JsonObject {
  return isSchema(value) ? value : {};
}

function isSchema(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value);
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}
