import type { JsonObject } from '../../local/contract.ts';
import type { App } from '../../shared/domain/app.ts';
import { CALM, planFor } from './plan.ts';
import { play, statesOf } from './play.ts';
import type { Plan } from './script.ts';

const MINUTE = 60_000;
const both = { minimumHealthyPercent: 100, maximumPercent: 200 };

/** One good push in good weather, of one service without release tasks, deployed like this. */
function oneRelease(configuration: JsonObject | undefined): Plan {
  const drawn = planFor(1);
  const [app] = drawn.configuration.apps;
  if (!app) throw new Error('a plan has an app');
  const image = { repository: 'web-app', tags: { kind: 'semver', range: '>=1.0.0' }, ignore: [] } as const;
  const only: App = {
    ...app,
    image,
    services: app.services.slice(0, 1),
    before: [],
    after: [],
    tasks: [],
    baseRevision: 'live',
  };
  const { rateShare: _, ...plan } = drawn;
  const fate = { service: 'good', task: 'good' } as const;
  const pushed = { repository: 'web-app', tag: '1.1.0', content: 'b', platforms: ['linux/amd64'], fate };
  return {
    ...plan,
    configuration: { ...drawn.configuration, apps: [only] },
    weather: CALM,
    outages: [],
    calmAt: 60 * MINUTE,
    actions: [{ at: MINUTE, kind: 'push', ...pushed }],
    ...(configuration && {
      strategies: {
        configurations: { [only.services[0]?.name ?? '']: { ...both, ...configuration } },
        disputed: {},
      },
    }),
  };
}

/** What was looked up once, when the app was seen for the first time. */
const AT_FIRST_SIGHT = ['DescribeServices', 'DescribeTaskDefinition', 'DescribeServiceRevisions'];

/** How often the functions called ECS for the release. */
async function callsOf(configuration: JsonObject | undefined): Promise<number> {
  const { world } = await play(oneRelease(configuration));
  expect(statesOf(world)[0]?.live?.tag).toBe('1.1.0');
  const ofEcs = [...world.history.calls].filter(([name]) => name.startsWith('ecs:'));
  return ofEcs.reduce((total, [, count]) => total + count, 0) - AT_FIRST_SIGHT.length;
}

/** The figures of docs/costs.md. */
describe('a good release of one service', () => {
  it.each<[string, JsonObject | undefined, number]>([
    ['ROLLING', undefined, 5],
    ['BLUE_GREEN, 5 min of bake', { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 5 }, 13],
    [
      'CANARY, 5 + 5 min',
      {
        strategy: 'CANARY',
        bakeTimeInMinutes: 5,
        canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 5 },
      },
      15,
    ],
    [
      'LINEAR, two steps and a bake of 5 min',
      {
        strategy: 'LINEAR',
        bakeTimeInMinutes: 5,
        linearConfiguration: { stepPercent: 50, stepBakeTimeInMinutes: 5 },
      },
      15,
    ],
  ])('of the strategy %s takes few calls to ECS', async (_, configuration, calls) => {
    expect(await callsOf(configuration)).toBe(calls);
  });
});
