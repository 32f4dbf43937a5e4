import type { Clients, Time } from './clients.ts';
import { jsonOf, keyOf, read, type Table, text, write } from './items.ts';

/** The last audit of each app: an item beside the app's state. */
export function createAuditMemory<Memory>({ dynamodb }: Pick<Clients, 'dynamodb'>, name: string, time: Time) {
  const table: Table = { client: dynamodb, name, time };
  return {
    async read(app: string): Promise<Memory | undefined> {
      const item = await read(table, keyOf(app), 'audit');
      return item === undefined ? undefined : JSON.parse(item.audit?.S ?? '{}');
    },
    async write(app: string, memory: Memory): Promise<void> {
      const item = { pk: text(keyOf(app)), sk: text('audit'), audit: text(jsonOf(keyOf(app), memory)) };
      await write(table, item);
    },
  };
}
