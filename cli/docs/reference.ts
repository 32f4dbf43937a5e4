import { stringify } from 'yaml';
import { introduction, SECTIONS, type Section } from './sections.ts';

/** The part of JSON Schema that the schema of `fairway.yml` uses. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly enum?: readonly unknown[];
  readonly deprecated?: boolean;
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  /** `false`, or the schema of members by names of one's own. */
  readonly additionalProperties?: boolean | Schema;
}

interface Member {
  readonly name: string;
  readonly path: string;
  readonly schema: Schema;
  readonly isRequired: boolean;
}

/**
 * Renders `docs/configuration.md`; `faults` is the error message for the faulty example. Throws if a member of the
 * schema has no description or example.
 */
export function configurationReference(schema: Schema, faults: string): string {
  const parts = SECTIONS.map((section) => partFor(section, schema));
  return [introduction(faults).trim(), ...parts].join('\n\n').concat('\n');
}

function partFor(section: Section, schema: Schema): string {
  const found = section.paths.flatMap((path) => membersAt(schema, '', path));
  const known = new Set<string>();
  // A part can be in two places: the fuller one is documented.
  const members = found.filter(({ name }) => !known.has(name) && known.add(name));
  const where = section.paths.filter((path) => path !== '').map((path) => `\`${path}\``);
  return [
    `## ${section.title}`,
    ...(where.length === 0 ? [] : [`Path: ${where.join(', ')}`]),
    ...(section.text === '' ? [] : [section.text]),
    [
      '| member | type | default | meaning | example |',
      '|---|---|---|---|---|',
      ...members.map((member) => row(member, section)),
    ].join('\n'),
  ].join('\n\n');
}

function row(member: Member, section: Section): string {
  const { schema, name, path, isRequired } = member;
  const [meaning = '', fallback] = (schema.description ?? '').split(/ ?\bDefault: /);
  if (meaning === '') throw new Error(`failed to document ${path}: it has no description, give it one`);
  const cells = [
    `\`${name}\``,
    typeOf(schema, path, section),
    defaultOf(schema, isRequired, fallback),
    meaning,
    exampleOf(schema, path),
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function defaultOf(schema: Schema, isRequired: boolean, fallback: string | undefined): string {
  if (isRequired) return 'required';
  if (schema.default !== undefined) return code(schema.default);
  return fallback?.replace(/\.$/, '') ?? '';
}

function exampleOf(schema: Schema, path: string): string {
  if (schema.examples !== undefined) return code(schema.examples[0]);
  if (childrenOf(schema, path).length > 0) return '';
  throw new Error(`failed to document ${path}: it has no example, give it one`);
}

function code(value: unknown): string {
  return `\`${stringify(value, { collectionStyle: 'flow', flowCollectionPadding: false, lineWidth: 0 }).trim()}\``;
}

function typeOf(schema: Schema, path: string, from: Section): string {
  const link = (text: string, place: string): string => {
    const section = SECTIONS.find(({ paths }) => paths.includes(place));
    if (section === undefined || section === from) return text;
    return `[${text}](#${section.title.toLowerCase().replaceAll(' ', '-')})`;
  };
  if (schema.enum) return schema.enum.map((value) => code(value)).join(', ');
  if (isAnyJson(schema)) return 'JSON';
  if (schema.const !== undefined) return code(schema.const);
  if (isList(schema.type))
    return schema.type.map((type) => typeOf({ ...schema, type }, path, from)).join(' or ');
  if (schema.anyOf) {
    const kinds = new Set(schema.anyOf.map((branch) => typeOf(branch, path, from)));
    return [...kinds].join(' or ');
  }
  switch (schema.type) {
    case 'object':
      return typeof schema.additionalProperties === 'object' && schema.properties === undefined
        ? link('mapping of names', `${path}.NAME`)
        : link('mapping', path);
    case 'number':
      return 'number';
    case 'null':
      return '`null`';
    case 'array':
      return schema.items?.type === 'string' ? 'list of texts' : link('list', `${path}[]`);
    case 'integer':
      return schema.maximum === undefined
        ? 'whole number'
        : `whole number, ${schema.minimum} to ${schema.maximum}`;
    case 'boolean':
      return 'true or false';
    case 'string':
      return 'text';
    default:
      throw new Error(`failed to document ${path}: its type ${schema.type} has no words yet`);
  }
}

function isList<Item>(value: Item | readonly Item[] | undefined): value is readonly Item[] {
  return Array.isArray(value);
}

/** Values that are passed on to AWS. */
function isAnyJson({ type, anyOf, enum: values, const: only }: Schema): boolean {
  return type === undefined && anyOf === undefined && values === undefined && only === undefined;
}

/** The members at a section's path, including those of parts that have no separate section. */
function membersAt(schema: Schema, at: string, wanted: string): readonly Member[] {
  if (at === wanted) return flatten(schema, at, '');
  return childrenOf(schema, at).flatMap((child) =>
    wanted.startsWith(child.path) ? membersAt(child.schema, child.path, wanted) : [],
  );
}

function flatten(schema: Schema, at: string, prefix: string): readonly Member[] {
  return childrenOf(schema, at).flatMap((child): readonly Member[] => {
    const name = joined(prefix, child.name);
    const isMember = child.name !== 'NAME' && child.name !== '[]';
    const isElsewhere = SECTIONS.some(({ paths }) => paths.includes(child.path));
    return [
      ...(isMember ? [{ ...child, name }] : []),
      ...(isElsewhere ? [] : flatten(child.schema, child.path, name)),
    ];
  });
}

function joined(path: string, name: string): string {
  if (path === '') return name;
  return name === '[]' ? `${path}[]` : `${path}.${name}`;
}

/** One step down: the members of a mapping, `NAME` for names of one's own, `[]` for the entries of a list. */
function childrenOf(schema: Schema, at: string): readonly Member[] {
  const named = Object.entries(schema.properties ?? {})
    .filter(([, member]) => member.deprecated !== true)
    .map(([name, member]) => ({
      name,
      path: joined(at, name),
      schema: member,
      isRequired: schema.required?.includes(name) ?? false,
    }));
  const branches = (schema.anyOf ?? []).flatMap((branch) =>
    childrenOf(branch, at).map((member) => ({ ...member, isRequired: false })),
  );
  const own = schema.additionalProperties;
  const anyName =
    typeof own === 'object'
      ? [{ name: 'NAME', path: joined(at, 'NAME'), schema: own, isRequired: false }]
      : [];
  const entries =
    schema.items === undefined
      ? []
      : [{ name: '[]', path: joined(at, '[]'), schema: schema.items, isRequired: false }];
  return [...named, ...branches, ...anyName, ...entries];
}
