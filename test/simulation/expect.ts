import { judge } from './judge.ts';
import { type People, planFor } from './plan.ts';
import { type Depth, type Played, play } from './play.ts';
import { shrink } from './shrink.ts';
import { trace } from './trace.ts';

/** Throws the shortest story of a violation. */
export async function expectAllToHold(played: Played, people: People = 'usual'): Promise<void> {
  const [first] = judge(played);
  if (!first) return;
  const shortest = await shrink(played.plan, first.invariant);
  throw new Error(
    `seed ${played.plan.seed}, ${first.invariant}: ${first.sentence}\n${trace(shortest.played)}\nPlay it again: npm run simulate -- --seed ${played.plan.seed} --shrink --people ${people}`,
  );
}

export async function expectRunsToHold(
  from: number,
  runs: number,
  { depth = 'commands', people = 'usual' }: { readonly depth?: Depth; readonly people?: People } = {},
): Promise<void> {
  for (let seed = from; seed < from + runs; seed += 1)
    await expectAllToHold(await play(planFor(seed, people), {}, depth), people);
}
