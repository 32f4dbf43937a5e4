import { randomUUID } from 'node:crypto';
import type { Lease, Store, Stored } from '../store.ts';
import type { Clients, Time } from './clients.ts';
import { pushStore, releaseStore, runStore } from './history.ts';
import { count, type Item, jsonOf, keyOf, queried, read, type Table, text, write } from './items.ts';
import { fromItem, SCHEMA_WRITTEN, type SchemaVersion, schemaOf, toItem } from './storedState.ts';
import { sweepStore } from './sweepStore.ts';

/**
 * The Store port on one DynamoDB table with keys `pk` and `sk`, and the sparse index `due` on `dueAt`.
 * Only single-item conditional writes.
 * @param schema the form of the items that it writes; it reads every one that `schemaOf` knows
 */
export function createStore(
  clients: Pick<Clients, 'dynamodb'>,
  { table: name, ...time }: { readonly table: string } & Time,
  schema: SchemaVersion = SCHEMA_WRITTEN,
): Store {
  const table: Table = { client: clients.dynamodb, name, time };
  return {
    ...stateStore(table, schema),
    ...pushStore(table),
    ...releaseStore(table),
    ...runStore(table, schema),
    ...sweepStore(table),
  };
}

/** The state of each app: one item, with its version and lease. */
function stateStore(table: Table, schema: SchemaVersion): Pick<Store, 'load' | 'save' | 'due'> {
  return {
    async load(app) {
      const item = await read(table, keyOf(app), 'state');
      return item && storedOf(item);
    },

    async save(next, dueAt) {
      const writer = randomUUID();
      const result = await write(
        table,
        itemOf(next, schema, dueAt, writer),
        next.version === 1
          ? { expression: 'attribute_not_exists(pk)' }
          : { expression: 'version = :version', values: { ':version': count(next.version - 1) } },
      );
      if (result === 'saved') return 'saved';
      // The SDK repeats a write whose answer was lost. The repeat then conflicts with the first one, which succeeded.
      const item = await read(table, keyOf(next.state.app), 'state');
      return item?.writer?.S === writer ? 'saved' : 'conflict';
    },

    due: (now) => appsDue(table, now),
  };
}

/** The apps that are due, from the sparse index. */
async function appsDue(table: Table, now: number): Promise<readonly string[]> {
  const apps: string[] = [];
  const isDue = {
    IndexName: 'due',
    KeyConditionExpression: 'due = :yes AND dueAt <= :now',
    ExpressionAttributeValues: { ':yes': text('yes'), ':now': count(now) },
  };
  for await (const page of queried(table, isDue))
    for (const item of page) apps.push((item.pk?.S ?? '').replace(/^app#/, ''));
  return apps;
}

function itemOf(next: Stored, schema: SchemaVersion, dueAt: number | undefined, writer: string): Item {
  const state = jsonOf(keyOf(next.state.app), toItem(next.state, schema));
  return {
    pk: text(keyOf(next.state.app)),
    sk: text('state'),
    state: text(state),
    schema: count(schema),
    version: count(next.version),
    writer: text(writer),
    ...(next.lease && leaseItem(next.lease)),
    ...(dueAt === undefined ? {} : { due: text('yes'), dueAt: count(dueAt) }),
  };
}

function leaseItem({ owner, until, writes }: Lease): Item {
  const written = writes === undefined ? {} : { leaseWrites: count(writes) };
  return { leaseOwner: text(owner), leaseUntil: count(until), ...written };
}

function leaseOf(item: Item): Lease | undefined {
  const owner = item.leaseOwner?.S;
  if (owner === undefined) return undefined;
  const writes = item.leaseWrites?.N;
  const until = Number(item.leaseUntil?.N ?? 0);
  return { owner, until, ...(writes === undefined ? {} : { writes: Number(writes) }) };
}

function storedOf(item: Item): Stored {
  const lease = leaseOf(item);
  return {
    state: fromItem(item.state?.S ?? '{}', schemaOf(item.pk?.S ?? '', item.schema?.N)),
    version: Number(item.version?.N ?? 0),
    ...(lease && { lease }),
  };
}
