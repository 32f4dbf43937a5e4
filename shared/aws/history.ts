import type { ReleaseAnnouncement } from '../domain/announcement.ts';
import type { LedgerEntry } from '../domain/summaries.ts';
import type { Store } from '../store.ts';
import { expiry, type Item, jsonOf, keyOf, pages, query, read, type Table, text, write } from './items.ts';
import { runFromItem, runToItem, type SchemaVersion } from './storedState.ts';

/** The part of the store that is history: pushes, releases and runs, one item each. */

const LEDGER_DAYS = 90;
const HISTORY_DAYS = 365;
/** How many ledger entries of one tag are returned. */
const MOST_PUSHES = 100;
/** Page size when searching for the next live release: it is usually among the next few. */
const RELEASES_PER_PAGE = 10;

export function pushStore(table: Table): Pick<Store, 'recordPush' | 'pushes' | 'newestPush'> {
  return {
    async recordPush(entry, overwrite) {
      const item = {
        pk: text(keyOf(entry.app)),
        sk: text(`push#${entry.tag}@${entry.digest}`),
        entry: text(jsonOf(keyOf(entry.app), entry)),
        expiresAt: expiry(table, LEDGER_DAYS),
      };
      await write(table, item, overwrite ? undefined : { expression: 'attribute_not_exists(pk)' });
    },

    async pushes(app, tag) {
      // Keys are ordered by digest: the newest entry of a moving tag can be on any page.
      const items = await query(table, app, `push#${tag}@`);
      const entries = items.map((item): LedgerEntry => JSON.parse(item.entry?.S ?? '{}'));
      return entries.toSorted((a, b) => b.at - a.at).slice(0, MOST_PUSHES);
    },

    async newestPush(app) {
      let newest: LedgerEntry | undefined;
      for await (const page of pages(table, app, 'push#', {}))
        for (const item of page) {
          const entry: LedgerEntry = JSON.parse(item.entry?.S ?? '{}');
          if (!newest || pushedAt(entry) > pushedAt(newest)) newest = entry;
        }
      return newest;
    },
  };
}

export function releaseStore(
  table: Table,
): Pick<Store, 'recordRelease' | 'releases' | 'release' | 'nextLive'> {
  return {
    async recordRelease(story) {
      await write(table, {
        pk: text(keyOf(story.app)),
        sk: text(releaseKey(story.release)),
        story: text(jsonOf(keyOf(story.app), story)),
        expiresAt: expiry(table, HISTORY_DAYS),
      });
    },

    async releases(app, limit) {
      return (await query(table, app, 'release#', limit)).map(storyOf);
    },

    async release(app, number) {
      const item = await read(table, keyOf(app), releaseKey(number));
      return item && storyOf(item);
    },

    async nextLive(app, number) {
      const after = { pk: text(keyOf(app)), sk: text(releaseKey(number)) };
      const upwards = { ScanIndexForward: true, ExclusiveStartKey: after, Limit: RELEASES_PER_PAGE };
      for await (const page of pages(table, app, 'release#', upwards)) {
        const story = page.map(storyOf).find(({ outcome }) => outcome?.kind === 'live');
        if (story) return story;
      }
      return undefined;
    },
  };
}

export function runStore(table: Table, schema: SchemaVersion): Pick<Store, 'recordRun' | 'runs'> {
  return {
    async recordRun(app, run) {
      await write(table, {
        pk: text(keyOf(app)),
        sk: text(`run#${run.task}#${new Date(run.askedAt).toISOString()}#${run.id}`),
        run: text(jsonOf(keyOf(app), runToItem(run, schema))),
        expiresAt: expiry(table, LEDGER_DAYS),
      });
    },

    async runs(app, task, limit) {
      const items = await query(table, app, `run#${task}#`, limit);
      return items.map((item) => runFromItem(item.run?.S ?? '{}'));
    },
  };
}

function storyOf(item: Item): ReleaseAnnouncement {
  return JSON.parse(item.story?.S ?? '{}');
}

function pushedAt(entry: LedgerEntry): number {
  return entry.pushedAt ?? entry.at;
}

/** Padded, so that the order of strings is the order of numbers. */
function releaseKey(number: number): string {
  return `release#${String(number).padStart(8, '0')}`;
}
