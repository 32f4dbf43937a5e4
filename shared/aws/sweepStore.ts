import type { Store } from '../store.ts';
import { count, jsonOf, keyOf, LARGEST_CONTENT, read, type Table, text, write } from './items.ts';
import { packNames, unpackNames } from './names.ts';

/** Key of the item that belongs to no single app. */
const SWEEP = 'sweep';

/** The part of the store that the sweep remembers: images that it has processed, and the listings of repositories. */
export function sweepStore(
  table: Table,
): Pick<Store, 'knownImages' | 'saveKnownImages' | 'listings' | 'saveListings'> {
  return {
    async knownImages(app) {
      const first = await read(table, keyOf(app), knownKey(0));
      if (!first) return undefined;
      const packed = [first.names?.S ?? ''];
      for (let part = 1; part < Number(first.parts?.N ?? 1); part += 1) {
        packed.push((await read(table, keyOf(app), knownKey(part)))?.names?.S ?? '');
      }
      return {
        names: unpackNames(packed.join('')),
        ...(first.repository?.S !== undefined && { repository: first.repository.S }),
        ...(first.partial?.BOOL === true && { partial: true }),
      };
    },

    async saveKnownImages(app, { names, repository, partial = false }) {
      const parts = packNames(names, LARGEST_CONTENT);
      // The first part has the number of parts, so it is written last. After a crash in between, images are checked again.
      for (const [part, packed] of [...parts.entries()].reverse()) {
        const item = { pk: text(keyOf(app)), sk: text(knownKey(part)), names: text(packed) };
        const more = {
          parts: count(parts.length),
          partial: { BOOL: partial },
          ...(repository !== undefined && { repository: text(repository) }),
        };
        await write(table, part === 0 ? { ...item, ...more } : item);
      }
    },

    async listings() {
      const item = await read(table, SWEEP, 'listings');
      return new Map(Object.entries(JSON.parse(item?.listings?.S ?? '{}')));
    },

    async saveListings(listings) {
      await write(table, {
        pk: text(SWEEP),
        sk: text('listings'),
        listings: text(jsonOf(SWEEP, Object.fromEntries(listings))),
      });
    },
  };
}

function knownKey(part: number): string {
  return part === 0 ? 'known' : `known#${part}`;
}
