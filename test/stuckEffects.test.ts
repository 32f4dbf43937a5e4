import { advance } from '../shared/advance.ts';
import type { EcsEffect } from '../shared/domain/effects.ts';
import { operate } from '../shared/operate/operate.ts';
import { AwsFault } from '../shared/ports.ts';
import type { Store, Stored } from '../shared/store.ts';
import { emptyMemory, sweep } from '../shared/sweep.ts';
import { anApp, anImage, digestOf, MINUTE, START } from './builders.ts';
import { aPerformer, aReading, aRepository, aStore, aWorld } from './fakes.ts';

const web = anApp();
const push = (tag: string) =>
  ({ type: 'imagePushed', tag, digest: digestOf(tag), at: START, source: 'event' }) as const;
const byHand = aReading();

/** What performing an effect, or saving, throws in a test. Undefined: nothing. */
interface Poison {
  readonly perform?: (effect: EcsEffect) => unknown;
  readonly save?: (next: Stored) => unknown;
}

function aPoisoned(poison: Poison = {}, apps = [web]) {
  const kept = aStore();
  const performer = aPerformer();
  let elapsed = 0;
  const { world, told, logged, notified } = aWorld({
    apps,
    store: throwing(kept.store, poison),
    perform: async (app, effect, attempt) => {
      const error = poison.perform?.(effect);
      if (error) throw error;
      return performer.perform(app, effect, attempt);
    },
    at: () => elapsed,
    budget: Number.POSITIVE_INFINITY,
  });
  const memory = emptyMemory();
  // Nothing is listed.
  void kept.store.saveListings(
    new Map(
      apps.map(({ name, image: { repository } }) => [
        name,
        { repository, since: START, triedAt: Number.POSITIVE_INFINITY },
      ]),
    ),
  );
  const stage = {
    ...kept,
    performed: performer.performed,
    world: { ...world, deadline: () => START + elapsed + MINUTE },
    logged,
    notified,
    sentences: () =>
      told.flatMap(({ announcement }) => ('sentence' in announcement ? [announcement.sentence] : [])),
    state: (name = 'web') => kept.items.get(name)?.state,
    sweep: () => sweep(stage.world, aRepository([]), memory),
    async after(minutes: number) {
      for (let minute = 0; minute < minutes; minute += 1) {
        elapsed += MINUTE;
        await stage.sweep();
      }
    },
  };
  return stage;
}

function throwing(store: Store, { save }: Poison): Store {
  return {
    ...store,
    save: async (next, dueAt) => {
      const error = save?.(next);
      if (error) throw error;
      return store.save(next, dueAt);
    },
  };
}

const looksUp = (tag: string) => (effect: EcsEffect) => effect.kind === 'inspectImage' && effect.tag === tag;

describe('an effect whose performing throws', () => {
  const poison = { perform: (effect: EcsEffect) => looksUp('1.1.0')(effect) && new TypeError('odd image') };

  it('is retried with back-off, and the sweep goes on without an error', async () => {
    const stage = aPoisoned(poison);
    await advance(stage.world, web, push('1.1.0'));
    await stage.after(5);
    const [entry] = stage.state()?.outbox ?? [];
    expect(entry).toMatchObject({ key: 'inspect:push:1.1.0', why: 'odd image' });
    expect(entry?.attempt).toBeGreaterThan(3);
    expect(entry?.attempt).toBeLessThan(10);
    expect(entry?.notBefore).toBeGreaterThan(stage.world.now());
  });

  it('lets a later push go live', async () => {
    const stage = aPoisoned(poison);
    await advance(stage.world, web, push('1.1.0'));
    await stage.after(2);
    await advance(stage.world, web, push('1.2.0'));
    expect(stage.state()?.release?.image.tag).toBe('1.2.0');
  });

  it('is announced after 15 minutes, with the words of the error', async () => {
    const stage = aPoisoned(poison);
    await advance(stage.world, web, push('1.1.0'));
    await stage.after(20);
    expect(stage.sentences().filter((sentence) => /1\.1\.0.*odd image/.test(sentence))).toHaveLength(1);
  });

  it('is overtaken by a rollback', async () => {
    const stage = aPoisoned(poison);
    await advance(stage.world, web, push('1.0.9'));
    const { release } = stage.state() ?? {};
    const deploymentId = release?.services[0]?.deploymentId ?? '';
    await advance(stage.world, web, { type: 'deploymentEnded', service: 'web-app', deploymentId });
    expect(stage.state()?.live?.tag).toBe('1.0.9');
    await advance(stage.world, web, push('1.1.0'));
    await stage.after(3);
    await operate(stage.world, { command: 'rollback', app: 'web', who: 'op' }, byHand);
    expect(stage.state()?.release?.image.tag).toBe('1.0.0');
    expect(stage.state()?.release?.step).toBe('rolling');
  });

  it('is dropped by a cancel, where it belongs to the open release', async () => {
    const stage = aPoisoned({ perform: ({ kind }) => kind === 'register' && new Error('odd revision') });
    await advance(stage.world, web, push('1.1.0'));
    await stage.after(3);
    await operate(stage.world, { command: 'cancel', app: 'web', who: 'op' }, byHand);
    expect(stage.state()?.release).toBeUndefined();
    expect(stage.state()?.outbox).toEqual([]);
  });
});

