import { expectAllToHold } from './expect.ts';
import { planFor } from './plan.ts';
import { play } from './play.ts';

/** Plans in which a tag moves and returns between two listings, and the last event is lost. */
describe('a tag that returns to an earlier image without an event', () => {
  it.each([30_000_854, 30_001_043])(
    'is found: seed %i',
    async (seed) => {
      await expectAllToHold(await play(planFor(seed)));
    },
    60_000,
  );
});

/** Plans in which the last push puts a tag on an older image, and its event is lost. */
describe('a tag that is put on an older image without an event', () => {
  it.each([30055, 30458])(
    'wins, or a person decides: seed %i',
    async (seed) => {
      await expectAllToHold(await play(planFor(seed)));
    },
    60_000,
  );
});
