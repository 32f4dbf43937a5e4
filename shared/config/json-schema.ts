import * as z from 'zod';
import { overridable } from './environmentChecks.ts';
import { isChoice } from './environments.ts';
import type { Path } from './faults.ts';
import { source } from './schema.ts';
import { isObject } from './shape.ts';

type Schema = Readonly<Record<string, unknown>>;

/** The schema of `fairway.yml` as JSON Schema 2020-12, for editors: `fairway.schema.json`. */
export function configurationJsonSchema(): Schema {
  const whole: Schema = {
    ...z.toJSONSchema(source, { io: 'input', reused: 'inline' }),
    title: 'fairway.yml',
  };
  const { properties } = whole;
  if (!isObject(properties) || !isObject(properties.environments)) return whole;
  const environments = {
    ...properties.environments,
    additionalProperties: orNull({ $ref: '#/$defs/overrides' }),
  };
  return {
    ...whole,
    properties: { ...properties, environments },
    $defs: { overrides: overridesOf(properties) },
  };
}

/** What an environment overrides: any part of the file, and `cluster`. */
function overridesOf(properties: Schema): Schema {
  const defaults = isObject(properties.defaults) ? properties.defaults.properties : undefined;
  const { cluster } = isObject(defaults) ? defaults : {};
  const description = 'The cluster of apps that name none, like `cluster` in `defaults`.';
  const members = overridable(properties);
  return {
    type: 'object',
    properties: {
      cluster: orNull({ ...Object(cluster), description }),
      ...partials(isObject(members) ? members : {}, ['properties'], []),
    },
    additionalProperties: false,
  };
}

/**
 * A schema without required members, since the rest is in the shared part, and with null, which removes a member. What
 * is replaced as a whole refers to the schema of the file.
 * @param at where the schema is in that of the file
 * @param path of the values in the file; names are "*"
 */
function partialOf(schema: unknown, at: Path, path: Path): Schema {
  if (!isObject(schema)) return {};
  const { type, properties, additionalProperties, propertyNames, anyOf } = schema;
  if (Array.isArray(anyOf) && !isChoice(path))
    return { anyOf: anyOf.map((one, index) => partialOf(one, [...at, 'anyOf', index], path)) };
  if (type === 'object' && isObject(properties))
    return {
      type,
      properties: partials(properties, [...at, 'properties'], path),
      additionalProperties: false,
    };
  if (type === 'object' && isObject(additionalProperties)) {
    const value = partialOf(additionalProperties, [...at, 'additionalProperties'], [...path, '*']);
    return { type, propertyNames, additionalProperties: orNull(value) };
  }
  return { $ref: `#/${at.join('/')}` };
}

function partials(properties: Schema, at: Path, path: Path): Schema {
  const members = Object.entries(properties).map(
    ([name, schema]) => [name, orNull(partialOf(schema, [...at, name], [...path, name]))] as const,
  );
  return Object.fromEntries(members);
}

function orNull(schema: Schema): Schema {
  return { anyOf: [schema, { type: 'null' }] };
}