describe('an effect that failed several times', () => {
  it('waits for everything else that is due', async () => {
    const stage = aPoisoned();
    await advance(stage.world, web, { type: 'tick' });
    const item = stage.items.get('web');
    if (!item) throw new Error('nothing was saved');
    const look = (key: string, attempt: number) =>
      ({ key, effect: { kind: 'lookAtServices', services: ['web-app'] }, attempt, since: START }) as const;
    const announcement = {
      kind: 'announceApp',
      channel: 'deploys',
      topic: 'stuck',
      severity: 'warning',
    } as const;
    const report = {
      key: 'report',
      effect: { ...announcement, sentence: 'It does not work.', at: START },
      attempt: 0,
      since: START,
    };
    const outbox = [look('failing', 7), look('new', 0), report];
    stage.items.set('web', { ...item, state: { ...item.state, outbox } });
    const order: string[] = [];
    const world = {
      ...stage.world,
      performEcs: async (...[, , attempt]: Parameters<typeof stage.world.performEcs>) => {
        order.push(`attempt ${attempt}`);
        return { kind: 'done' } as const;
      },
      tell: async () => {
        order.push('report');
        return { kind: 'announced' } as const;
      },
    };
    await advance(world, web, { type: 'tick' });
    expect(order).toEqual(['attempt 0', 'report', 'attempt 7']);
  });
});

describe('an answer that cannot be saved', () => {
  const isOversized = ({ state }: Stored) =>
    state.release?.image.tag === '1.1.0' && new Error('its state has grown over 358400 bytes');

  it('becomes a retry, and the app goes on', async () => {
    const stage = aPoisoned({ save: isOversized });
    await advance(stage.world, web, push('1.1.0'));
    expect(stage.state()?.outbox[0]).toMatchObject({ key: 'inspect:push:1.1.0', attempt: 1 });
    expect(stage.items.get('web')?.lease).toBeUndefined();
    await stage.after(20);
    expect(stage.sentences().some((sentence) => /1\.1\.0.*grown/.test(sentence))).toBe(true);
    await advance(stage.world, web, push('1.2.0'));
    expect(stage.state()?.release?.image.tag).toBe('1.2.0');
  });

  it('is thrown where the table cannot be reached, so that Lambda retries', async () => {
    const outage = new AwsFault('ServiceUnavailable', 'the table cannot be reached', true);
    let saves = 0;
    const stage = aPoisoned({
      save: () => {
        saves += 1;
        return saves > 1 && outage;
      },
    });
    await expect(advance(stage.world, web, push('1.1.0'))).rejects.toBe(outage);
    expect(saves).toBe(2);
  });

  it('is left to the new holder where the lease was lost', async () => {
    const stage = aPoisoned();
    const { store } = stage.world;
    const lose = async (name: string) => {
      const item = stage.items.get(name);
      if (item)
        stage.items.set(name, {
          ...item,
          version: item.version + 1,
          lease: { owner: 'b', until: START + MINUTE },
        });
    };
    const world = {
      ...stage.world,
      performEcs: async (app: typeof web) => {
        await lose(app.name);
        throw new Error('odd image');
      },
    };
    await advance({ ...world, store }, web, push('1.1.0'));
    expect(stage.items.get('web')?.lease?.owner).toBe('b');
    expect(stage.state()?.outbox.every(({ attempt }) => attempt === 0)).toBe(true);
  });
});

describe('an item that an earlier version left behind an oversized label', () => {
  it('goes on once the label is within bounds', async () => {
    const stage = aPoisoned();
    await advance(stage.world, web, { type: 'tick' });
    const item = stage.items.get('web');
    if (!item) throw new Error('nothing was saved');
    const stuck = {
      key: 'inspect:push:1.1.0',
      effect: { kind: 'inspectImage', tag: '1.1.0', trigger: { kind: 'push' }, source: 'event', at: START },
      attempt: 90,
      since: START,
    } as const;
    stage.items.set('web', {
      ...item,
      state: { ...item.state, outbox: [stuck] },
      lease: { owner: 'dead', until: START + MINUTE },
    });
    const labels = { author: 'x'.repeat(395_000), revision: 'y'.repeat(395_000) };
    const world = {
      ...stage.world,
      performEcs: async (...call: Parameters<typeof stage.world.performEcs>) =>
        call[1].kind === 'inspectImage'
          ? ({ kind: 'imageInspected', image: anImage('1.1.0', { labels }), storage: 'ACTIVE' } as const)
          : stage.world.performEcs(...call),
      now: () => START + 3 * MINUTE,
      deadline: () => START + 4 * MINUTE,
    };
    await advance(world, web, { type: 'tick' });
    expect(stage.state()?.release?.image.tag).toBe('1.1.0');
    expect(JSON.stringify(stage.state()).length).toBeLessThan(20_000);
  });
});

