import { judge } from './judge.ts';
import type { Mutant } from './mutants/mutant.ts';
import { planFor } from './plan.ts';
import { play } from './play.ts';

/** How many runs it takes until the judge catches a mutant; undefined: none of them did. */
export async function runsToCatch(mutant: Mutant, from: number, most: number): Promise<number | undefined> {
  for (let run = 1; run <= most; run += 1) {
    const plan = planFor(from + run - 1);
    const violations = judge(await play(mutant.provoke?.(plan) ?? plan, mutant.mutation));
    if (violations.some(({ invariant }) => mutant.breaks.includes(invariant))) return run;
  }
  return undefined;
}
