import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type GetItemCommandInput,
  type PutItemCommandInput,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import { copyOf } from '../../shared/domain/data.ts';

type Item = Record<string, AttributeValue>;

/**
 * As much of DynamoDB as Fairway's table needs, in memory: get, conditional put, query by key and by the index `due`.
 * `table.test.ts` compares it with dynalite. An unknown expression throws.
 */
export interface Table {
  get(input: Pick<GetItemCommandInput, 'Key'>): { Item?: Item };
  /** Throws ConditionalCheckFailedException. */
  put(input: Pick<PutItemCommandInput, 'Item' | 'ConditionExpression' | 'ExpressionAttributeValues'>): object;
  query(input: QueryInput): { Items: Item[]; LastEvaluatedKey?: Item };
  items(): readonly Item[];
  snapshot(): ReadonlyMap<string, Item>;
  restore(snapshot: ReadonlyMap<string, Item>): void;
}

type QueryInput = Pick<
  QueryCommandInput,
  | 'IndexName'
  | 'KeyConditionExpression'
  | 'ExpressionAttributeValues'
  | 'ScanIndexForward'
  | 'Limit'
  | 'ExclusiveStartKey'
>;

export function createTable(): Table {
  let items = new Map<string, Item>();

  function put({
    Item: item = {},
    ConditionExpression: condition,
    ExpressionAttributeValues: values = {},
  }: Parameters<Table['put']>[0]) {
    const key = keyOf(item);
    if (!holds(condition, items.get(key), values)) {
      throw new ConditionalCheckFailedException({
        message: 'The conditional request failed',
        $metadata: { httpStatusCode: 400 },
      });
    }
    items.set(key, copyOf(item));
    return {};
  }

  function query(input: QueryInput) {
    const { Limit: limit = Number.POSITIVE_INFINITY, ExclusiveStartKey: start } = input;
    const matching = matches(input, [...items.values()]);
    if (input.ScanIndexForward === false) matching.reverse();
    const from = start ? matching.findIndex((item) => keyOf(item) === keyOf(start)) + 1 : 0;
    const page = matching.slice(from, from + limit);
    const last = page.at(-1);
    // DynamoDB does not know that a page that is full was the last one.
    const more = last !== undefined && page.length === limit;
    return { Items: copyOf(page), ...(more ? { LastEvaluatedKey: lastKey(last) } : {}) };
  }

  return {
    get({ Key: key = {} }) {
      const item = items.get(keyOf(key));
      return item ? { Item: copyOf(item) } : {};
    },
    put,
    query,
    items: () => [...items.values()],
    snapshot: () => new Map(items),
    restore(snapshot) {
      items = new Map(snapshot);
    },
  };
}

function lastKey({ pk, sk }: Item): Item {
  return { ...(pk && { pk }), ...(sk && { sk }) };
}

function holds(condition: string | undefined, item: Item | undefined, values: Item): boolean {
  switch (condition) {
    case undefined:
      return true;
    case 'attribute_not_exists(pk)':
      return item === undefined;
    case 'version = :version':
      return item?.version?.N !== undefined && item.version.N === values[':version']?.N;
    default:
      throw new Error(`the table does not know the condition ${condition}`);
  }
}

function matches(input: QueryInput, items: readonly Item[]): Item[] {
  const values = input.ExpressionAttributeValues ?? {};
  const text = (name: string) => values[name]?.S ?? '';
  switch (input.KeyConditionExpression) {
    case 'pk = :pk AND begins_with(sk, :prefix)':
      return items
        .filter((item) => item.pk?.S === text(':pk') && item.sk?.S?.startsWith(text(':prefix')))
        .sort((a, b) => order(a.sk?.S ?? '', b.sk?.S ?? ''));
    case 'due = :yes AND dueAt <= :now':
      return items
        .filter((item) => item.due?.S === text(':yes') && Number(item.dueAt?.N) <= Number(values[':now']?.N))
        .sort((a, b) => Number(a.dueAt?.N) - Number(b.dueAt?.N) || order(keyOf(a), keyOf(b)))
        .map(({ pk, sk, due, dueAt }) => ({
          ...(pk && { pk }),
          ...(sk && { sk }),
          ...(due && { due }),
          ...(dueAt && { dueAt }),
        }));
    default:
      throw new Error(`the table does not know the key condition ${input.KeyConditionExpression}`);
  }
}

/** DynamoDB orders text by its UTF-8 bytes. */
function order(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function keyOf(item: Item): string {
  return `${item.pk?.S ?? ''}\n${item.sk?.S ?? ''}`;
}
