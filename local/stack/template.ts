import type { Json, JsonObject } from '../contract.ts';
import { type Identity, identityOf, namePropertyOf, type Place, parentPropertyOf } from './identity.ts';
import { resolveIntrinsic, type Scope } from './intrinsics.ts';
import { isList, isObject, objectAt, optionalString, stringAt } from './json.ts';

/** One resource of a template, its properties resolved. */
export interface Resource extends Identity {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: JsonObject;
}

/** Removes its property: the value of `AWS::NoValue`. */
const NO_VALUE = Symbol('AWS::NoValue');

/**
 * Resolves a CloudFormation template: parameters (their defaults, or those given), conditions, mappings, and in every
 * resource whose condition holds the intrinsic functions. Errors name the place.
 */
export function resolveTemplate(
  template: JsonObject,
  place: Place,
  parameters: Readonly<Record<string, string>>,
): readonly Resource[] {
  const resources = objectAt(template.Resources, 'Resources');
  const conditions = objectAt(template.Conditions, 'Conditions');

  const scope: Scope = {
    place,
    mappings: objectAt(template.Mappings, 'Mappings'),
    resolve: (value, where) => {
      const resolved = resolve(t, value, where);
      return resolved === NO_VALUE ? null : resolved;
    },
    parameter: (name) => parameterValue(name, template, parameters, place),
    identity: (logicalId, where) => identity(t, logicalId, where),
    condition: (name) => {
      if (conditions[name] === undefined) throw new Error(`Conditions: there is no condition ${name}`);
      return resolve(t, conditions[name], `Conditions.${name}`) === true;
    },
  };
  const t: Resolution = { place, resources, scope, identities: new Map(), inProgress: new Set() };

  return Object.entries(resources).flatMap(([logicalId, declared]) => {
    const where = `Resources.${logicalId}`;
    const resource = objectAt(declared, where);
    const condition = optionalString(resource.Condition, `${where}.Condition`);
    if (condition !== undefined && !scope.condition(condition)) return [];
    const properties = objectAt(resource.Properties, `${where}.Properties`);
    return [
      {
        ...identity(t, logicalId, where),
        logicalId,
        type: stringAt(resource.Type, `${where}.Type`),
        properties: resolveMembers(t, properties, `${where}.Properties`),
      },
    ];
  });
}

interface Resolution {
  readonly place: Place;
  readonly resources: JsonObject;
  readonly scope: Scope;
  readonly identities: Map<string, Identity>;
  /** Logical IDs whose names are being resolved. */
  readonly inProgress: Set<string>;
}

function resolve(t: Resolution, value: Json | undefined, where: string): Json | typeof NO_VALUE {
  if (value === undefined) return NO_VALUE;
  if (isList(value)) {
    return value
      .map((each, index) => resolve(t, each, `${where}[${index}]`))
      .filter((each) => each !== NO_VALUE);
  }
  if (!isObject(value)) return value;
  const [only, ...others] = Object.entries(value);
  if (!only || others.length > 0) return resolveMembers(t, value, where);
  const [key, argument = null] = only;
  if (key === 'Ref' && argument === 'AWS::NoValue') return NO_VALUE;
  if (key === 'Fn::If') return resolve(t, choose(t, argument, where), where);
  if (key === 'Ref' || key.startsWith('Fn::')) return resolveIntrinsic(key, argument, where, t.scope);
  if (key === 'Condition' && typeof argument === 'string' && where.startsWith('Conditions.')) {
    return t.scope.condition(argument);
  }
  return resolveMembers(t, value, where);
}

function resolveMembers(t: Resolution, value: JsonObject, where: string): JsonObject {
  const members: Record<string, Json> = {};
  for (const [key, member] of Object.entries(value)) {
    const resolved = resolve(t, member, `${where}.${key}`);
    if (resolved !== NO_VALUE) members[key] = resolved;
  }
  return members;
}

function choose(t: Resolution, argument: Json, where: string): Json | undefined {
  if (!isList(argument) || argument.length !== 3) throw new Error(`${where}: Fn::If takes three values`);
  return t.scope.condition(stringAt(argument[0], `${where}, Fn::If`)) ? argument[1] : argument[2];
}

function identity(t: Resolution, logicalId: string, where: string): Identity {
  const known = t.identities.get(logicalId);
  if (known) return known;
  if (t.resources[logicalId] === undefined)
    throw new Error(`${where}: there is no resource or parameter ${logicalId}`);
  if (t.inProgress.has(logicalId)) throw new Error(`${where}: ${logicalId} refers to itself in its own name`);
  t.inProgress.add(logicalId);
  const resource = objectAt(t.resources[logicalId], `Resources.${logicalId}`);
  const type = stringAt(resource.Type, `Resources.${logicalId}.Type`);
  const properties = objectAt(resource.Properties, `Resources.${logicalId}.Properties`);
  const textOf = (property: string | undefined) => {
    const at = `Resources.${logicalId}.Properties.${property}`;
    const value = property === undefined ? NO_VALUE : resolve(t, properties[property], at);
    return optionalString(value === NO_VALUE ? undefined : value, at);
  };
  const name = textOf(namePropertyOf(type));
  const made = identityOf(type, logicalId, name, t.place, textOf(parentPropertyOf(type)));
  t.identities.set(logicalId, made);
  return made;
}

function parameterValue(
  name: string,
  template: JsonObject,
  given: Readonly<Record<string, string>>,
  place: Place,
): Json | undefined {
  const pseudo: Readonly<Record<string, Json>> = {
    'AWS::AccountId': place.account,
    'AWS::Region': place.region,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': place.stackName,
    'AWS::StackId': `arn:aws:cloudformation:${place.region}:${place.account}:stack/${place.stackName}/00000000-0000-4000-8000-000000000000`,
    'AWS::NotificationARNs': [],
  };
  const known = pseudo[name] ?? given[name];
  if (known !== undefined) return known;
  const declared = objectAt(template.Parameters, 'Parameters')[name];
  if (declared === undefined) return undefined;
  const { Default: value, Type: type } = objectAt(declared, `Parameters.${name}`);
  if (typeof type === 'string' && type.startsWith('AWS::SSM::')) {
    throw new Error(`Parameters.${name}: type ${type} is not simulated; give the parameter a value`);
  }
  if (value === undefined) throw new Error(`Parameters.${name}: has no default; give the parameter a value`);
  return type === 'CommaDelimitedList' && typeof value === 'string' ? value.split(',') : value;
}
