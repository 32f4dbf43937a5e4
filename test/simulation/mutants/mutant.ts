import type { Mutation } from '../functions.ts';
import type { Plan } from '../script.ts';

/** A variant of Fairway that is broken on purpose: a fault that other tools have had, or that a careless change would bring. */
export interface Mutant {
  readonly name: string;
  /** A seed at which the judge caught it. */
  readonly caughtBy: number;
  /** Invariants of which at least one must be violated. */
  readonly breaks: readonly string[];
  readonly mutation: Mutation;
  /** Makes a rare situation a common one. */
  readonly provoke?: (plan: Plan) => Plan;
}
