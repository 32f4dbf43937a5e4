import { advance } from '../shared/advance.ts';
import type { App } from '../shared/domain/app.ts';
import { OVERDUE_MESSAGE } from '../shared/domain/listing.ts';
import type { AppState, PendingEffect } from '../shared/domain/state.ts';
import type { LedgerEntry } from '../shared/domain/summaries.ts';
import { AwsFault, type Images, type TaggedImage } from '../shared/ports.ts';
import { emptyMemory, type SweepMemory, sweep } from '../shared/sweep.ts';
import { anApp, digestOf, MINUTE, START } from './builders.ts';
import { aPerformer, aStore, aWorld } from './fakes.ts';

const SECOND = 1_000;

interface Answers {
  /** How long one page takes, milliseconds. */
  readonly takes?: number;
  readonly refuses?: Readonly<Record<string, Error>>;
  /** Images on one page. */
  readonly page?: number;
}

/** Repositories whose listing takes time, and a sweep that comes every minute, with the time of an invocation each. */
function aFleet(apps: readonly App[], answers: Answers = {}) {
  const { takes = 0, refuses = {}, page = 1000 } = answers;
  const kept = aStore();
  const performer = aPerformer({
    inspectImage: (effect) => {
      if (effect.kind !== 'inspectImage') throw new Error('not an image');
      const tag = effect.tag ?? '';
      if (deleted.has(tag)) return { kind: 'imageMissing', reason: `there is no tag ${tag} any more` };
      const repository = apps.find(({ name }) => tag.startsWith(name))?.image.repository ?? 'web-app';
      const found = tagged.get(repository)?.find((image) => image.tag === tag);
      const digest = found?.digest ?? digestOf(tag);
      const pushedAt = found?.pushedAt ?? START;
      const image = { repository, tag, digest, pushedAt, platforms: [], labels: {} };
      return { kind: 'imageInspected', image, storage: 'ACTIVE' };
    },
  });
  const tagged = new Map<string, readonly TaggedImage[]>();
  /** Tags that look-ups do not find, also where a listing still shows them. */
  const deleted = new Set<string>();
  const calls: { repository: string; next?: string | undefined; at: number }[] = [];
  const logged: { message: string; facts: Readonly<Record<string, unknown>> }[] = [];
  const told: string[] = [];
  let elapsed = 0;
  let began = 0;
  let used = 0;
  let memory: SweepMemory = emptyMemory();
  const images: Images = {
    inspect: async () => undefined,
    async tagged({ repository }, next) {
      calls.push({ repository, next, at: elapsed });
      used += takes;
      // Eight are listed at a time.
      elapsed = began + Math.floor(used / 8);
      if (elapsed - began > 59 * SECOND)
        throw new AwsFault('AbortError', 'ecr:DescribeImages: Request aborted', true);
      const error = refuses[repository];
      if (error) throw error;
      const all = tagged.get(repository) ?? [];
      const from = Number(next ?? 0);
      const more = from + page < all.length ? { next: String(from + page) } : {};
      return { images: all.slice(from, from + page), ...more };
    },
  };
  const fleet = {
    ...kept,
    calls,
    deleted,
    logged,
    told,
    performed: performer.performed,
    state: (app = 'web'): AppState | undefined => kept.items.get(app)?.state,
    /** What the app runs, or will. */
    headsFor(app = 'web') {
      const { waiting, release, live } = kept.items.get(app)?.state ?? {};
      return waiting?.image ?? release?.image ?? live;
    },
    entry: (tag: string, digest = digestOf(tag), app = 'web') => kept.ledger.get(`${app}/${tag}@${digest}`),
    has(repository: string, ...list: readonly TaggedImage[]) {
      tagged.set(repository, list);
    },
    /** The event of a push comes, some seconds after the last tick. */
    async hears(tag: string, digest: string, app = apps[0] ?? anApp()) {
      elapsed += 20 * SECOND;
      const { world } = aWorld({ apps, store: kept.store, perform: performer.perform, at: () => elapsed });
      const at = START + elapsed;
      await advance(world, app, { type: 'imagePushed', tag, digest, at, source: 'event' });
    },
    async holds(app: App) {
      const { world } = aWorld({ apps, store: kept.store, perform: performer.perform, at: () => elapsed });
      const request = { command: 'hold', app: app.name, who: 'ann', reason: 'a freeze' } as const;
      await advance(world, app, { type: 'operator', request });
    },
    /** The entry is not in the ledger yet, and is written only in an hour. */
    owes(entry: LedgerEntry | undefined) {
      const stored = kept.items.get('web');
      if (!entry || !stored) throw new Error('there is no such entry');
      kept.ledger.delete(`web/${entry.tag}@${entry.digest}`);
      const later = START + elapsed + 60 * MINUTE;
      const owed: PendingEffect = {
        key: `push:${entry.tag}@${entry.digest}`,
        effect: { kind: 'recordPush', entry, overwrite: false },
        attempt: 0,
        since: later,
        notBefore: later,
      };
      const outbox = [...stored.state.outbox, owed];
      kept.items.set('web', { ...stored, state: { ...stored.state, outbox } });
    },
    /** A new instance of the function. */
    renew() {
      memory = emptyMemory();
    },
    /** One tick of the sweep, at the next full minute. */
    async tick(change: (world: ReturnType<typeof aWorld>['world']) => object = () => ({})) {
      elapsed = Math.ceil((elapsed + 1) / MINUTE) * MINUTE;
      began = elapsed;
      used = 0;
      const made = aWorld({
        apps,
        store: kept.store,
        perform: performer.perform,
        owner: `sweep-${elapsed}`,
        at: () => elapsed,
        budget: 59 * SECOND,
      });
      await sweep({ ...made.world, ...change(made.world) }, images, memory);
      logged.push(...made.logged);
      told.push(
        ...made.told.flatMap(({ announcement }) =>
          'sentence' in announcement ? [String(announcement.sentence)] : [],
        ),
      );
    },
    async ticks(count: number) {
      for (let tick = 0; tick < count; tick += 1) await fleet.tick();
    },
  };
  return fleet;
}

