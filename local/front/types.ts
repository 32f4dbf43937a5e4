import { AwsError, type Json, type JsonObject } from '../contract.ts';
import { isList, isObject } from '../stack/json.ts';
import shapes from './shapes.json' with { type: 'json' };

/** A type of shapes.json: a word, the name of a structure, `[type]` for a list, `{"*": type}` for a map. */
type Type = string | readonly Type[] | { readonly '*': Type };

const OPERATIONS = new Map<string, string>(Object.entries(shapes.operations));
const REQUIRED = new Map<string, readonly string[]>(Object.entries(shapes.required));
const STRUCTURES = new Map<string, Readonly<Record<string, Type>>>(
  Object.entries<Record<string, Type>>(shapes.structures),
);

/**
 * The input of an operation as AWS's parser hands it on: members that are null are absent, and so are members that the
 * model does not know, save in task definitions, which are kept as they came. Throws SerializationException for a
 * member of the wrong type, wherever it is, and refuses a structure in the input that lacks a required member.
 */
export function typedInput(service: string, operation: string, input: JsonObject): JsonObject {
  const structure = OPERATIONS.get(`${service}.${operation}`);
  const members = structure === undefined ? undefined : STRUCTURES.get(structure);
  if (members === undefined) return mapped(input, () => 'document');
  return ofStructure(input, members, KEEPING.has(`${service}.${operation}`));
}

/** Keeps unknown members: a task definition is returned as it was registered. */
const KEEPING: ReadonlySet<string> = new Set(['ecs.RegisterTaskDefinition']);

function ofStructure(value: JsonObject, members: Readonly<Record<string, Type>>, keep: boolean): JsonObject {
  const unknown = keep ? 'document' : undefined;
  return mapped(value, (name) => (Object.hasOwn(members, name) ? members[name] : unknown), keep);
}

/** Without members that are null, and without those that have no type. */
function mapped(value: JsonObject, typeOf: (name: string) => Type | undefined, keep = true): JsonObject {
  const entries = Object.entries(value).flatMap(([name, item]): [string, Json][] => {
    const type = typeOf(name);
    if (item === null || item === undefined || type === undefined) return [];
    return [[name, typed(item, type, keep)]];
  });
  return Object.fromEntries(entries);
}

function typed(value: Json, type: Type, keep: boolean): Json {
  if (type === 'document') return isObject(value) ? mapped(value, () => 'document') : value;
  if (typeof type !== 'string') {
    return isTypes(type) ? ofList(value, type[0] ?? 'document', keep) : ofMap(value, type['*'], keep);
  }
  const members = STRUCTURES.get(type);
  if (!members) return simple(value, type);
  if (isObject(value)) return complete(ofStructure(value, members, keep), type);
  throw refused(isList(value) ? 'Start of list found where not expected' : 'Unexpected field type');
}

/** The error of a structure without a required member; for other services, InvalidParameterException. */
const VALIDATING: ReadonlySet<string> = new Set(['application-autoscaling', 'events', 'sqs', 'ssm']);

/** The operation itself refuses requests without its required members, with its own error. */
function complete(value: JsonObject, structure: string): JsonObject {
  const absent = REQUIRED.get(structure)?.find((member) => value[member] === undefined);
  if (absent === undefined) return value;
  const [service = '', name = ''] = structure.split('.');
  const code = VALIDATING.has(service) ? 'ValidationException' : 'InvalidParameterException';
  throw new AwsError(code, `${name}.${absent} must not be null`);
}

function isTypes(type: Exclude<Type, string>): type is readonly Type[] {
  return Array.isArray(type);
}

function ofList(value: Json, type: Type, keep: boolean): Json {
  if (isList(value)) return value.filter((item) => item !== null).map((item) => typed(item, type, keep));
  throw refused(
    isObject(value) ? 'Start of structure or map found where not expected' : 'Unexpected field type',
  );
}

function ofMap(value: Json, type: Type, keep: boolean): Json {
  if (isObject(value)) return mapped(value, () => type, keep);
  throw refused(isList(value) ? 'Start of list found where not expected' : 'Unexpected field type');
}

/** AWS's names of the types of JSON. */
const NAMES: Readonly<Record<string, string>> = {
  text: 'String',
  blob: 'ByteBuffer',
  number: 'Integer',
  boolean: 'Boolean',
  timestamp: 'Timestamp',
};
const FITTING: Readonly<Record<string, readonly string[]>> = {
  text: ['string'],
  blob: ['string'],
  number: ['number'],
  boolean: ['boolean'],
  timestamp: ['number', 'string'],
};

function simple(value: Json, type: string): Json {
  if (FITTING[type]?.includes(typeof value)) return value;
  const name = NAMES[type] ?? type;
  if (isList(value)) throw refused(`Unrecognized collection type class java.lang.${name}`);
  if (isObject(value)) throw refused('Start of structure or map found where not expected');
  throw refused(`${token(value)} cannot be converted to ${name}`);
}

function token(value: Json): string {
  if (typeof value === 'boolean') return value ? 'TRUE_VALUE' : 'FALSE_VALUE';
  if (typeof value === 'number') return Number.isInteger(value) ? 'NUMBER_VALUE' : 'DECIMAL_VALUE';
  return 'STRING_VALUE';
}

function refused(message: string): AwsError {
  return new AwsError('SerializationException', message);
}
