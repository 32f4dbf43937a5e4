import { advance } from '../shared/advance.ts';
import type { PendingEffect } from '../shared/domain/state.ts';
import { operate } from '../shared/operate/operate.ts';
import { AwsFault } from '../shared/ports.ts';
import type { Store } from '../shared/store.ts';
import { emptyMemory, sweep } from '../shared/sweep.ts';
import { anApp, digestOf, MINUTE, START } from './builders.ts';
import { aPerformer, aReading, aRepository, aStore, aWorld } from './fakes.ts';

const app = anApp();
/** A table that cannot be reached while `isOut`. */
function outOfOrder(store: Store, isOut: () => boolean): Store {
  const guarded = async <Result>(call: () => Promise<Result>) => {
    if (isOut()) throw new AwsFault('ServiceUnavailable', 'the table cannot be reached', true);
    return call();
  };
  return {
    ...store,
    load: (name) => guarded(() => store.load(name)),
    save: (next, dueAt) => guarded(() => store.save(next, dueAt)),
  };
}

const push = (tag: string) =>
  ({ type: 'imagePushed', tag, digest: digestOf(tag), at: START, source: 'event' }) as const;

function aLoop(overrides: Parameters<typeof aPerformer>[0] = {}) {
  const kept = aStore();
  const performer = aPerformer(overrides);
  let elapsed = 0;
  const enter = (owner = 'a', budget = 60_000) =>
    aWorld({ apps: [app], store: kept.store, perform: performer.perform, owner, budget, at: () => elapsed });
  return {
    ...kept,
    ...performer,
    enter,
    state: () => kept.items.get(app.name)?.state,
    wait(milliseconds: number) {
      elapsed += milliseconds;
    },
  };
}

