import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createStore } from '../../shared/aws/table.ts';
import type { Store } from '../../shared/ports.ts';
import { aTime, START } from '../builders.ts';

type Item = Readonly<Record<string, { readonly S?: string; readonly N?: string }>>;
interface Call {
  readonly TableName: string;
  readonly Item?: Item;
  readonly Key?: Item;
  readonly ExpressionAttributeValues?: Item;
}

/** By the name of the table. */
const answers = new Map<string, (operation: string, call: Call) => object>();

/** One for all tables: making a client takes longer than a test, and so does signing, which no one checks. */
const dynamodb = new DynamoDBClient({
  region: 'us-east-1',
  endpoint: 'http://table.invalid',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  signer: { sign: async (request) => request },
  requestHandler: {
    handle: async ({ headers, body }: { headers: Record<string, string>; body: Uint8Array }) => {
      const operation = headers['x-amz-target']?.split('.').at(-1) ?? '';
      const call: Call = JSON.parse(new TextDecoder().decode(body));
      const content = JSON.stringify(answers.get(call.TableName)?.(operation, call) ?? {});
      return {
        response: {
          statusCode: 200,
          headers: { 'content-type': 'application/x-amz-json-1.0' },
          body: new Response(content).body,
        },
      };
    },
  },
});

/** The product's own store on a table in memory; `texts` are all that was ever written to it, decoded. */
export function aTable(): { readonly store: Store; readonly texts: () => string } {
  const table = `fairway-${answers.size}`;
  const items = new Map<string, Item>();
  const written: Item[] = [];
  const keyOf = (item: Item) => `${item.pk?.S}|${item.sk?.S}`;

  answers.set(table, (operation, { Item: put, Key: key, ExpressionAttributeValues: values }) => {
    if (operation === 'PutItem' && put) {
      items.set(keyOf(put), put);
      written.push(put);
      return {};
    }
    if (operation === 'GetItem' && key) return { Item: items.get(keyOf(key)) };
    const prefix = `${values?.[':pk']?.S}|${values?.[':prefix']?.S}`;
    return { Items: [...items].filter(([name]) => name.startsWith(prefix)).map(([, item]) => item) };
  });
  const store = createStore(
    { dynamodb },
    { table, ...aTime(), now: () => START, deadline: () => START + 600_000 },
  );
  return { store, texts: () => textsOf(written).join('\n') };
}

/** Every text in data, those within JSON within it too, as it is before JSON escapes it. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value, ...within(value)];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsOf);
}

function within(text: string): string[] {
  if (!/^[{[]/.test(text)) return [];
  try {
    return textsOf(JSON.parse(text));
  } catch {
    return [];
  }
}

export function expectNone(where: unknown, secrets: readonly string[]): void {
  const said = textsOf(where).join('\n');
  for (const secret of secrets) expect(said).not.toContain(secret);
}