function apps(count: number): App[] {
  return Array.from({ length: count }, (_, index) =>
    anApp({
      name: `app${index}`,
      image: {
        repository: `repo${index}`,
        tags: { kind: 'newest', match: { glob: '*' } },
        ignore: [],
      },
      services: [{ name: `s${index}`, wave: 1, family: 'f', containers: [] }],
    }),
  );
}

const image = (tag: string, pushedAt: number, digest = digestOf(tag)): TaggedImage => ({
  tag,
  digest,
  pushedAt,
});

describe('the sweep, with more repositories than one invocation can list', () => {
  it.each([
    ['1 s', SECOND, 500],
    ['3 s', 3 * SECOND, 500],
  ])('lists each of them every half hour when one takes %s', async (_, takes, count) => {
    const fleet = aFleet(apps(count), { takes });
    await fleet.ticks(31);
    const times = apps(count).map(({ image: { repository } }) =>
      fleet.calls.filter((call) => call.repository === repository).map(({ at }) => at),
    );
    expect(Math.max(...times.map(([first = Number.POSITIVE_INFINITY]) => first))).toBeLessThan(30 * MINUTE);
    expect(Math.min(...times.map(({ length }) => length))).toBeGreaterThanOrEqual(3);
    expect(fleet.logged.filter(({ message }) => message === OVERDUE_MESSAGE)).toEqual([]);
  });

  it('ends before the invocation does', async () => {
    const fleet = aFleet(apps(500), { takes: SECOND });
    await fleet.ticks(10);
    expect(fleet.logged.filter(({ message }) => message.includes('could not'))).toEqual([]);
  });

  it('begins with those that wait longest, also as a new instance', async () => {
    const fleet = aFleet(apps(500), { takes: 3 * SECOND });
    await fleet.tick();
    const first = new Set(fleet.calls.map(({ repository }) => repository));
    fleet.calls.length = 0;
    fleet.renew();
    await fleet.tick();
    expect(fleet.calls.length).toBeGreaterThan(50);
    expect(fleet.calls.filter(({ repository }) => first.has(repository))).toEqual([]);
  });

  it('does not list all of them more often because one is gone', async () => {
    const gone = new AwsFault('RepositoryNotFoundException', 'ecr:DescribeImages: it does not exist', false);
    const fleet = aFleet(apps(3), { refuses: { repo1: gone } });
    await fleet.ticks(10);
    const count = (name: string) => fleet.calls.filter(({ repository }) => repository === name).length;
    expect(['repo0', 'repo1', 'repo2'].map(count)).toEqual([2, 2, 2]);
  });

  it('tries a listing that was throttled again with the next tick', async () => {
    const busy = new AwsFault('ThrottlingException', 'ecr:DescribeImages: Rate exceeded', true);
    const fleet = aFleet(apps(1), { refuses: { repo0: busy } });
    await fleet.ticks(3);
    expect(fleet.calls).toHaveLength(3);
  });
});

