import type { Json, JsonObject } from '../contract.ts';
import { describe, isObject, listOf, stringAt } from '../stack/json.ts';
import { isConditionOperator } from './conditions.ts';

/** A parsed IAM policy, with single values as lists. */
export interface Policy {
  readonly name: string;
  readonly statements: readonly Statement[];
}

export interface Statement {
  readonly sid?: string;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: Listed;
  /** Absent in trust policies. */
  readonly resources: Listed;
  readonly conditions: readonly Condition[];
  /** Only in resource and trust policies: "*", service names, ARNs. */
  readonly principals: readonly string[];
}

/** `except`: the list was NotAction or NotResource. */
export interface Listed {
  readonly except: boolean;
  readonly values: readonly string[];
}

interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

const STATEMENT_KEYS = [
  'Sid',
  'Effect',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
  'Principal',
];

/**
 * Reads a policy document. Errors name the policy and statement; what is not simulated (policy variables,
 * NotPrincipal, unknown condition operators) is an error too, never silently ignored.
 */
export function parsePolicy(name: string, document: Json | undefined): Policy {
  if (!isObject(document)) throw new Error(`policy ${name}: expected an object, found ${describe(document)}`);
  const statements = listOf(document.Statement).map((statement, index) =>
    parseStatement(statement, `policy ${name}, statement ${index}`),
  );
  return { name, statements };
}

function parseStatement(statement: Json, place: string): Statement {
  if (!isObject(statement)) throw new Error(`${place}: expected an object`);
  const unknown = Object.keys(statement).find((key) => !STATEMENT_KEYS.includes(key));
  if (unknown) throw new Error(`${place}: ${unknown} is not simulated`);
  const effect = statement.Effect;
  if (effect !== 'Allow' && effect !== 'Deny') throw new Error(`${place}: Effect must be Allow or Deny`);
  return {
    ...(statement.Sid === undefined ? {} : { sid: stringAt(statement.Sid, `${place}, Sid`) }),
    effect,
    actions: listed(statement, 'Action', place),
    resources: listed(statement, 'Resource', place),
    conditions: parseConditions(statement.Condition, place),
    principals: parsePrincipals(statement.Principal, place),
  };
}

function listed(statement: JsonObject, key: 'Action' | 'Resource', place: string): Listed {
  const except = statement[`Not${key}`] !== undefined;
  const values = listOf(statement[except ? `Not${key}` : key]).map((value) =>
    constant(stringAt(value, `${place}, ${key}`), place),
  );
  if (key === 'Action' && values.length === 0) throw new Error(`${place}: Action is missing`);
  return { except, values };
}

function parseConditions(block: Json | undefined, place: string): Condition[] {
  if (block === undefined) return [];
  if (!isObject(block)) throw new Error(`${place}: Condition must be an object`);
  return Object.entries(block).flatMap(([operator, keys]) => {
    if (!isConditionOperator(operator)) {
      throw new Error(`${place}: condition operator ${operator} is not simulated`);
    }
    if (!isObject(keys)) throw new Error(`${place}: ${operator} must be an object`);
    return Object.entries(keys).map(([key, values]) => ({
      operator,
      key,
      values: listOf(values).map((value) => constant(scalar(value, `${place}, ${operator} ${key}`), place)),
    }));
  });
}

function parsePrincipals(principal: Json | undefined, place: string): string[] {
  if (principal === undefined) return [];
  if (principal === '*') return ['*'];
  if (!isObject(principal)) throw new Error(`${place}: Principal must be "*" or an object`);
  return Object.values(principal).flatMap((values) =>
    listOf(values).map((value) => stringAt(value, `${place}, Principal`)),
  );
}

function scalar(value: Json, place: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Error(`${place}: expected a string, number or boolean, found ${describe(value)}`);
}

function constant(value: string, place: string): string {
  if (!value.includes('${')) return value;
  throw new Error(`${place}: policy variables are not simulated: ${value}`);
}
