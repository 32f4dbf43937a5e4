import { runsToCatch } from './hunt.ts';
import { MUTANTS } from './mutants/all.ts';

/** Seeds lose their meaning when the plan of a run changes: then it may take as many runs as this. */
const MOST_RUNS = 400;

describe('the judge', () => {
  it.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))(
    'catches: %s',
    async (_, mutant) => {
      expect(await runsToCatch(mutant, mutant.caughtBy, MOST_RUNS)).toBeDefined();
    },
    120_000,
  );
});
