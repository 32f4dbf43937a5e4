import type { AppState } from '../../shared/domain/state.ts';
import { createDice } from './dice.ts';
import type { Mutation } from './functions.ts';
import { act } from './people.ts';
import type { Plan } from './plan.ts';
import { createWorld, type World } from './world.ts';

const MINUTE = 60_000;
/** After the adversary stops, everything must have ended by then. */
export const PATIENCE = 180 * MINUTE;
/** Every sweep that lists images has come by at least twice. */
const AT_LEAST = 12 * MINUTE;

export interface Played {
  readonly plan: Plan;
  readonly world: World;
  /** Epoch milliseconds. */
  readonly calmAt: number;
  /** Whether nothing was left to be done when patience ended. */
  readonly quiet: boolean;
}

/** Plays one run: a pure function of its plan (and of the mutation). */
export async function play(plan: Plan, mutate: Mutation = {}): Promise<Played> {
  return withoutReality(plan.seed, async () => {
    const world = createWorld(plan, mutate);
    const { clock } = world.cloud;
    // Fairway sees the apps for the first time: images from before that are not its business.
    await world.runUntil(clock.now() + 6 * MINUTE);
    const start = clock.now();
    for (const action of plan.actions) {
      await world.runUntil(start + action.at);
      act(world, action);
    }
    const calmAt = start + plan.calmAt;
    await world.runUntil(calmAt);
    world.calm();
    await world.runUntil(calmAt + AT_LEAST);
    while (!isQuiet(world) && clock.now() < calmAt + PATIENCE) await world.runUntil(clock.now() + MINUTE);
    return { plan, world, calmAt, quiet: isQuiet(world) };
  });
}

/** Timeouts of the SDK and jitter come from the simulation, too. */
async function withoutReality<Result>(seed: number, work: () => Promise<Result>): Promise<Result> {
  const { random } = Math;
  const { timeout } = AbortSignal;
  const never = new AbortController().signal;
  Math.random = createDice(seed ^ 0x1b873593).random;
  AbortSignal.timeout = () => never;
  try {
    return await work();
  } finally {
    Math.random = random;
    AbortSignal.timeout = timeout;
  }
}

function isQuiet(world: World): boolean {
  if (world.busy()) return false;
  return statesOf(world).every((state) => !state.release && state.outbox.length === 0);
}

/** What the table holds of each app. */
export function statesOf(world: World): AppState[] {
  return world.table
    .items()
    .filter((item) => item.sk?.S === 'state')
    .map((item): AppState => JSON.parse(item.state?.S ?? '{}'));
}
