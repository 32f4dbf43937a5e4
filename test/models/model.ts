import { enumsOf, errorsOf } from './declarations.ts';
import { type Shape, shapeOf } from './shapes.ts';

/** How a service is spoken to: the prefix of X-Amz-Target, the query protocol's version, or paths. */
type Protocol = string | { readonly version: string } | { readonly rest: true };

/** An AWS service as its model describes it. */
export interface ServiceModel {
  readonly protocol: Protocol;
  readonly operations: readonly string[];
  /** Method and path of each operation, where the service speaks by paths. */
  readonly routes: ReadonlyMap<string, string>;
  /** Throws when the service has no such operation. */
  operation(name: string): OperationModel;
}

export interface OperationModel {
  readonly input: Shape;
  readonly output: Shape;
  /** The errors modelled for it, under the names that go over the wire, with their HTTP status where the model has one. */
  readonly errors: ReadonlyMap<string, number | undefined>;
}

const OPERATION = 9;

/** The model inside an SDK client: `client` names its package, `exported` is what it exports. */
export function createModel(client: string, protocol: Protocol, exported: object): ServiceModel {
  const constants: Readonly<Record<string, unknown>> = { ...exported };
  const enumOf = enumsOf(client, constants);
  const schemas = new Map<string, readonly unknown[]>();
  for (const value of Object.values(constants)) {
    if (Array.isArray(value) && value[0] === OPERATION) schemas.set(String(value[2]), value);
  }
  const made = new Map<string, OperationModel>();

  function make(name: string): OperationModel {
    const schema = schemas.get(name);
    if (!schema) throw new Error(`${client} has no operation ${name}`);
    const byQuery = typeof protocol === 'object' && 'version' in protocol;
    return {
      input: shapeOf(schema[4], enumOf),
      output: shapeOf(schema[5], enumOf),
      errors: new Map(
        errorsOf(client, name).map((error) => wireError(error, constants[`${error}$`], byQuery)),
      ),
    };
  }

  return {
    protocol,
    operations: [...schemas.keys()],
    routes: new Map(
      typeof protocol === 'object' && 'rest' in protocol
        ? [...schemas].map(([name, schema]) => [name, routeOf(schema)])
        : [],
    ),
    operation(name) {
      const model = made.get(name) ?? make(name);
      made.set(name, model);
      return model;
    },
  };
}

/** The trait `http`: method, path, status. */
function routeOf(schema: readonly unknown[]): string {
  const traits: unknown = schema[3];
  const http = typeof traits === 'object' && traits !== null && 'http' in traits ? traits.http : undefined;
  if (!Array.isArray(http)) throw new Error(`${schema[2]} has no path`);
  return `${http[0]} ${http[1]}`;
}

/** The query protocol has other names for some errors: the trait `awsQueryError`. */
function wireError(name: string, schema: unknown, byQuery: boolean): readonly [string, number | undefined] {
  const traits: unknown = Array.isArray(schema) ? schema[3] : undefined;
  if (typeof traits !== 'object' || traits === null) return [name, undefined];
  if (byQuery && 'awsQueryError' in traits && Array.isArray(traits.awsQueryError)) {
    const [code, status] = traits.awsQueryError;
    return [String(code), Number(status)];
  }
  return [name, 'httpError' in traits ? Number(traits.httpError) : undefined];
}

/** Errors that any operation can answer. Sources: each service's "Common errors", and the JSON protocols' own. */
export const COMMON_ERRORS: ReadonlySet<string> = new Set([
  'AccessDeniedException',
  'IncompleteSignature',
  'InvalidAction',
  'MissingAction',
  'MissingParameter',
  'SerializationException',
  'ThrottlingException',
  'UnknownOperationException',
  'UnrecognizedClientException',
  'ValidationException',
  'ValidationError',
  'RequestEntityTooLargeException',
]);