describe('a listing that takes longer than an invocation', () => {
  const many = Array.from({ length: 200 }, (_, index) => image(`v${index}`, START - MINUTE));

  it('is continued where it was left, and done in time', async () => {
    const fleet = aFleet([anApp()], { takes: 40 * SECOND, page: 10 });
    fleet.has('web-app', ...many);
    await fleet.ticks(20);
    const pages = fleet.calls.slice(0, 20).map(({ next }) => next);
    expect(pages).toEqual([undefined, ...Array.from({ length: 19 }, (_, page) => String((page + 1) * 10))]);
    expect(fleet.entry('v0')).toBeDefined();
    expect(fleet.entry('v199')).toBeDefined();
  });

  it('does not keep others from their turn', async () => {
    const others = apps(20);
    const fleet = aFleet([anApp(), ...others], { takes: 40 * SECOND, page: 1 });
    fleet.has('web-app', ...many);
    await fleet.ticks(10);
    const listed = new Set(fleet.calls.map(({ repository }) => repository));
    expect(listed.size).toBe(21);
  });

  it('begins again when ECR does not take the token any more', async () => {
    const refuses: Record<string, Error> = {};
    const fleet = aFleet([anApp()], { takes: 200 * SECOND, page: 10, refuses });
    fleet.has('web-app', ...many);
    await fleet.tick();
    refuses['web-app'] = new AwsFault('InvalidParameterException', 'ecr:DescribeImages: nextToken', false);
    await fleet.tick();
    delete refuses['web-app'];
    fleet.calls.length = 0;
    await fleet.ticks(6);
    expect(fleet.calls[0]).toMatchObject({ next: undefined });
  });
});

describe('the first listing of a repository with more images than an invocation can process', () => {
  const early = Array.from({ length: 30 }, (_, index) => image(`${index + 2}.0.0`, START - MINUTE));

  it('goes on where it was left, and releases none of them', async () => {
    const fleet = aFleet([anApp()]);
    fleet.has('web-app', ...early);
    let time = 0;
    // Each entry of the ledger takes ten seconds.
    const slow = (world: ReturnType<typeof aWorld>['world']) => {
      const offset = time;
      const now = () => world.now() + time - offset;
      const recordPush: typeof world.store.recordPush = async (entry, overwrite) => {
        time += 10 * SECOND;
        await world.store.recordPush(entry, overwrite);
      };
      return { now, store: { ...world.store, recordPush } };
    };
    for (let tick = 0; tick < 20; tick += 1) await fleet.tick(slow);
    expect([...fleet.ledger.values()].map(({ outcome }) => outcome)).toEqual(early.map(() => 'ignored'));
    expect(fleet.state()?.lastNumber).toBe(0);
    expect(fleet.known.get('web')).toMatchObject({ names: { size: 30 } });
    expect(fleet.known.get('web')).not.toHaveProperty('partial');
  });
});