describe('advance', () => {
  it('performs what was decided until nothing is pending, and gives the lease back', async () => {
    const loop = aLoop();
    const { world, told } = loop.enter();
    await advance(world, app, push('1.1.0'));
    expect(loop.state()?.release?.step).toBe('rolling');
    expect(loop.state()?.outbox).toEqual([]);
    expect(loop.items.get('web')?.lease).toBeUndefined();
    expect(told.length).toBeGreaterThan(0);
  });

  it('calls it live after one look when ECS says that our deployment ended', async () => {
    const loop = aLoop();
    const { world } = loop.enter();
    await advance(world, app, push('1.1.0'));
    const before = loop.performed.length;
    const deploymentId = loop.state()?.release?.services[0]?.deploymentId ?? '';
    await advance(world, app, { type: 'deploymentEnded', service: 'web-app', deploymentId });
    expect(loop.state()?.live?.tag).toBe('1.1.0');
    expect(loop.performed.slice(before).map((entry) => entry.kind)).toEqual(['lookAtServices']);
    expect([...loop.history.values()][0]?.outcome?.kind).toBe('live');
    expect(loop.ledger.get(`web/1.1.0@${digestOf('1.1.0')}`)?.outcome).toBe('live');
  });

  it('writes nothing for events that change nothing', async () => {
    const loop = aLoop();
    const { world } = loop.enter();
    await advance(world, app, { type: 'tick' });
    const { saves } = loop.counts;
    await advance(world, app, { type: 'tick' });
    await advance(world, app, { type: 'taskStopped', taskArn: 'task/9', scaledIn: false });
    expect(loop.counts.saves).toBe(saves);
  });

  it('leaves the performing to the holder of the lease', async () => {
    const loop = aLoop();
    const { world } = loop.enter('a');
    await advance(world, app, { type: 'tick' });
    const item = loop.items.get('web');
    if (!item) throw new Error('nothing was saved');
    loop.items.set('web', { ...item, lease: { owner: 'b', until: START + 2 * MINUTE } });
    const before = loop.performed.length;
    await advance(world, app, push('1.1.0'));
    expect(loop.performed).toHaveLength(before);
    expect(loop.state()?.outbox).toHaveLength(1);
  });

  it('loses nothing, and does not fail, where another function has taken over its lease', async () => {
    const loop = aLoop();
    const slow = loop.enter('a').world;
    let kinds: readonly string[] = [];
    const performEcs: typeof slow.performEcs = async (...asked) => {
      const answer = await slow.performEcs(...asked);
      if (kinds.length === 0) {
        // The lease has run out by the time that the answer comes, and another function does the rest.
        loop.wait(3 * MINUTE);
        await advance(loop.enter('b').world, app, { type: 'tick' });
        kinds = loop.performed.map(({ kind }) => kind);
      }
      return answer;
    };
    const { state } = await advance({ ...slow, performEcs }, app, push('1.1.0'));
    expect(state.outbox).not.toEqual([]);
    expect(loop.state()?.release?.step).toBe('rolling');
    expect(loop.state()?.outbox).toEqual([]);
    expect(loop.items.get('web')?.lease).toBeUndefined();
    // What the first one was doing was done once more; it did nothing after that.
    expect(kinds.filter((kind) => kind === kinds[0])).toHaveLength(2);
    expect(loop.performed).toHaveLength(kinds.length);
  });

  it('applies no answer twice where its write succeeded unheard and another function wrote after it', async () => {
    const throttled = { kind: 'retry', why: 'Rate exceeded', wait: 5_000, throttling: 'sent' } as const;
    const loop = aLoop({ register: () => throttled });
    const { world, told } = loop.enter('a');
    const cancel = { type: 'operator', request: { command: 'cancel', app: 'web', who: 'ann' } } as const;
    let isCancelled = false;
    const save: Store['save'] = async (next, dueAt) => {
      const result = await loop.store.save(next, dueAt);
      if (isCancelled || told.length === 0 || !next.lease) return result;
      isCancelled = true;
      await advance(loop.enter('b').world, app, cancel);
      // Its own answer is lost, and the table has moved on by the time that the SDK repeats it.
      return 'conflict';
    };
    await advance({ ...world, store: { ...loop.store, save } }, app, push('1.1.0'));
    expect(isCancelled).toBe(true);
    expect(loop.ledger.get(`web/1.1.0@${digestOf('1.1.0')}`)?.outcome).toBe('rolledBack');
  });

  it('performs what it has claimed where its claim succeeded unheard and another function wrote after it', async () => {
    const loop = aLoop();
    const { world } = loop.enter('a');
    let isFirst = true;
    const save: Store['save'] = async (next, dueAt) => {
      const result = await loop.store.save(next, dueAt);
      if (!isFirst) return result;
      isFirst = false;
      await advance(loop.enter('b').world, app, push('1.2.0'));
      return 'conflict';
    };
    await advance({ ...world, store: { ...loop.store, save } }, app, push('1.1.0'));
    expect(loop.state()?.outbox).toEqual([]);
    expect(loop.items.get('web')?.lease).toBeUndefined();
  });

  it('records what was decided while it repeated an earlier entry of the same push', async () => {
    const loop = aLoop();
    const operator = (request: { command: 'hold'; reason: string } | { command: 'cancel' }) =>
      ({ type: 'operator', request: { app: 'web', who: 'ann', ...request } }) as const;
    await advance(loop.enter('a').world, app, { type: 'tick' });
    await advance(loop.enter('a').world, app, operator({ command: 'hold', reason: 'incident' }));
    await advance(loop.enter('a').world, app, push('1.1.0'));
    const key = `web/1.1.0@${digestOf('1.1.0')}`;
    const item = loop.items.get('web');
    const entry = loop.ledger.get(key);
    if (!item || !entry) throw new Error('nothing was saved');
    const effect = { kind: 'recordPush', entry, overwrite: true } as const;
    const pending = {
      key: `push:${entry.tag}@${entry.digest}`,
      effect,
      attempt: 0,
      since: START,
      again: true,
    };
    loop.items.set('web', { ...item, state: { ...item.state, outbox: [pending] } });
    const { world } = loop.enter('a');
    let recorded = 0;
    const recordPush: Store['recordPush'] = async (...asked) => {
      await loop.store.recordPush(...asked);
      recorded += 1;
      if (recorded === 2) await advance(loop.enter('b').world, app, operator({ command: 'cancel' }));
    };
    await advance({ ...world, store: { ...loop.store, recordPush } }, app, { type: 'tick' });
    expect(loop.ledger.get(key)?.outcome).toBe('rejected');
  });

  it('saves both of two events that one invocation takes further at the same time', async () => {
    const loop = aLoop();
    await advance(loop.enter('a').world, app, push('1.1.0'));
    loop.wait(6 * MINUTE);
    const { world } = loop.enter('sweep');
    await Promise.all([advance(world, app, { type: 'tick' }), advance(world, app, push('1.2.0'))]);
    expect([...loop.ledger.keys()]).toContain(`web/1.2.0@${digestOf('1.2.0')}`);
  });

  it('holds the lease for a minute longer than it lives: clocks of two functions may differ by that', async () => {
    const loop = aLoop();
    const { world } = loop.enter('a');
    let until = 0;
    const performEcs: typeof world.performEcs = (...asked) => {
      until = loop.items.get('web')?.lease?.until ?? 0;
      return world.performEcs(...asked);
    };
    await advance({ ...world, performEcs }, app, { type: 'tick' });
    expect(until).toBe(world.deadline() + MINUTE);
  });

  it('does not take what was not due yet for possibly done when a holder has died', async () => {
    const loop = aLoop();
    const { world } = loop.enter('a');
    await advance(world, app, { type: 'tick' });
    const item = loop.items.get('web');
    if (!item) throw new Error('nothing was saved');
    const pending = (key: string, notBefore: number): PendingEffect => ({
      key,
      effect: { kind: 'lookAtServices', services: ['web-app'] },
      attempt: 0,
      since: notBefore,
      notBefore,
    });
    const outbox = [pending('later', START + 30 * MINUTE), pending('soon', START + 3.5 * MINUTE)];
    const lease = { owner: 'b', until: START + 2 * MINUTE };
    loop.items.set('web', { ...item, state: { ...item.state, outbox }, lease });
    loop.wait(3 * MINUTE);
    await advance(loop.enter('c').world, app, push('1.1.0'));
    const attempts = Object.fromEntries(
      (loop.state()?.outbox ?? []).map(({ key, attempt }) => [key, attempt]),
    );
    expect(attempts).toEqual({ later: 0, soon: 1 });
  });

  it('takes over from a crashed holder, and warns the adapters that the effect may have been performed', async () => {
    const loop = aLoop();
    const dying = loop.enter('a');
    const { performEcs } = dying.world;
    let ended = false;
    const world = {
      ...dying.world,
      performEcs: (async (which, effect, attempt) => {
        ended = effect.kind === 'updateService';
        return ended ? { kind: 'done' } : performEcs(which, effect, attempt);
      }) as typeof performEcs,
      store: outOfOrder(dying.world.store, () => ended),
    };
    await expect(advance(world, app, push('1.1.0'))).rejects.toThrow('the table cannot be reached');
    loop.wait(3 * MINUTE);
    const next = loop.enter('b');
    await advance(next.world, app, { type: 'tick' });
    const updates = loop.performed.filter((entry) => entry.kind === 'updateService');
    expect(updates).toEqual([{ kind: 'updateService', attempt: 1 }]);
  });

  it('begins nothing in its last moment and leaves the rest to the sweep', async () => {
    const loop = aLoop();
    const { world } = loop.enter('a', 1_000);
    await advance(world, app, push('1.1.0'));
    expect(loop.performed).toEqual([]);
    expect(loop.dueTimes.get('web')).toBeLessThanOrEqual(START + MINUTE);
    loop.wait(MINUTE);
    await sweep(loop.enter('b').world, aRepository([]), emptyMemory());
    expect(loop.state()?.release?.step).toBe('rolling');
  });

  it('keeps a release going while a channel is down', async () => {
    const loop = aLoop();
    const { world } = loop.enter();
    const deaf = { ...world, tell: async () => ({ kind: 'retry', wait: 5_000, why: 'down' }) as const };
    await advance(deaf, app, push('1.1.0'));
    expect(loop.state()?.release?.step).toBe('rolling');
    expect(loop.state()?.outbox.map((entry) => entry.effect.kind)).toEqual(['announceRelease']);
  });
});

