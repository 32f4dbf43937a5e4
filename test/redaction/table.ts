import { createStore } from '../../shared/aws/table.ts';
import type { Store } from '../../shared/store.ts';
import { aTime, START } from '../builders.ts';
import { createClients } from '../simulation/clients.ts';

type Item = Readonly<Record<string, { readonly S?: string; readonly N?: string }>>;
interface Call {
  readonly Item?: Item;
  readonly Key?: Item;
  readonly ExpressionAttributeValues?: Item;
}

/** The product's own store on a table in memory; `texts` are all that was ever written to it, decoded. */
export function aTable(): { readonly store: Store; readonly texts: () => string } {
  const items = new Map<string, Item>();
  const written: Item[] = [];
  const keyOf = (item: Item) => `${item.pk?.S}|${item.sk?.S}`;

  const carry = async (_: string, operation: string, call: Call) => {
    const { Item: put, Key: key, ExpressionAttributeValues: values } = call;
    if (operation === 'PutItem' && put) {
      items.set(keyOf(put), put);
      written.push(put);
      return {};
    }
    if (operation === 'GetItem' && key) return { Item: items.get(keyOf(key)) };
    const prefix = `${values?.[':pk']?.S}|${values?.[':prefix']?.S}`;
    return { Items: [...items].filter(([name]) => name.startsWith(prefix)).map(([, item]) => item) };
  };
  const store = createStore(
    createClients(carry, async () => undefined),
    { table: 'fairway', ...aTime(), now: () => START, deadline: () => START + 600_000 },
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
  const left = secrets.filter((secret) => said.includes(secret));
  // An expectation takes longer than the search: there are 10,000 of them.
  if (left.length > 0) expect(left).toEqual([]);
}
