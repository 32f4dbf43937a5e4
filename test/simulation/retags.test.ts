import { expectAllToHold, expectRunsToHold } from './expect.ts';
import { act } from './people.ts';
import { planFor } from './plan.ts';
import { play } from './play.ts';
import type { Push } from './script.ts';
import { createWorld } from './world.ts';

/** Plans in which a tag moves and returns between two listings, and the last event is lost. */
describe('a tag that returns to an earlier image without an event', () => {
  it.each([30_000_854])(
    'is found: seed %i',
    async (seed) => {
      await expectAllToHold(await play(planFor(seed)));
    },
    60_000,
  );
});

/** Plans in which the last push puts a tag on an older image, and its event is lost. */
describe('a tag that is put on an older image without an event', () => {
  it.each([30055])(
    'wins, or a person decides: seed %i',
    async (seed) => {
      await expectAllToHold(await play(planFor(seed)));
    },
    60_000,
  );
});

describe('an image that is pushed again under the tag that it has', () => {
  const push = (content: string): Push => ({
    repository: 'web-app',
    tag: '1.1.0',
    content,
    platforms: ['linux/arm64'],
    fate: { service: 'good', task: 'good' },
  });

  it('is no further push: ECR has it already', () => {
    const world = createWorld(planFor(1));
    for (const content of ['one', 'one', 'two', 'one']) act(world, { at: 0, kind: 'push', ...push(content) });
    expect(world.history.pushes.map(({ content }) => content)).toEqual(['one', 'two', 'one']);
  });

  it(
    'stays an image from before Fairway: seed 600000639',
    () => expectRunsToHold(600_000_639, 1, { people: 'dense' }),
    60_000,
  );
});