describe('sweep', () => {
  it('finds a push whose event was lost', async () => {
    const loop = aLoop();
    await sweep(
      loop.enter().world,
      aRepository([{ tag: '1.0.0', digest: digestOf('1.0.0'), pushedAt: START - 1 }]),
      emptyMemory(),
    );
    expect(loop.state()?.live?.tag).toBe('1.0.0');
    loop.wait(5 * MINUTE);
    const listed = [
      { tag: '1.0.0', digest: digestOf('1.0.0'), pushedAt: START - 1 },
      { tag: '1.1.0', digest: digestOf('1.1.0'), pushedAt: START + MINUTE },
    ];
    await sweep(loop.enter().world, aRepository(listed), emptyMemory());
    expect(loop.state()?.release?.image.tag).toBe('1.1.0');
  });

  it('sees a tag that comes back to an earlier image, also where the sweep between died', async () => {
    const loop = aLoop();
    const moving = anApp({
      image: { repository: 'web-app', tags: { kind: 'digest', tag: 'stable' }, ignore: [] },
    });
    const enter = () => {
      loop.wait(5 * MINUTE);
      const { world, logged } = loop.enter();
      return { world: { ...world, configuration: { ...world.configuration, apps: [moving] } }, logged };
    };
    const at = (tag: string) => aRepository([{ tag: 'stable', digest: digestOf(tag), pushedAt: START }]);
    const { world } = enter();
    await sweep(world, at('one'), emptyMemory());
    const store = { ...world.store, save: () => Promise.reject(new Error('the function has died')) };
    await sweep({ ...enter().world, store }, at('two'), emptyMemory());
    const { world: next, logged } = enter();
    await sweep(next, at('one'), emptyMemory());
    expect(logged).toContainEqual({
      message: 'a push was found whose event was lost',
      facts: { app: 'web', tag: 'stable', digest: digestOf('one') },
    });
  });

  it('deploys nothing that was there before Fairway, and writes it to the ledger', async () => {
    const loop = aLoop();
    const listed = [{ tag: '9.0.0', digest: digestOf('9.0.0'), pushedAt: START - MINUTE }];
    await sweep(loop.enter().world, aRepository(listed), emptyMemory());
    loop.wait(5 * MINUTE);
    await sweep(loop.enter().world, aRepository(listed), emptyMemory());
    expect(loop.state()?.release).toBeUndefined();
    expect(loop.ledger.get(`web/9.0.0@${digestOf('9.0.0')}`)).toMatchObject({ outcome: 'ignored' });
  });
});

