import {
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import { serve } from '../../local/front/server.ts';
import { startDynamodb } from '../../local/services/dynamodb.ts';
import { SCHEMA, TableName } from '../table-schema.ts';
import { createDice } from './dice.ts';
import { createTable } from './table.ts';

describe('the table in memory, compared with dynalite', () => {
  let dynamodb: Awaited<ReturnType<typeof startDynamodb>>;
  let server: Awaited<ReturnType<typeof serve>>;
  let client: DynamoDBClient;

  beforeAll(async () => {
    dynamodb = await startDynamodb();
    await dynamodb.createTables([SCHEMA]);
    server = await serve(0, async (request) => {
      const { status, body } = await dynamodb.call(
        request.headers['x-amz-target'] ?? '',
        request.body.toString(),
      );
      return { status, headers: { 'content-type': 'application/x-amz-json-1.0' }, body };
    });
    client = new DynamoDBClient({
      endpoint: server.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
  });
  afterAll(async () => {
    client.destroy();
    await server.stop();
    await dynamodb.stop();
  });

  /** What a call answers, or the name of its error. */
  async function outcome(call: () => unknown): Promise<unknown> {
    try {
      const answer = Object(await call());
      return { Item: answer.Item, Items: answer.Items, LastEvaluatedKey: answer.LastEvaluatedKey };
    } catch (error) {
      return error instanceof Error ? error.name : error;
    }
  }

  it('answers 150 random calls as DynamoDB does', async () => {
    const dice = createDice(20260301);
    const table = createTable();
    const key = () => ({
      pk: { S: `app#${dice.pick(['web', 'api', 'ä'])}` },
      sk: { S: `${dice.pick(['state', 'push#', 'release#0', 'known'])}${dice.between(0, 3)}` },
    });
    for (let step = 0; step < 150; step += 1) {
      const kind = dice.between(0, 4);
      if (kind < 2) {
        const due = dice.chance(0.4) ? { due: { S: 'yes' }, dueAt: { N: String(dice.between(0, 50)) } } : {};
        const condition = dice.pick<
          Pick<PutItemCommandInput, 'ConditionExpression' | 'ExpressionAttributeValues'>
        >([
          {},
          { ConditionExpression: 'attribute_not_exists(pk)' },
          {
            ConditionExpression: 'version = :version',
            ExpressionAttributeValues: { ':version': { N: String(dice.between(0, 2)) } },
          },
        ]);
        const input = {
          Item: { ...key(), ...due, version: { N: String(dice.between(0, 2)) } },
          ...condition,
        };
        const [ours, theirs] = [
          await outcome(() => table.put(input)),
          await outcome(() => client.send(new PutItemCommand({ TableName, ...input }))),
        ];
        expect(ours).toEqual(theirs);
      } else if (kind === 2) {
        const input = { Key: key() };
        expect(await outcome(() => table.get(input))).toEqual(
          await outcome(() => client.send(new GetItemCommand({ TableName, ConsistentRead: true, ...input }))),
        );
      } else {
        const { pk } = key();
        const query: Omit<QueryCommandInput, 'TableName'> =
          kind === 3
            ? {
                KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
                ExpressionAttributeValues: {
                  ':pk': pk,
                  ':prefix': { S: dice.pick(['push#', 'release#', 'state']) },
                },
                ScanIndexForward: dice.chance(0.5),
                ...(dice.chance(0.5) ? { Limit: dice.between(1, 3) } : {}),
              }
            : {
                IndexName: 'due',
                KeyConditionExpression: 'due = :yes AND dueAt <= :now',
                ExpressionAttributeValues: {
                  ':yes': { S: 'yes' },
                  ':now': { N: String(dice.between(0, 50)) },
                },
              };
        const sorted = (answer: unknown) =>
          kind === 3
            ? answer
            : JSON.stringify(
                Object(answer)
                  .Items?.map((item: unknown) => JSON.stringify(item))
                  .sort(),
              );
        const ours = await outcome(() => table.query(query));
        const theirs = await outcome(() => client.send(new QueryCommand({ TableName, ...query })));
        expect(sorted(order(ours))).toEqual(sorted(order(theirs)));
      }
    }
  }, 60_000);

  it('refuses an expression that it does not know', () => {
    const input = { Item: { pk: { S: 'a' }, sk: { S: 'b' } }, ConditionExpression: 'size(pk) > :n' };
    expect(() => createTable().put(input)).toThrow('does not know the condition');
  });
});

/** Members in one order, whatever made the object. */
function order(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(order);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([name, member]) => [name, order(member)]),
  );
}