describe('a listing that fails', () => {
  const denied = new AwsFault(
    'AccessDeniedException',
    'ecr:DescribeImages: not authorized to perform: ecr:DescribeImages',
    false,
  );

  it('is announced once after 15 minutes, to each app, with what to do', async () => {
    const fleet = aFleet(apps(2), { refuses: { repo0: denied } });
    await fleet.ticks(15);
    expect(fleet.told).toEqual([]);
    await fleet.ticks(20);
    expect(fleet.told).toEqual([
      expect.stringMatching(/for 1\d min to list the images of repo0 for app0.*no permission for ecr:Desc/),
    ]);
  });

  it('is announced again when it fails again later', async () => {
    const refuses: Record<string, Error> = { repo0: denied };
    const fleet = aFleet(apps(1), { refuses });
    await fleet.ticks(25);
    delete refuses.repo0;
    await fleet.ticks(10);
    refuses.repo0 = denied;
    await fleet.ticks(25);
    expect(fleet.told).toHaveLength(2);
  });

  it('rings the alarm after 30 minutes: one line of the log, whatever the number of apps', async () => {
    const refuses = Object.fromEntries(apps(50).map(({ image: { repository } }) => [repository, denied]));
    const fleet = aFleet(apps(50), { refuses });
    await fleet.ticks(29);
    expect(fleet.logged.filter(({ message }) => message === OVERDUE_MESSAGE)).toEqual([]);
    fleet.logged.length = 0;
    await fleet.ticks(5);
    const overdue = fleet.logged.filter(({ message }) => message === OVERDUE_MESSAGE);
    expect(overdue.length).toBeGreaterThan(2);
    expect(overdue[0]?.facts.apps).toHaveLength(50);
    const failed = fleet.logged.filter(({ message }) => message.includes('failed to look for lost pushes'));
    expect(failed.length).toBeLessThanOrEqual(2);
  });
});