describe('the sweep, about artifacts that are no images', () => {
  const chart = 'application/vnd.cncf.helm.config.v1+json is not an image';
  const listed = (tag: string, notAnImage?: string) => ({
    tag,
    digest: digestOf(tag),
    pushedAt: START + MINUTE,
    ...(notAnImage === undefined ? {} : { notAnImage }),
  });

  it('releases none of them, and records those whose tag matches', async () => {
    const loop = aLoop();
    await sweep(loop.enter().world, aRepository([listed('1.0.0')]), emptyMemory());
    loop.wait(5 * MINUTE);
    const artifacts = [listed('1.0.0'), listed('4.0.0', chart), listed('main-cache', chart)];
    await sweep(loop.enter().world, aRepository(artifacts), emptyMemory());
    expect(loop.state()?.release?.image.tag).not.toBe('4.0.0');
    expect(loop.ledger.get(`web/4.0.0@${digestOf('4.0.0')}`)).toMatchObject({
      outcome: 'ignored',
      reason: chart,
    });
    expect([...loop.ledger.keys()].filter((key) => key.includes('cache'))).toEqual([]);
  });

  it('records those from before Fairway only if their tag matches', async () => {
    const loop = aLoop();
    const early = [listed('4.0.0', chart), listed('main-cache', chart)].map((image) => ({
      ...image,
      pushedAt: START - MINUTE,
    }));
    await sweep(loop.enter().world, aRepository(early), emptyMemory());
    expect([...loop.ledger.values()]).toEqual([expect.objectContaining({ tag: '4.0.0', reason: chart })]);
  });
});

