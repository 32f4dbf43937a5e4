import type { Call, Json, JsonObject } from '../contract.ts';
import { isObject, listOf } from '../stack/json.ts';
import type { Context } from './conditions.ts';
import type { Request } from './evaluate.ts';
import { type Lookups, need, text } from './needs.ts';

/**
 * Permissions of DynamoDB calls: the table, or the index a query names; `dynamodb:LeadingKeys` holds the partition
 * keys touched (DynamoDB developer guide, "Using IAM policy conditions for fine-grained access control").
 */
export function dynamodbRequirements(
  operation: string,
  input: JsonObject,
  call: Call,
  lookups: Lookups,
): readonly Request[] {
  if (operation === 'BatchGetItem') return batchGet(input, call, lookups);
  if (operation === 'BatchWriteItem') return batchWrite(input, call, lookups);
  if (operation === 'TransactGetItems' || operation === 'TransactWriteItems') {
    return transaction(input, call, lookups);
  }
  const action = `dynamodb:${operation}`;
  const table = text(input.TableName);
  if (table === '') return [need(action, '*')];
  const index = text(input.IndexName);
  const resource = tableArn(table, call) + (index ? `/index/${index}` : '');
  const key = lookups.partitionKey(nameOf(table));
  return [need(action, resource, index ? {} : leadingKeys(singleKeys(operation, input, key)))];
}

function singleKeys(operation: string, input: JsonObject, key: string | undefined): readonly string[] {
  if (key === undefined) return [];
  if (operation === 'Query') return queryKeys(input, key);
  const item = operation === 'PutItem' ? input.Item : input.Key;
  return isObject(item) ? attributeText(item[key]) : [];
}

/** Reads `key = :value` out of a key condition; the names may be placeholders. */
function queryKeys(input: JsonObject, key: string): readonly string[] {
  const names = isObject(input.ExpressionAttributeNames) ? input.ExpressionAttributeNames : {};
  const values = isObject(input.ExpressionAttributeValues) ? input.ExpressionAttributeValues : {};
  const equalities = text(input.KeyConditionExpression).matchAll(/([#\w.-]+)\s*=\s*(:\w+)/g);
  return [...equalities]
    .filter(([, name = '']) => (names[name] ?? name) === key)
    .flatMap(([, , value = '']) => attributeText(values[value]));
}

function batchGet(input: JsonObject, call: Call, lookups: Lookups): readonly Request[] {
  const tables = isObject(input.RequestItems) ? Object.entries(input.RequestItems) : [];
  return tables.map(([table, request]) => {
    const key = lookups.partitionKey(nameOf(table)) ?? '';
    const keys = isObject(request) ? listOf(request.Keys).filter(isObject) : [];
    return need(
      'dynamodb:BatchGetItem',
      tableArn(table, call),
      leadingKeys(keys.flatMap((each) => attributeText(each[key]))),
    );
  });
}

function batchWrite(input: JsonObject, call: Call, lookups: Lookups): readonly Request[] {
  const tables = isObject(input.RequestItems) ? Object.entries(input.RequestItems) : [];
  return tables.map(([table, requests]) => {
    const key = lookups.partitionKey(nameOf(table)) ?? '';
    const items = listOf(requests)
      .filter(isObject)
      .flatMap(({ PutRequest, DeleteRequest }) => [
        isObject(PutRequest) ? PutRequest.Item : undefined,
        isObject(DeleteRequest) ? DeleteRequest.Key : undefined,
      ])
      .filter(isObject);
    return need(
      'dynamodb:BatchWriteItem',
      tableArn(table, call),
      leadingKeys(items.flatMap((item) => attributeText(item[key]))),
    );
  });
}

const TRANSACTION_ACTIONS: Readonly<Record<string, string>> = {
  Get: 'GetItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
};

/** A transaction has no action: each of its parts needs the action of that part. */
function transaction(input: JsonObject, call: Call, lookups: Lookups): readonly Request[] {
  return listOf(input.TransactItems)
    .filter(isObject)
    .flatMap((item) => Object.entries(item))
    .flatMap(([kind, part]) => {
      const operation = TRANSACTION_ACTIONS[kind];
      return operation && isObject(part) ? dynamodbRequirements(operation, part, call, lookups) : [];
    });
}

function leadingKeys(keys: readonly string[]): Context {
  return keys.length === 0 ? {} : { 'dynamodb:LeadingKeys': [...new Set(keys)] };
}

function attributeText(value: Json | undefined): readonly string[] {
  if (!isObject(value)) return [];
  return [value.S, value.N, value.B].filter((each) => typeof each === 'string');
}

function tableArn(table: string, call: Call): string {
  return table.startsWith('arn:') ? table : `arn:aws:dynamodb:${call.region}:${call.account}:table/${table}`;
}

function nameOf(table: string): string {
  return table.slice(table.lastIndexOf('/') + 1);
}
