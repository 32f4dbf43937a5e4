import { judge } from './judge.ts';
import { planFor } from './plan.ts';
import { type Played, play } from './play.ts';
import { shrink } from './shrink.ts';
import { trace } from './trace.ts';

const FIXED = [1, 2, 3, 4, 5, 6, 7, 8];
const FRESH = 100;

/** A violation is told as its shortest story. */
async function expectAllToHold(played: Played): Promise<void> {
  const [first] = judge(played);
  if (!first) return;
  const shortest = await shrink(played.plan, first.invariant);
  throw new Error(
    `seed ${played.plan.seed}, ${first.invariant}: ${first.sentence}\n${trace(shortest.played)}\nPlay it again: npm run simulate -- --seed ${played.plan.seed} --shrink`,
  );
}

describe('the whole system under faults', () => {
  it.each(FIXED)(
    'keeps every promise in the run of seed %i',
    async (seed) => {
      await expectAllToHold(await play(planFor(seed)));
    },
    60_000,
  );

  const from = Math.floor(Date.now() / 1000) % 1_000_000_000;
  it(`keeps every promise in ${FRESH} fresh runs from seed ${from}`, async () => {
    for (let seed = from; seed < from + FRESH; seed += 1) await expectAllToHold(await play(planFor(seed)));
  }, 600_000);

  it('keeps every promise through the whole SDK, in 15 runs', async () => {
    for (let seed = from; seed < from + 15; seed += 1) {
      const played = await play(planFor(seed), {}, 'wire');
      expect([seed, judge(played)]).toEqual([seed, []]);
    }
  }, 120_000);

  it('is a pure function of the seed', async () => {
    const [first, second] = [await play(planFor(7)), await play(planFor(7))];
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
