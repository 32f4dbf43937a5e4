import { randomUUID } from 'node:crypto';
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { ReleaseAnnouncement } from '../domain/announcement.ts';
import { jsonWithin } from '../domain/bounds.ts';
import type { LedgerEntry } from '../domain/operator.ts';
import type { Run } from '../domain/run.ts';
import type { Store, Stored } from '../ports.ts';
import { type Clients, type Time, untilDeadline } from './clients.ts';
import { translated } from './faults.ts';
import { packNames, unpackNames } from './names.ts';
import { fromItem, toItem } from './storedState.ts';

/** Bytes of JSON. DynamoDB accepts items of 400 KB; the rest is for the keys. Source: DynamoDB Developer Guide, quotas. */
const LARGEST_CONTENT = 350 * 1024;
const DAY = 24 * 60 * 60;
const KEEP_LEDGER = 90 * DAY;
const KEEP_HISTORY = 365 * DAY;
/** How many ledger entries of one tag are returned. */
const MOST_PUSHES = 100;

/** Page size when searching for the next live release: it is usually among the next few. */
const RELEASES_PER_LOOK = 10;
/** Key of items that belong to no single app. */
const SWEEP = 'sweep';

type Item = Record<string, AttributeValue>;

/**
 * The Store port on one DynamoDB table with keys `pk` and `sk`, and the sparse index `due` on `dueAt`.
 * Only single-item conditional writes.
 */
