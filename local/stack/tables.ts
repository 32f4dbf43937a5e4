import type { JsonObject } from '../contract.ts';

/** The partition key's name in a CreateTable request. */
export function partitionKeyOf(table: JsonObject | undefined): string | undefined {
  const schema = table?.KeySchema;
  if (!Array.isArray(schema)) return undefined;
  const key = schema.find(
    (entry) => typeof entry === 'object' && entry !== null && 'KeyType' in entry && entry.KeyType === 'HASH',
  );
  return typeof key?.AttributeName === 'string' ? key.AttributeName : undefined;
}