describe('a tag whose event was lost, under a policy by time', () => {
  const app = anApp({
    image: { repository: 'web-app', tags: { kind: 'newest', match: { glob: 'prod-*' } }, ignore: [] },
  });
  const [a, b] = [digestOf('a'), digestOf('b')];

  /** 1.0.0 runs; image a is older than image b, and prod-1 on b is live. */
  async function started() {
    const fleet = aFleet([app]);
    const listed = [image('sha-a', START - 2 * MINUTE, a), image('sha-b', START - MINUTE, b)];
    fleet.has('web-app', ...listed);
    await fleet.ticks(6);
    fleet.has('web-app', ...listed, image('prod-1', START - MINUTE, b));
    await fleet.ticks(6);
    expect(fleet.headsFor()).toMatchObject({ tag: 'prod-1', digest: b });
    return { fleet, listed: [...listed, image('prod-1', START - MINUTE, b)] };
  }

  it('is released on an image that is older than what is live', async () => {
    const { fleet, listed } = await started();
    fleet.has('web-app', ...listed, image('prod-2', START - 2 * MINUTE, a));
    await fleet.ticks(6);
    expect(fleet.headsFor()).toMatchObject({ tag: 'prod-2', digest: a });
    expect(fleet.told).toEqual([]);
  });

  it('is released although a push was heard since the last listing, once a minute has passed', async () => {
    const { fleet, listed } = await started();
    await fleet.tick();
    const two = image('prod-2', START - MINUTE, digestOf('two'));
    fleet.has('web-app', ...listed, two);
    await fleet.hears('prod-2', two.digest);
    await fleet.tick();
    fleet.has('web-app', ...listed, two, image('prod-3', START - 2 * MINUTE, a));
    await fleet.ticks(6);
    expect(fleet.headsFor()).toMatchObject({ tag: 'prod-3', digest: a });
    expect(fleet.told).toEqual([]);
  });

  it('is looked for once its event had time to arrive', async () => {
    const { fleet, listed } = await started();
    fleet.has('web-app', ...listed, image('prod-2', START + 17 * MINUTE - 3 * SECOND, digestOf('two')));
    await fleet.ticks(5);
    const found = () => fleet.logged.filter(({ message }) => message.startsWith('a push was found')).length;
    const before = found();
    expect(fleet.headsFor()).toMatchObject({ tag: 'prod-1' });
    await fleet.tick();
    expect(found()).toBe(before + 1);
    expect(fleet.headsFor()).toMatchObject({ tag: 'prod-2' });
  });

  it('is left to a person when a push is heard between two listings', async () => {
    const { fleet, listed } = await started();
    await fleet.tick();
    const two = image('prod-2', START - MINUTE, digestOf('two'));
    await fleet.hears('prod-2', two.digest);
    fleet.has('web-app', ...listed, two, image('prod-3', START - 2 * MINUTE, a));
    await fleet.ticks(6);
    expect(fleet.headsFor()).toMatchObject({ tag: 'prod-2' });
    expect(fleet.told).toEqual([expect.stringMatching(/prod-3 was not released to web/)]);
  });

  it('is left to a person when another one was found at the same time, on a newer image', async () => {
    const { fleet, listed } = await started();
    const c = image('prod-3', START + 13 * MINUTE);
    fleet.has('web-app', ...listed, image('prod-2', START - 2 * MINUTE, a), c);
    await fleet.ticks(6);
    expect(fleet.headsFor()).toMatchObject({ tag: 'prod-3' });
    expect(fleet.entry('prod-2', a)).toMatchObject({
      outcome: 'ignored',
      reason: expect.stringMatching(/newer or older than prod-3.*fairway deploy web prod-2/),
    });
    expect(fleet.told).toEqual([expect.stringMatching(/prod-2 was not released to web/)]);
  });

  it('is left to a person when a newer image was given another tag at the same time', async () => {
    const { fleet, listed } = await started();
    const digest = digestOf('prod-2');
    const two = image('prod-2', START - MINUTE, digest);
    fleet.has('web-app', ...listed, two);
    await fleet.tick();
    await fleet.hears('prod-2', digest);
    await fleet.tick();
    const tags = [image('prod-3', START - MINUTE, digest), image('prod-4', START - 2 * MINUTE, a)];
    fleet.has('web-app', ...listed, two, ...tags);
    await fleet.ticks(6);
    expect(fleet.headsFor()).toMatchObject({ newestTag: 'prod-3', digest });
    expect(fleet.told).toEqual([expect.stringMatching(/prod-4 was not released to web/)]);
  });

  it('is superseded in silence when its image, under no other tag, is the older one', async () => {
    const { fleet, listed } = await started();
    const last = START + (fleet.calls.at(-1)?.at ?? 0);
    const two = [image('prod-2', last + 2 * MINUTE), image('prod-3', last + 3 * MINUTE)];
    fleet.has('web-app', ...listed, ...two);
    await fleet.ticks(6);
    expect(fleet.headsFor()).toMatchObject({ tag: 'prod-3' });
    expect(fleet.entry('prod-2')).toMatchObject({ outcome: 'superseded' });
    expect(fleet.told).toEqual([]);
  });

  it('is released when it points back at an image it pointed at before', async () => {
    const versions = anApp({ image: { ...app.image, tags: { kind: 'semver', range: '>=1.0.0' } } });
    const fleet = aFleet([versions]);
    fleet.has('web-app', image('1.2.0', START - MINUTE, a));
    await fleet.ticks(6);
    fleet.has('web-app', image('1.2.0', START + 5 * MINUTE, b));
    await fleet.ticks(6);
    expect(fleet.headsFor()).toMatchObject({ tag: '1.2.0', digest: b });
    fleet.has('web-app', image('1.2.0', START - MINUTE, a));
    await fleet.ticks(6);
    expect(fleet.headsFor()).toMatchObject({ tag: '1.2.0', digest: a });
  });

  it('is forgotten when it is deleted', async () => {
    const { fleet, listed } = await started();
    const entries = fleet.known.get('web')?.names.size;
    fleet.has('web-app', ...listed.slice(1));
    await fleet.ticks(6);
    expect(fleet.known.get('web')?.names.size).toBe((entries ?? 0) - 1);
  });

  it('is no push where ECR only shows an image again that the ledger has', async () => {
    const { fleet, listed } = await started();
    const old = image('prod-0', START - 9 * MINUTE);
    fleet.has('web-app', ...listed, old);
    await fleet.ticks(6);
    const before = fleet.entry('prod-0');
    expect(before).toBeDefined();
    fleet.has('web-app', ...listed);
    await fleet.ticks(6);
    fleet.logged.length = 0;
    fleet.has('web-app', ...listed, old);
    await fleet.ticks(6);
    expect(fleet.logged.filter(({ message }) => message.includes('event was lost'))).toEqual([]);
  });

  it('is no push where the ledger is still to be written', async () => {
    const { fleet, listed } = await started();
    const two = image('prod-2', START + 12 * MINUTE, digestOf('two'));
    fleet.has('web-app', ...listed, two);
    await fleet.hears('prod-2', two.digest);
    fleet.owes(fleet.entry('prod-2', two.digest));
    fleet.logged.length = 0;
    await fleet.ticks(6);
    expect(fleet.logged.filter(({ message }) => message.includes('event was lost'))).toEqual([]);
    expect(fleet.headsFor()).toMatchObject({ tag: 'prod-2' });
  });

  it('is no push where ECR shows a hundred old images that it left out before', async () => {
    const { fleet, listed } = await started();
    const old = Array.from({ length: 100 }, (_, index) => image(`prod-0.${index}`, START - 9 * MINUTE));
    fleet.has('web-app', ...listed, ...old);
    await fleet.ticks(6);
    expect(fleet.headsFor()).toMatchObject({ tag: 'prod-1' });
    expect(fleet.told).toEqual([]);
    expect(fleet.entry('prod-0.0')).toMatchObject({ outcome: 'superseded' });
  });

  it('is of no consequence when the app follows another repository from now on', async () => {
    const { fleet } = await started();
    const moved = anApp({ image: { ...app.image, repository: 'other' } });
    fleet.has('other', image('prod-7', START - MINUTE), image('prod-8', START - 2 * MINUTE));
    const change = (world: ReturnType<typeof aWorld>['world']) => ({
      configuration: { ...world.configuration, apps: [moved] },
    });
    for (let tick = 0; tick < 6; tick += 1) await fleet.tick(change);
    expect(fleet.entry('prod-7')).toMatchObject({ outcome: 'ignored' });
    expect(fleet.headsFor()).toMatchObject({ tag: 'prod-1' });
  });
});

