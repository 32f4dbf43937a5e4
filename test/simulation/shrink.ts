import type { Mutation } from './functions.ts';
import { judge, type Violation } from './judge.ts';
import { type Played, play } from './play.ts';
import type { Plan, Weather } from './script.ts';

/** Runs that shrinking may spend. */
const MOST_RUNS = 200;

interface Shrunk {
  readonly played: Played;
  readonly violations: readonly Violation[];
  readonly runs: number;
}

/**
 * The smallest plan found in which the same invariant is still violated: actions are left out one by one, troubles
 * one by one. What is left is usually short enough to be read as a story.
 */
export async function shrink(plan: Plan, invariant: string, mutate: Mutation = {}): Promise<Shrunk> {
  let runs = 0;
  let best = await attempt(plan);
  if (best === undefined)
    throw new Error(`seed ${plan.seed} does not violate "${invariant}" when it is played again`);

  async function attempt(candidate: Plan): Promise<Shrunk | undefined> {
    runs += 1;
    const played = await play(candidate, mutate);
    const violations = judge(played).filter((violation) => violation.invariant === invariant);
    return violations.length > 0 ? { played, violations, runs } : undefined;
  }

  for (let smaller = true; smaller && runs < MOST_RUNS; ) {
    smaller = false;
    for (const candidate of simpler(best.played.plan)) {
      if (runs >= MOST_RUNS) break;
      const found = await attempt(candidate);
      if (!found) continue;
      best = found;
      smaller = true;
      break;
    }
  }
  return { ...best, runs };
}

function* simpler(plan: Plan): Generator<Plan> {
  for (const name of Object.keys(plan.weather) as (keyof Weather)[]) {
    if (plan.weather[name] > 0) yield { ...plan, weather: { ...plan.weather, [name]: 0 } };
  }
  for (const outage of plan.outages)
    yield { ...plan, outages: plan.outages.filter((other) => other !== outage) };
  for (let index = 0; index < plan.actions.length; index += 1) {
    yield { ...plan, actions: plan.actions.toSpliced(index, 1) };
  }
  if (plan.configuration.apps.length > 1) {
    for (const app of plan.configuration.apps) {
      yield { ...plan, configuration: { ...plan.configuration, apps: [app] } };
    }
  }
}
