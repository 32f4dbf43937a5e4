import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { serve } from '../../local/front/server.ts';
import { startDynamodb } from '../../local/services/dynamodb.ts';
import { createApplyLock } from '../../shared/aws/applyLock.ts';
import { packNames } from '../../shared/aws/names.ts';
import { createStore } from '../../shared/aws/table.ts';
import { initialState } from '../../shared/domain/decide.ts';
import type { IndependentRun } from '../../shared/domain/run.ts';
import type { LedgerEntry } from '../../shared/domain/summaries.ts';
import type { Store } from '../../shared/store.ts';
import { aFailedStory, aStory } from '../announce/stories.ts';
import { anImage, aTime, START } from '../builders.ts';
import { SCHEMA } from '../table-schema.ts';

describe('createStore', () => {
  let dynamodb: Awaited<ReturnType<typeof startDynamodb>>;
  let server: Awaited<ReturnType<typeof serve>>;
  let client: DynamoDBClient;
  let store: Store;
  /** Loses answers on purpose: the write succeeds, and the client gets a 500. */
  let losing = 0;

  beforeAll(async () => {
    dynamodb = await startDynamodb();
    server = await serve(0, async (request) => {
      const target = request.headers['x-amz-target'] ?? '';
      const answer = await dynamodb.call(target, request.body.toString());
      const lost = target.endsWith('PutItem') && losing > 0;
      if (lost) losing -= 1;
      return lost ? { status: 500, headers: {}, body: '' } : { headers: {}, ...answer };
    });
  });
  afterAll(async () => {
    client.destroy();
    await server.stop();
    await dynamodb.stop();
  });
  beforeEach(async () => {
    await dynamodb.reset();
    await dynamodb.createTables([SCHEMA]);
    client = new DynamoDBClient({
      endpoint: server.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    store = createStore(
      { dynamodb: client },
      { table: 'fairway', ...aTime(), now: () => START, deadline: () => START + 30_000 },
    );
  });

  const first = { state: initialState('web'), version: 1 };

  describe('the lock of apply', () => {
    const ann = { id: 'lock-ann', who: 'ann', expiresAt: START + 5 * 60_000 };
    const bob = { id: 'lock-bob', who: 'bob', expiresAt: START + 9 * 60_000 };
    const lock = () => createApplyLock({ dynamodb: client }, { table: 'fairway', ...aTime() });

    it('is of one person at a time, who takes it again and gives it back', async () => {
      expect(await lock().take(ann, START)).toBeUndefined();
      expect(await lock().take(bob, START + 60_000)).toEqual(ann);
      const longer = { ...ann, expiresAt: START + 8 * 60_000 };
      expect(await lock().take(longer, START + 120_000)).toBeUndefined();
      expect(await lock().take(bob, START + 6 * 60_000)).toEqual(longer);
      expect(await lock().take({ ...ann, expiresAt: 0 }, START + 6 * 60_000)).toBeUndefined();
      expect(await lock().take(bob, START + 6 * 60_000)).toBeUndefined();
    });

    it('ends on its own, and is not taken from who has it then', async () => {
      await lock().take(ann, START);
      expect(await lock().take(bob, ann.expiresAt)).toBeUndefined();
      expect(await lock().take({ ...ann, expiresAt: 0 }, ann.expiresAt)).toEqual(bob);
    });
  });

  it('returns undefined for an unknown app', async () => {
    expect(await store.load('web')).toBeUndefined();
  });

  it('keeps state, version and lease', async () => {
    const stored = { ...first, lease: { owner: 'a', until: START + 1 } };
    expect(await store.save(stored, undefined)).toBe('saved');
    expect(await store.load('web')).toEqual(stored);
    const next = { ...stored, version: 2, lease: { ...stored.lease, writes: 1 } };
    expect(await store.save(next, undefined)).toBe('saved');
    expect(await store.load('web')).toEqual(next);
  });

  it('reads the next form of an item, and writes the form that the version before reads', async () => {
    const next = createStore({ dynamodb: client }, { table: 'fairway', ...aTime() }, 2);
    const run: IndependentRun = {
      id: 'run-1',
      task: 'report',
      owner: { kind: 'person', who: 'ann' },
      askedAt: START,
      state: 'ended',
      container: 'report',
      count: 1,
      attempt: 1,
      earlier: [],
      tasks: [],
      deadline: START,
      lookedAt: START,
    };
    await next.save(first, undefined);
    await next.recordRun('web', run);
    expect(await store.load('web')).toEqual(first);
    expect(await store.runs('web', run.task, 1)).toEqual([run]);
    await store.save({ ...first, version: 2 }, undefined);
    expect(await next.load('web')).toEqual({ ...first, version: 2 });
  });

  it('distinguishes a conflict from a success', async () => {
    await store.save(first, undefined);
    expect(await store.save(first, undefined)).toBe('conflict');
    expect(await store.save({ ...first, version: 2 }, undefined)).toBe('saved');
    expect(await store.save({ ...first, version: 2 }, undefined)).toBe('conflict');
  });

  it('reports success if the SDK repeated a write whose answer was lost', async () => {
    losing = 1;
    expect(await store.save(first, undefined)).toBe('saved');
    expect(losing).toBe(0);
  });

  it('truncates only labels and sentences if a state is too large', async () => {
    const image = anImage('1.1.0', { labels: { author: 'x'.repeat(300_000) } });
    const hold = { by: 'op', reason: 'r'.repeat(300_000), at: START };
    const state = { ...initialState('web'), waiting: { image, trigger: { kind: 'push' as const } }, hold };
    expect(await store.save({ state, version: 1 }, undefined)).toBe('saved');
    const kept = (await store.load('web'))?.state;
    expect(kept?.waiting?.image).toEqual({ ...image, labels: { author: expect.stringMatching(/^x+…$/) } });
    expect(kept?.hold?.reason).toMatch(/^r+…$/);
  });

  it('finds only what is due', async () => {
    await store.save({ state: initialState('late'), version: 1 }, START + 60_000);
    await store.save({ state: initialState('now'), version: 1 }, START);
    await store.save({ state: initialState('never'), version: 1 }, undefined);
    expect(await store.due(START)).toEqual(['now']);
    await store.save({ state: initialState('now'), version: 2 }, undefined);
    expect(await store.due(START)).toEqual([]);
  });

  it('keeps the first outcome of a push unless a release overwrites it', async () => {
    const entry: LedgerEntry = {
      app: 'web',
      tag: '1.0.0',
      digest: 'sha256:a',
      at: START,
      outcome: 'releasing',
      reason: '',
    };
    await store.recordPush(entry, true);
    await store.recordPush({ ...entry, outcome: 'ignored' }, false);
    expect((await store.pushes('web', '1.0.0')).map((one) => one.outcome)).toEqual(['releasing']);
    await store.recordPush({ ...entry, outcome: 'live' }, true);
    expect((await store.pushes('web', '1.0.0')).map((one) => one.outcome)).toEqual(['live']);
    expect(await store.pushes('web', '1.0')).toEqual([]);
  });

  it('finds the image that was pushed last among all entries, including those without a time', async () => {
    expect(await store.newestPush('web')).toBeUndefined();
    const entry = { app: 'web', digest: 'sha256:a', outcome: 'live', reason: '' };
    await store.recordPush({ ...entry, tag: '1.0.0', at: START + 90_000, pushedAt: START }, true);
    await store.recordPush({ ...entry, tag: '1.1.0', at: START + 60_000 }, true);
    await store.recordPush({ ...entry, app: 'web-2', tag: '1.2.0', at: START + 99_000 }, true);
    expect((await store.newestPush('web'))?.tag).toBe('1.1.0');
  });

  it('finds the next release that went live, however many failed before it', async () => {
    await store.recordRelease(aStory({ release: 3, outcome: { kind: 'live', reason: '' } }));
    for (let release = 4; release < 30; release += 1) await store.recordRelease(aFailedStory({ release }));
    await store.recordRelease(aStory({ release: 30, outcome: { kind: 'live', reason: '' } }));
    expect((await store.nextLive('web', 0))?.release).toBe(3);
    expect((await store.nextLive('web', 3))?.release).toBe(30);
    expect(await store.nextLive('web', 30)).toBeUndefined();
  });

  it('remembers thousands of images', async () => {
    const names = new Set(
      Array.from({ length: 20_000 }, (_, index) => `1.0.${index}@sha256:${'a'.repeat(64)}`),
    );
    expect(await store.knownImages('web')).toBeUndefined();
    await store.saveKnownImages('web', { names, repository: 'web-app' });
    const known = await store.knownImages('web');
    expect(known).toMatchObject({ repository: 'web-app' });
    expect(known).not.toHaveProperty('partial');
    expect(known?.names.has(`1.0.19999@sha256:${'a'.repeat(64)}`)).toBe(true);
    expect(known?.names.has(`1.0.20000@sha256:${'a'.repeat(64)}`)).toBe(false);
    await store.saveKnownImages('web', { names, repository: 'web-app', partial: true });
    expect(await store.knownImages('web')).toMatchObject({ partial: true });
  });

  it('reads the images that an earlier version stored', async () => {
    const [packed = ''] = packNames(new Set(['1.0.0@sha256:a']), 1000);
    const Item = { pk: { S: 'app#web' }, sk: { S: 'known' }, names: { S: packed }, parts: { N: '1' } };
    await client.send(new PutItemCommand({ TableName: 'fairway', Item }));
    const known = await store.knownImages('web');
    expect(known).toEqual({ names: expect.any(Set) });
    expect(known?.names.has('1.0.0@sha256:a')).toBe(true);
  });

  it('stores the listings of apps with any names', async () => {
    const listings = new Map(
      ['web', 'constructor', '__proto__'].map((app) => [app, { repository: app, since: START }] as const),
    );
    expect(await store.listings()).toEqual(new Map());
    await store.saveListings(listings);
    expect(await store.listings()).toEqual(listings);
  });
});
