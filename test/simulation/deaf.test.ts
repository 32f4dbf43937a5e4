import type { App } from '../../shared/domain/app.ts';
import { judge } from './judge.ts';
import { CALM, deaf, planFor } from './plan.ts';
import { play, statesOf } from './play.ts';
import type { Plan } from './script.ts';

const MINUTE = 60_000;
const SEEDS = [1, 2];

describe('with every event of ECS lost and three pushes in ten', () => {
  it.each(SEEDS.slice(0, 1))(
    'every promise is kept in the run of seed %i',
    async (seed) => {
      expect(judge(await play(deaf(planFor(seed))))).toEqual([]);
    },
    60_000,
  );
});

describe('a release of which nothing at all is heard', () => {
  it.each(SEEDS)(
    'costs no more calls than any other (installation of seed %i)',
    async (seed) => {
      const hearing = oneRelease(seed);
      const nothing = { ...CALM, dropPush: 1, dropEcs: 1 };
      const unheard: Plan = { ...hearing, weather: nothing, afterwards: nothing };
      const idle = await callsOf({ ...hearing, actions: [] });
      const heardCalls = (await callsOf(hearing)) - idle;
      const unheardCalls = (await callsOf(unheard)) - idle;
      expect(heardCalls).toBeGreaterThan(20);
      expect(unheardCalls).toBeLessThanOrEqual(heardCalls);
    },
    60_000,
  );
});

/** One good push in good weather, of an installation drawn from the seed. */
function oneRelease(seed: number): Plan {
  const drawn = planFor(seed);
  const [drawnApp] = drawn.configuration.apps;
  if (!drawnApp) throw new Error('a plan has an app');
  const source = { repository: 'web-app', tags: { kind: 'semver', range: '>=1.0.0' }, ignore: [] } as const;
  const app: App = { ...drawnApp, image: source, after: [] };
  const fate = { service: 'good', task: 'good' } as const;
  const image = { repository: 'web-app', tag: '1.1.0', content: 'b', platforms: ['linux/amd64'], fate };
  return {
    ...drawn,
    configuration: { ...drawn.configuration, apps: [app] },
    weather: CALM,
    outages: [],
    calmAt: 40 * MINUTE,
    actions: [{ at: MINUTE, kind: 'push', ...image }],
  };
}

/** Calls of all functions; where something was pushed, it must be live in the end. */
async function callsOf(plan: Plan): Promise<number> {
  const { world } = await play(plan);
  const tag = statesOf(world)[0]?.live?.tag;
  expect(tag).toBe(plan.actions.length > 0 ? '1.1.0' : '1.0.0');
  return [...world.history.calls.values()].reduce((total, calls) => total + calls, 0);
}
