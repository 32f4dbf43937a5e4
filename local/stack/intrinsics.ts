import { memberOf } from '../../shared/domain/member.ts';
import type { Json, JsonObject } from '../contract.ts';
import type { Identity, Place } from './identity.ts';
import { describe, isList, listOf, objectAt, stringAt } from './json.ts';

/** What intrinsic functions need from their template. */
export interface Scope {
  readonly place: Place;
  readonly mappings: JsonObject;
  resolve(value: Json | undefined, where: string): Json;
  /** Undefined if the parameter does not exist. */
  parameter(name: string): Json | undefined;
  identity(logicalId: string, where: string): Identity;
  condition(name: string): boolean;
}

type Intrinsic = (argument: Json, where: string, scope: Scope) => Json;

/**
 * The value of an intrinsic function (CloudFormation template reference, "Intrinsic functions").
 * Errors name the place and, for functions that are not simulated (Fn::ImportValue, …), the function.
 */
export function resolveIntrinsic(name: string, argument: Json, where: string, scope: Scope): Json {
  const intrinsic = memberOf(INTRINSICS, name);
  if (!intrinsic) throw new Error(`${where}: ${name} is not simulated by the local cloud`);
  return intrinsic(argument, `${where}, ${name}`, scope);
}

const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, where, scope) => reference(stringAt(argument, where), where, scope),
  'Fn::GetAtt': (argument, where, scope) => {
    const [logicalId, ...path] = typeof argument === 'string' ? argument.split('.') : listOf(argument);
    const attribute = path.map((part) => stringAt(scope.resolve(part, where), where)).join('.');
    return attributeOf(stringAt(logicalId, where), attribute, where, scope);
  },
  'Fn::Sub': (argument, where, scope) => {
    const [template, variables] = isList(argument) ? argument : [argument];
    return substitute(stringAt(template, where), objectAt(variables, where), where, scope);
  },
  'Fn::Join': (argument, where, scope) => {
    const [delimiter, values] = pair(argument, where);
    return listOf(scope.resolve(values, where))
      .map((value) => scalarText(value, where))
      .join(stringAt(delimiter, where));
  },
  'Fn::Select': (argument, where, scope) => {
    const [index, values] = pair(argument, where);
    const chosen = listOf(scope.resolve(values, where))[Number(scope.resolve(index, where))];
    if (chosen === undefined) throw new Error(`${where}: there is no value at index ${describe(index)}`);
    return chosen;
  },
  'Fn::Split': (argument, where, scope) => {
    const [delimiter, value] = pair(argument, where);
    return stringAt(scope.resolve(value, where), where).split(stringAt(delimiter, where));
  },
  'Fn::FindInMap': (argument, where, scope) => {
    const keys = listOf(argument).map((key) => stringAt(scope.resolve(key, where), where));
    let found: Json = scope.mappings;
    for (const key of keys) found = objectAt(found, where)[key] ?? missing(where, key);
    return found;
  },
  'Fn::Base64': (argument, where, scope) =>
    Buffer.from(stringAt(scope.resolve(argument, where), where)).toString('base64'),
  'Fn::Equals': (argument, where, scope) => {
    const [left, right] = pair(argument, where);
    return scalarText(scope.resolve(left, where), where) === scalarText(scope.resolve(right, where), where);
  },
  'Fn::And': (argument, where, scope) =>
    listOf(argument).every((each) => scope.resolve(each, innerCondition(where)) === true),
  'Fn::Or': (argument, where, scope) =>
    listOf(argument).some((each) => scope.resolve(each, innerCondition(where)) === true),
  'Fn::Not': (argument, where, scope) => scope.resolve(listOf(argument)[0], innerCondition(where)) !== true,
};

function reference(name: string, where: string, scope: Scope): Json {
  return scope.parameter(name) ?? scope.identity(name, where).ref;
}

function attributeOf(logicalId: string, attribute: string, where: string, scope: Scope): string {
  const value = scope.identity(logicalId, where).attributes[attribute];
  if (value !== undefined) return value;
  throw new Error(`${where}: attribute ${attribute} of ${logicalId} is not simulated by the local cloud`);
}

function substitute(template: string, variables: JsonObject, where: string, scope: Scope): string {
  return template.replaceAll(/\$\{([^}]*)\}/g, (_whole, name: string) => {
    // ${!Name} stands for a literal ${Name}.
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    const variable = memberOf(variables, name);
    if (variable !== undefined) return scalarText(scope.resolve(variable, where), where);
    const [logicalId = '', ...attribute] = name.split('.');
    if (attribute.length > 0) return attributeOf(logicalId, attribute.join('.'), where, scope);
    return scalarText(reference(name, where, scope), where);
  });
}

function pair(argument: Json, where: string): readonly [Json, Json] {
  const [first, second, ...others] = listOf(argument);
  if (first === undefined || second === undefined || others.length > 0) {
    throw new Error(`${where}: takes two values, found ${describe(argument)}`);
  }
  return [first, second];
}

function scalarText(value: Json, where: string): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return String(value);
  throw new Error(`${where}: expected a string, found ${describe(value)}`);
}

function innerCondition(where: string): string {
  return where.startsWith('Conditions.') ? where : `Conditions.${where}`;
}

function missing(where: string, key: string): never {
  throw new Error(`${where}: Mappings have no ${key}`);
}
