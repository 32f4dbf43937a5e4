import { LOOP_MUTANTS } from './loop.ts';
import type { Mutant } from './mutant.ts';
import { PEOPLE_MUTANTS } from './people.ts';
import { RATE_MUTANTS } from './rates.ts';
import { RELEASE_MUTANTS } from './releases.ts';
import { REPORT_MUTANTS } from './reports.ts';
import { STRATEGY_MUTANTS } from './strategies.ts';
import { TASK_MUTANTS } from './tasks.ts';

/** The judge must catch each variant: a checker that catches none of them proves nothing. */
export const MUTANTS: readonly Mutant[] = [
  ...LOOP_MUTANTS,
  ...RELEASE_MUTANTS,
  ...TASK_MUTANTS,
  ...REPORT_MUTANTS,
  ...PEOPLE_MUTANTS,
  ...STRATEGY_MUTANTS,
  ...RATE_MUTANTS,
];