describe('what enters the item', () => {
  it('is bounded, whatever its sender', async () => {
    const stage = aPoisoned();
    const long = 'r'.repeat(120_000);
    await operate(stage.world, { command: 'hold', app: 'web', reason: long, who: long }, byHand);
    const { reason = '', by = '' } = stage.state()?.hold ?? {};
    expect(reason.length).toBeLessThan(3_000);
    expect(reason).toMatch(/^r+…$/);
    expect(by.length).toBeLessThan(3_000);
  });

  it('is masked before it is cut, so that no half of a secret is left', async () => {
    const stage = aPoisoned();
    const secret = `ghp_${'a1B2'.repeat(9)}`;
    const reason = `${'r '.repeat(990)} ${secret} ${'s '.repeat(2_000)}`;
    await operate(stage.world, { command: 'hold', app: 'web', reason, who: 'op' }, byHand);
    expect(stage.state()?.hold?.reason).not.toContain('ghp_');
  });
});

describe('pushes while ECR cannot be reached', () => {
  it('are refused where the item has no room for more, so that Lambda retries; what people order is taken', async () => {
    const stage = aPoisoned({ perform: ({ kind }) => kind === 'inspectImage' && new Error('Rate exceeded') });
    const pushes = Array.from({ length: 300 }, (_, number) => `2.0.${number}`);
    const refused: unknown[] = [];
    for (const tag of pushes)
      await advance(stage.world, web, push(tag)).catch((error: unknown) => refused.push(error));
    expect(refused).toHaveLength(100);
    expect(JSON.stringify(stage.state()).length).toBeLessThan(100_000);
    await operate(stage.world, { command: 'hold', app: 'web', reason: 'ECR is down', who: 'op' }, byHand);
    expect(stage.state()?.hold?.by).toBe('op');
  });

  it('are announced together after 15 minutes', async () => {
    const stage = aPoisoned({ perform: ({ kind }) => kind === 'inspectImage' && new Error('Rate exceeded') });
    for (const tag of ['1.1.0', '1.2.0', '1.3.0']) await advance(stage.world, web, push(tag));
    await stage.after(20);
    const stuck = stage.sentences().filter((sentence) => sentence.includes('Rate exceeded'));
    expect(stuck).toHaveLength(1);
    expect(stuck[0]).toContain('2 other effects');
  });
});

describe('an app that fails in several ticks', () => {
  const other = anApp({ name: 'other' });
  const broken = { save: ({ state }: Stored) => state.app === 'web' && new Error('odd item') };

  async function failing() {
    const stage = aPoisoned(broken, [web, other]);
    stage.dueTimes.set('web', START);
    stage.dueTimes.set('other', START);
    return stage;
  }

  it('makes the sweep fail after all others had their turn, so that an alarm rings', async () => {
    const stage = await failing();
    await expect(stage.sweep()).rejects.toThrow('failed for 1 app');
    expect(stage.state('other')?.adoptedAt).toBe(START);
    const failures = stage.logged.filter(({ message }) => message === 'sweep failed for an app');
    expect(failures.map(({ facts }) => facts.app)).toEqual(['web']);
  });

  it('is announced once to those who operate Fairway, and not through its own item', async () => {
    const stage = await failing();
    for (let tick = 0; tick < 2; tick += 1) await expect(stage.sweep()).rejects.toThrow();
    expect(stage.notified).toEqual([]);
    for (let tick = 0; tick < 4; tick += 1) await expect(stage.sweep()).rejects.toThrow();
    expect(stage.notified).toHaveLength(1);
    expect(stage.notified[0]).toMatchObject({ app: 'web', severity: 'failure' });
    expect(stage.notified[0]?.sentence).toMatch(/web.*odd item/);
    expect(stage.state('web')).toBeUndefined();
  });

  it('makes the sweep fail as well where the announcement cannot be sent', async () => {
    const stage = await failing();
    const world = { ...stage.world, notifyOperations: () => Promise.reject(new Error('no topic')) };
    const memory = emptyMemory();
    for (let tick = 0; tick < 4; tick += 1)
      await expect(sweep(world, aRepository([]), memory)).rejects.toThrow('failed for 1 app');
  });
});