describe('the listing of images', () => {
  /** How often images are listed while a sweep comes by after each of these waits. */
  async function listings(waits: readonly number[]): Promise<number> {
    const loop = aLoop();
    const memory = emptyMemory();
    let listed = 0;
    const repository = {
      ...aRepository([]),
      tagged: async () => {
        listed += 1;
        return { images: [] };
      },
    };
    for (const wait of waits) {
      loop.wait(wait);
      await sweep(loop.enter().world, repository, memory);
    }
    return listed;
  }

  it('comes every five minutes, whatever the minute and however early a tick is', async () => {
    const ticks = Array.from({ length: 21 }, () => MINUTE);
    expect(await listings(ticks)).toBe(5);
    // Ticks to either side of the full minute: none of them falls into a minute that five divides.
    expect(await listings(ticks.map((tick, index) => tick + (index % 2 === 0 ? -900 : 900)))).toBe(5);
  });
});

const nothingParked = aReading();

/** As EventBridge delivers it. */
function ecrPush(tag: string) {
  return {
    version: '0',
    id: 'an-event',
    'detail-type': 'ECR Image Action',
    source: 'aws.ecr',
    account: '123456789012',
    time: new Date(START).toISOString(),
    region: 'us-east-1',
    resources: [],
    detail: {
      result: 'SUCCESS',
      'repository-name': 'web-app',
      'image-digest': digestOf(tag),
      'action-type': 'PUSH',
      'image-tag': tag,
    },
  };
}

describe('operate', () => {
  it('answers status, releases and why from what was recorded', async () => {
    const loop = aLoop();
    const { world } = loop.enter();
    await advance(world, app, push('1.1.0'));
    const status = await operate(world, { command: 'status' }, nothingParked);
    expect(status).toMatchObject({
      ok: true,
      apps: [{ app: 'web', open: { tag: '1.1.0', state: 'rolling' } }],
    });
    const why = await operate(world, { command: 'why', app: 'web', tag: '1.1.0' }, nothingParked);
    expect(why).toMatchObject({ ok: true, pushes: [{ outcome: 'releasing', release: 1 }] });
  });

  it.each([
    ['an app that is not there', { command: 'status', app: 'wbe' } as const, 'notFound'],
    ['a tag that was never pushed', { command: 'why', app: 'web', tag: '7.0.0' } as const, 'notFound'],
    ['a resume without a hold', { command: 'resume', app: 'web', who: 'op' } as const, 'refused'],
  ])('says what is wrong with %s', async (_, request, error) => {
    const answer = await operate(aLoop().enter().world, request, nothingParked);
    expect(answer).toMatchObject({ ok: false, error });
  });

  it.each([
    ['wbe', '; did you mean "web"?'],
    ['web-app', '; "web-app" is a service of app "web"'],
    ['billing', ''],
  ])('says which apps there are, and which is most likely meant: %s', async (app, hint) => {
    const answer = await operate(aLoop().enter().world, { command: 'status', app }, nothingParked);
    expect(answer).toMatchObject({ message: `there is no app "${app}": fairway.yml has web${hint}` });
  });

  it('retries parked events, and leaves those that cannot be read', async () => {
    const loop = aLoop();
    const { world } = loop.enter();
    const bodies = [
      JSON.stringify(ecrPush('1.1.0')),
      JSON.stringify({ version: '1.0', requestPayload: ecrPush('1.1.0') }),
      'not JSON at all',
    ];
    const parked = bodies.map((body) => ({
      body,
      done: async () => void bodies.splice(bodies.indexOf(body), 1),
    }));
    const answer = await operate(
      world,
      { command: 'redrive', who: 'op' },
      { ...nothingParked, parked: { take: async () => parked.splice(0, 10) } },
    );
    expect(answer).toEqual({
      ok: false,
      error: 'refused',
      message:
        '2 parked events retried, 1 failed again and stay parked: failed to read the parked message: it is not JSON',
    });
    expect(bodies).toEqual(['not JSON at all']);
    expect(loop.state()?.release?.image.tag).toBe('1.1.0');
  });
});
