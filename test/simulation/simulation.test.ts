import { expectAllToHold, expectRunsToHold } from './expect.ts';
import { planFor } from './plan.ts';
import { play } from './play.ts';
import { trace } from './trace.ts';

const FIXED = [1, 2];
/** Three requests of operators after each push: runs that have found faults. */
const DENSE = [1_084, 40_000_190];
/** Through the SDK a run takes four times as long. */
const THROUGH_THE_SDK = 10;

const runs = new Map<number, ReturnType<typeof play>>();

/** One run of a seed for all tests that need one: a run takes seconds. */
function played(seed: number): ReturnType<typeof play> {
  const run = runs.get(seed) ?? play(planFor(seed));
  runs.set(seed, run);
  return run;
}

describe('the whole system under faults', () => {
  it.each(FIXED)(
    'keeps every promise in the run of seed %i',
    async (seed) => {
      await expectAllToHold(await played(seed));
    },
    60_000,
  );

  it.each(DENSE)(
    'keeps every promise among many operators, in the run of seed %i',
    (seed) => expectRunsToHold(seed, 1, { people: 'dense' }),
    60_000,
  );

  it(
    `keeps every promise through the whole SDK, in the run of seed ${THROUGH_THE_SDK}`,
    () => expectRunsToHold(THROUGH_THE_SDK, 1, { depth: 'wire' }),
    60_000,
  );

  it('is a pure function of the seed', async () => {
    const [first, second] = [await played(1), await play(planFor(1))];
    expect(trace(second)).toBe(trace(first));
    expect(JSON.stringify(second.world.table.items().map(withoutWriter))).toBe(
      JSON.stringify(first.world.table.items().map(withoutWriter)),
    );
  }, 60_000);
});

/** Which writer wrote an item is random on purpose, and nothing depends on it. */
function withoutWriter({ writer: _, ...item }: Readonly<Record<string, unknown>>) {
  return item;
}
