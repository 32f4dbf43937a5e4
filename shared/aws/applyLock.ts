import type { ApplyLock } from '../ports.ts';
import type { Clients, Time } from './clients.ts';
import { count, read, type Table, text, write } from './items.ts';

/** The lock of `fairway apply`: one item beside those of the apps. */

const PK = 'apply';
const SK = 'lock';

export function createApplyLock(
  clients: Pick<Clients, 'dynamodb'>,
  { table: name, ...time }: { readonly table: string } & Time,
): ApplyLock {
  const table: Table = { client: clients.dynamodb, name, time };
  return {
    async take({ id, who, expiresAt }, now) {
      const item = { pk: text(PK), sk: text(SK), id: text(id), who: text(who), expiresAt: count(expiresAt) };
      const result = await write(table, item, {
        expression: 'attribute_not_exists(pk) OR id = :id OR expiresAt <= :now',
        values: { ':id': text(id), ':now': count(now) },
      });
      if (result === 'saved') return undefined;
      const held = await read(table, PK, SK);
      return {
        id: held?.id?.S ?? '',
        who: held?.who?.S ?? 'someone',
        expiresAt: Number(held?.expiresAt?.N ?? now),
      };
    },
  };
}