describe('a tag that returns to an earlier image between two listings, without an event', () => {
  const [a, b, c] = [digestOf('a'), digestOf('b'), digestOf('c')];
  const policies: readonly [string, App['image']['tags']][] = [
    ['semver', { kind: 'semver', range: '>=1.0.0' }],
    ['newest', { kind: 'newest', match: { glob: '*' } }],
    ['digest', { kind: 'digest', tag: '1.2.0' }],
  ];

  /** A listing has shown 1.2.0 on image a, which is live. */
  async function started(tags: App['image']['tags']) {
    const app = anApp({ image: { repository: 'web-app', tags, ignore: [] } });
    const fleet = aFleet([app]);
    fleet.has('web-app', image('1.1.0', START - 9 * MINUTE, c));
    await fleet.ticks(6);
    const moveTo = (digest: string, pushedAt = START + 5 * MINUTE) =>
      fleet.has('web-app', image('1.1.0', START - 9 * MINUTE, c), image('1.2.0', pushedAt, digest));
    moveTo(a);
    await fleet.ticks(12);
    expect(fleet.state()).toMatchObject({ live: { tag: '1.2.0', digest: a } });
    expect(fleet.state()?.release).toBeUndefined();
    const now = () => START + (fleet.calls.at(-1)?.at ?? 0);
    return { fleet, app, moveTo, now };
  }

  it.each(policies)('is released again under the policy %s', async (_, tags) => {
    const { fleet, moveTo, now } = await started(tags);
    moveTo(b, now() + MINUTE);
    await fleet.hears('1.2.0', b);
    expect(fleet.headsFor()).toMatchObject({ digest: b });
    moveTo(a);
    await fleet.ticks(6);
    expect(fleet.headsFor()).toMatchObject({ tag: '1.2.0', digest: a });
    expect(fleet.told).toEqual([]);
  });

  it.each(policies)('is released again under %s when no listing has shown either image', async (_, tags) => {
    const { fleet, moveTo, now } = await started(tags);
    const d = digestOf('d');
    moveTo(d, now() + 10_000);
    await fleet.hears('1.2.0', d);
    moveTo(b, now() + 20_000);
    await fleet.hears('1.2.0', b);
    expect(fleet.headsFor()).toMatchObject({ digest: b });
    moveTo(d, now() + 10_000);
    await fleet.ticks(6);
    expect(fleet.headsFor()).toMatchObject({ tag: '1.2.0', digest: d });
    expect(fleet.told).toEqual([]);
  });

  it.each(policies)('is released under %s where it was deleted before it was looked up', async (_, tags) => {
    const { fleet, moveTo, now } = await started(tags);
    fleet.deleted.add('1.2.0');
    moveTo(b, now() + MINUTE);
    await fleet.ticks(6);
    expect(fleet.headsFor()).toMatchObject({ digest: a });
    fleet.deleted.clear();
    await fleet.ticks(6);
    expect(fleet.headsFor()).toMatchObject({ tag: '1.2.0', digest: b });
    expect(fleet.told).toEqual([]);
  });

  it('is processed once, not with every listing', async () => {
    const { fleet, moveTo, now } = await started({ kind: 'semver', range: '>=1.0.0' });
    moveTo(b, now() + MINUTE);
    await fleet.hears('1.2.0', b);
    moveTo(a);
    await fleet.ticks(6);
    fleet.logged.length = 0;
    await fleet.ticks(18);
    expect(fleet.logged.filter(({ message }) => message.includes('event was lost'))).toEqual([]);
  });

  it('is no push where the event of the other image arrives after the return', async () => {
    const { fleet, moveTo } = await started({ kind: 'digest', tag: '1.2.0' });
    const release = fleet.state()?.lastNumber;
    await fleet.hears('1.2.0', b);
    fleet.logged.length = 0;
    moveTo(a);
    await fleet.ticks(6);
    expect(fleet.state()?.lastNumber).toBe(release);
    expect(fleet.logged.filter(({ message }) => message.includes('event was lost'))).toEqual([]);
  });

  it('is not taken from a push that another repository had under the same tag', async () => {
    const { fleet, app, moveTo, now } = await started({ kind: 'semver', range: '>=1.0.0' });
    moveTo(b, now() + MINUTE);
    await fleet.hears('1.2.0', b);
    const moved = anApp({ image: { ...app.image, repository: 'other' } });
    fleet.has('other', image('1.2.0', START - MINUTE, a));
    const change = (world: ReturnType<typeof aWorld>['world']) => ({
      configuration: { ...world.configuration, apps: [moved] },
    });
    for (let tick = 0; tick < 12; tick += 1) await fleet.tick(change);
    expect(fleet.headsFor()).toMatchObject({ digest: b });
  });

  it('waits while the app is held', async () => {
    const { fleet, app, moveTo, now } = await started({ kind: 'digest', tag: '1.2.0' });
    moveTo(b, now() + MINUTE);
    await fleet.hears('1.2.0', b);
    await fleet.holds(app);
    moveTo(a);
    await fleet.ticks(12);
    expect(fleet.state()?.live).toMatchObject({ digest: b });
    expect(fleet.state()?.waiting?.image).toMatchObject({ digest: a });
  });

  it.each(policies)('leaves nothing to wait where its image is live under the policy %s', async (_, tags) => {
    const { fleet, app, moveTo, now } = await started(tags);
    await fleet.holds(app);
    moveTo(b, now() + MINUTE);
    await fleet.hears('1.2.0', b);
    expect(fleet.state()?.waiting?.image).toMatchObject({ digest: b });
    moveTo(a);
    await fleet.ticks(6);
    expect(fleet.state()?.waiting).toBeUndefined();
    expect(fleet.entry('1.2.0', b)).toMatchObject({
      outcome: 'superseded',
      reason: expect.stringMatching(/1\.2\.0 points to another image/),
    });
  });
});
