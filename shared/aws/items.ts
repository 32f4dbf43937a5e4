import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import { jsonWithin } from '../domain/bounds.ts';
import { type Time, untilDeadline } from './clients.ts';
import { translated } from './faults.ts';

/** Reading and writing items of the table, whose keys are `pk` and `sk`. */

/** Bytes of JSON. DynamoDB accepts items of 400 KB; the rest is for the keys. Source: DynamoDB Developer Guide, quotas. */
export const LARGEST_CONTENT = 350 * 1024;

export type Item = Record<string, AttributeValue>;

export interface Table {
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly name: string;
  readonly time: Time;
}

/** One item, read consistently. */
export async function read(table: Table, pk: string, sk: string): Promise<Item | undefined> {
  const Key = { pk: text(pk), sk: text(sk) };
  const answer = await translated('dynamodb:GetItem', () =>
    table.client.send(
      new GetItemCommand({ TableName: table.name, Key, ConsistentRead: true }),
      untilDeadline(table.time),
    ),
  );
  return answer.Item;
}

/** Writes one item if the condition holds. */
export async function write(
  table: Table,
  item: Item,
  condition?: { expression: string; values?: Item },
): Promise<'saved' | 'conflict'> {
  const command = new PutItemCommand({
    TableName: table.name,
    Item: item,
    ...(condition && { ConditionExpression: condition.expression }),
    ...(condition?.values && { ExpressionAttributeValues: condition.values }),
  });
  try {
    await table.client.send(command, untilDeadline(table.time));
    return 'saved';
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return 'conflict';
    return translated('dynamodb:PutItem', () => Promise.reject(error));
  }
}

/** What a query answers, page by page. A page of DynamoDB has at most 1 MB. */
export async function* queried(table: Table, input: Omit<QueryCommandInput, 'TableName'>) {
  let start = input.ExclusiveStartKey;
  do {
    const command = new QueryCommand({ TableName: table.name, ...input, ExclusiveStartKey: start });
    const answer = await translated('dynamodb:Query', () =>
      table.client.send(command, untilDeadline(table.time)),
    );
    yield answer.Items ?? [];
    start = answer.LastEvaluatedKey;
  } while (start);
}

/** Items by the prefix of their key, last key first, page by page. */
export function pages(table: Table, app: string, prefix: string, more: Partial<QueryCommandInput>) {
  return queried(table, {
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: { ':pk': text(keyOf(app)), ':prefix': text(prefix) },
    ScanIndexForward: false,
    ...more,
  });
}

/** Like `pages`, as one list of at most `limit` items. */
export async function query(
  table: Table,
  app: string,
  prefix: string,
  limit = Number.POSITIVE_INFINITY,
): Promise<Item[]> {
  const items: Item[] = [];
  for await (const page of pages(table, app, prefix, Number.isFinite(limit) ? { Limit: limit } : {})) {
    items.push(...page);
    if (items.length >= limit) break;
  }
  return items.slice(0, limit);
}

/** The content of an item, without secrets, and truncated where it is too large. */
export function jsonOf(of: string, content: unknown): string {
  const json = jsonWithin(content, LARGEST_CONTENT);
  if (json !== undefined) return json;
  throw new Error(`failed to save ${of}: its content is larger than ${LARGEST_CONTENT} bytes`);
}

/** When DynamoDB may delete an item that is kept for some days, epoch seconds. */
export function expiry({ time }: Table, days: number): AttributeValue {
  return count(Math.floor(time.now() / 1_000) + days * 24 * 60 * 60);
}

export function keyOf(app: string): string {
  return `app#${app}`;
}

export function text(value: string): AttributeValue {
  return { S: value };
}

export function count(value: number): AttributeValue {
  return { N: String(Math.floor(value)) };
}