export function createStore(
  clients: Pick<Clients, 'dynamodb'>,
  options: { readonly table: string } & Time,
): Store {
  const client = clients.dynamodb;
  const TableName = options.table;

  async function read(pk: string, sk: string): Promise<Item | undefined> {
    const Key = { pk: text(pk), sk: text(sk) };
    const answer = await translated('dynamodb:GetItem', () =>
      client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }), untilDeadline(options)),
    );
    return answer.Item;
  }

  async function write(
    item: Item,
    condition?: { expression: string; values?: Item },
  ): Promise<'saved' | 'conflict'> {
    const command = new PutItemCommand({
      TableName,
      Item: item,
      ...(condition && { ConditionExpression: condition.expression }),
      ...(condition?.values && { ExpressionAttributeValues: condition.values }),
    });
    try {
      await client.send(command, untilDeadline(options));
      return 'saved';
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return 'conflict';
      return translated('dynamodb:PutItem', () => Promise.reject(error));
    }
  }

  /** Items by the prefix of their key, last key first, page by page. A page of DynamoDB has at most 1 MB. */
  async function* pages(app: string, prefix: string, more: Partial<QueryCommandInput>) {
    let start: Item | undefined;
    do {
      const answer = await translated('dynamodb:Query', () =>
        client.send(
          new QueryCommand({
            TableName,
            ConsistentRead: true,
            KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
            ExpressionAttributeValues: { ':pk': text(keyOf(app)), ':prefix': text(prefix) },
            ScanIndexForward: false,
            ...more,
            ExclusiveStartKey: start ?? more.ExclusiveStartKey,
          }),
          untilDeadline(options),
        ),
      );
      yield answer.Items ?? [];
      start = answer.LastEvaluatedKey;
    } while (start);
  }

  /** Like `pages`, as one list of at most `limit` items. */
  async function query(app: string, prefix: string, limit = Number.POSITIVE_INFINITY): Promise<Item[]> {
    const items: Item[] = [];
    for await (const page of pages(app, prefix, Number.isFinite(limit) ? { Limit: limit } : {})) {
      items.push(...page);
      if (items.length >= limit) break;
    }
    return items.slice(0, limit);
  }

  return {
    async load(app) {
      const item = await read(keyOf(app), 'state');
      return item && storedOf(item);
    },

    async save(next, dueAt) {
      const writer = randomUUID();
      const result = await write(
        itemOf(next, dueAt, writer),
        next.version === 1
          ? { expression: 'attribute_not_exists(pk)' }
          : { expression: 'version = :version', values: { ':version': count(next.version - 1) } },
      );
      if (result === 'saved') return 'saved';
      // The SDK repeats a write whose answer was lost. The repeat then conflicts with the first one, which succeeded.
      const item = await read(keyOf(next.state.app), 'state');
      return item?.writer?.S === writer ? 'saved' : 'conflict';
    },

    async due(now) {
      const apps: string[] = [];
      let start: Item | undefined;
      do {
        const answer = await translated('dynamodb:Query', () =>
          client.send(
            new QueryCommand({
              TableName,
              IndexName: 'due',
              KeyConditionExpression: 'due = :yes AND dueAt <= :now',
              ExpressionAttributeValues: { ':yes': text('yes'), ':now': count(now) },
              ExclusiveStartKey: start,
            }),
            untilDeadline(options),
          ),
        );
        for (const item of answer.Items ?? []) apps.push((item.pk?.S ?? '').replace(/^app#/, ''));
        start = answer.LastEvaluatedKey;
      } while (start);
      return apps;
    },

    async recordPush(entry, overwrite) {
      const item = {
        pk: text(keyOf(entry.app)),
        sk: text(`push#${entry.tag}@${entry.digest}`),
        entry: text(jsonOf(keyOf(entry.app), entry)),
        expiresAt: count(Math.floor(options.now() / 1000) + KEEP_LEDGER),
      };
      await write(item, overwrite ? undefined : { expression: 'attribute_not_exists(pk)' });
    },

    async pushes(app, tag) {
      // Keys are ordered by digest: the newest entry of a moving tag can be on any page.
      const items = await query(app, `push#${tag}@`);
      const entries = items.map((item): LedgerEntry => JSON.parse(item.entry?.S ?? '{}'));
      return entries.toSorted((a, b) => b.at - a.at).slice(0, MOST_PUSHES);
    },

    async newestPush(app) {
      let newest: LedgerEntry | undefined;
      for await (const page of pages(app, 'push#', {}))
        for (const item of page) {
          const entry: LedgerEntry = JSON.parse(item.entry?.S ?? '{}');
          if (!newest || pushedAt(entry) > pushedAt(newest)) newest = entry;
        }
      return newest;
    },

    async recordRelease(story) {
      await write({
        pk: text(keyOf(story.app)),
        sk: text(releaseKey(story.release)),
        story: text(jsonOf(keyOf(story.app), story)),
        expiresAt: count(Math.floor(options.now() / 1000) + KEEP_HISTORY),
      });
    },

    async releases(app, limit) {
      return (await query(app, 'release#', limit)).map(storyOf);
    },

    async release(app, number) {
      const item = await read(keyOf(app), releaseKey(number));
      return item && storyOf(item);
    },

    async nextLive(app, number) {
      const after = { pk: text(keyOf(app)), sk: text(releaseKey(number)) };
      const upwards = { ScanIndexForward: true, ExclusiveStartKey: after, Limit: RELEASES_PER_LOOK };
      for await (const page of pages(app, 'release#', upwards)) {
        const story = page.map(storyOf).find(({ outcome }) => outcome?.kind === 'live');
        if (story) return story;
      }
      return undefined;
    },

    async recordRun(app, run) {
      await write({
        pk: text(keyOf(app)),
        sk: text(`run#${run.task}#${new Date(run.askedAt).toISOString()}#${run.id}`),
        run: text(jsonOf(keyOf(app), run)),
        expiresAt: count(Math.floor(options.now() / 1000) + KEEP_LEDGER),
      });
    },

    async runs(app, task, limit) {
      const items = await query(app, `run#${task}#`, limit);
      return items.map((item): Run => JSON.parse(item.run?.S ?? '{}'));
    },

    async knownImages(app) {
      const first = await read(keyOf(app), knownKey(0));
      if (!first) return undefined;
      const packed = [first.names?.S ?? ''];
      for (let part = 1; part < Number(first.parts?.N ?? 1); part += 1) {
        packed.push((await read(keyOf(app), knownKey(part)))?.names?.S ?? '');
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
        await write(part === 0 ? { ...item, ...more } : item);
      }
    },

    async listings() {
      const item = await read(SWEEP, 'listings');
      return new Map(Object.entries(JSON.parse(item?.listings?.S ?? '{}')));
    },

    async saveListings(listings) {
      await write({
        pk: text(SWEEP),
        sk: text('listings'),
        listings: text(jsonOf(SWEEP, Object.fromEntries(listings))),
      });
    },
  };
}

function itemOf(next: Stored, dueAt: number | undefined, writer: string): Item {
  const state = jsonOf(keyOf(next.state.app), toItem(next.state));
  return {
    pk: text(keyOf(next.state.app)),
    sk: text('state'),
    state: text(state),
    version: count(next.version),
    writer: text(writer),
    ...(next.lease && { leaseOwner: text(next.lease.owner), leaseUntil: count(next.lease.until) }),
    ...(dueAt === undefined ? {} : { due: text('yes'), dueAt: count(dueAt) }),
  };
}

/** The content of an item, without secrets, and truncated where it is too large. */
function jsonOf(of: string, content: unknown): string {
  const json = jsonWithin(content, LARGEST_CONTENT);
  if (json !== undefined) return json;
  throw new Error(`failed to save ${of}: its content is larger than ${LARGEST_CONTENT} bytes`);
}

function storedOf(item: Item): Stored {
  const owner = item.leaseOwner?.S;
  return {
    state: fromItem(item.state?.S ?? '{}'),
    version: Number(item.version?.N ?? 0),
    ...(owner === undefined ? {} : { lease: { owner, until: Number(item.leaseUntil?.N ?? 0) } }),
  };
}

function storyOf(item: Item): ReleaseAnnouncement {
  return JSON.parse(item.story?.S ?? '{}');
}

function pushedAt(entry: LedgerEntry): number {
  return entry.pushedAt ?? entry.at;
}

function keyOf(app: string): string {
  return `app#${app}`;
}

/** Padded, so that the order of strings is the order of numbers. */
function releaseKey(number: number): string {
  return `release#${String(number).padStart(8, '0')}`;
}

function knownKey(part: number): string {
  return part === 0 ? 'known' : `known#${part}`;
}

function text(value: string): AttributeValue {
  return { S: value };
}

function count(value: number): AttributeValue {
  return { N: String(Math.floor(value)) };
}
