import { expectAllToHold, expectRunsToHold } from './expect.ts';
import { judge } from './judge.ts';
import { deaf, planFor } from './plan.ts';
import { play } from './play.ts';

/** Seeds that are the same each time, like those of `npm test`: these would take it too long. */
const FROM = 20_261_123;

describe(`the whole system under faults, from seed ${FROM}`, () => {
  it('keeps every promise in 40 runs', () => expectRunsToHold(FROM, 40), 300_000);
  it(
    'keeps every promise through the whole SDK, in 5 runs',
    () => expectRunsToHold(FROM, 5, { depth: 'wire' }),
    300_000,
  );
  it(
    'keeps every promise among many operators, in 20 runs',
    () => expectRunsToHold(FROM, 20, { people: 'dense' }),
    300_000,
  );
});

describe('the whole system under faults', () => {
  it.each([
    3, 4, 5, 6, 7, 8, 30_458, 30_851, 31_493, 30_000_712, 30_001_043, 228_923_316, 500_000_440, 500_002_071,
    500_002_325,
  ])(
    'keeps every promise in the run of seed %i',
    async (seed) => {
      await expectAllToHold(await play(planFor(seed)));
    },
    60_000,
  );

  it.each([
    40_000_242, 40_000_947, 194_524_265, 194_524_302, 300_000_550, 300_000_754, 300_000_897, 300_001_460,
    300_003_914, 300_004_165, 600_001_322, 600_001_963,
  ])(
    'keeps every promise among many operators, in the run of seed %i',
    (seed) => expectRunsToHold(seed, 1, { people: 'dense' }),
    60_000,
  );
});

describe('with every event of ECS lost and three pushes in ten', () => {
  it('every promise is kept in 25 runs', async () => {
    for (let seed = 1; seed <= 25; seed += 1) {
      expect([seed, judge(await play(deaf(planFor(seed))))]).toEqual([seed, []]);
    }
  }, 300_000);
});
