import type { AppState } from '../../shared/domain/state.ts';
import { createDice } from './dice.ts';
import type { Mutation } from './functions.ts';
import { loadEverything } from './loaded.ts';
import { act, isSteady } from './people.ts';
import type { Plan } from './script.ts';
import { seenService, stateIn } from './seen.ts';
import { wireClients } from './wire.ts';
import { createWorld, type World } from './world.ts';

const MINUTE = 60_000;
/**
 * After the adversary stops, everything must have ended by then: two releases in turn, each with four steps that all
 * pause for 20 minutes, and what was open before them.
 */
const PATIENCE = 360 * MINUTE;
/** Every sweep that lists images has come by at least twice. */
const AT_LEAST = 12 * MINUTE;
/** An alert is closed after an hour of quiet; a service that fails for ever is not waited for. */
const LONGEST_ALERT = 80 * MINUTE;

export interface Played {
  readonly plan: Plan;
  readonly world: World;
  /** Epoch milliseconds. */
  readonly calmAt: number;
  /** Whether nothing was left to be done when patience ended. */
  readonly quiet: boolean;
}

/** How deep a run goes: to the SDK's commands, or through all of the SDK but its sockets. */
export type Depth = 'commands' | 'wire';

/** Plays one run: a pure function of its plan (and of the mutation). */
export async function play(plan: Plan, mutate: Mutation = {}, depth: Depth = 'commands'): Promise<Played> {
  const clients = depth === 'wire' ? await wireClients() : undefined;
  return withoutReality(plan.seed, async (later) => {
    const world = createWorld(plan, mutate, clients);
    const { clock } = world.cloud;
    later.after = clock.after;
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
    const until = calmAt + PATIENCE;
    while (!isQuiet(world) && clock.now() < until) await world.runUntil(clock.now() + MINUTE);
    const longest = Math.min(until, clock.now() + LONGEST_ALERT);
    while (mayClose(world) && clock.now() < longest) await world.runUntil(clock.now() + MINUTE);
    return { plan, world, calmAt, quiet: isQuiet(world) };
  });
}

/** The SDK waits, gives up and throws its dice in simulated time and luck, too. */
export async function withoutReality<Result>(
  seed: number,
  work: (later: { after: (milliseconds: number, run: () => void) => unknown }) => Promise<Result>,
): Promise<Result> {
  await loadEverything();
  const { random } = Math;
  const { timeout } = AbortSignal;
  const { setTimeout: wait } = globalThis;
  const never = new AbortController().signal;
  const later = { after: (_: number, run: () => void): unknown => run() };
  Math.random = createDice(seed ^ 0x1b873593).random;
  AbortSignal.timeout = () => never;
  globalThis.setTimeout = Object.assign(
    (run: () => void, milliseconds = 0) => {
      later.after(milliseconds, run);
      return Object.assign(
        wait(() => {}, 0),
        { unref: () => {} },
      );
    },
    { __promisify__: wait.__promisify__ },
  ) as typeof setTimeout;
  try {
    return await work(later);
  } finally {
    Math.random = random;
    AbortSignal.timeout = timeout;
    globalThis.setTimeout = wait;
  }
}

function isQuiet(world: World): boolean {
  if (world.busy()) return false;
  return statesOf(world).every(
    (state) => !state.release && state.runs.length === 0 && leftToDo(world, state).length === 0,
  );
}

/** Whether an alert is open that time alone may close. */
function mayClose(world: World): boolean {
  return statesOf(world).some(({ app, alerts }) =>
    (alerts?.alerts ?? []).some(
      ({ service }) => isSteady(world, service) && !keepsCrashing(world, app, service),
    ),
  );
}

/** Whether a service runs an image that always crashes: it is steady between crashes, and its alert stays open. */
function keepsCrashing(world: World, appName: string, service: string): boolean {
  const app = world.apps.find(({ name }) => name === appName);
  const running = app && seenService(world.cloud, app, service)?.digests;
  return [...(running ?? [])].some((digest) => {
    const fate = world.history.pushes.findLast((push) => push.digest === digest)?.fate;
    return fate?.service === 'crash' || fate?.service === 'lateCrash';
  });
}

/** A service that crashes forever is checked forever; but no check and no announcement of it waits for long. */
const LONGEST_LOOK = 5 * MINUTE;
const LOOKS: readonly string[] = ['lookAtStopped', 'lookForRecovery', 'announceAlert'];

/** What a quiet app would not have in its outbox. */
export function leftToDo({ cloud }: World, { outbox }: AppState): AppState['outbox'] {
  const isLate = ({ since }: { readonly since: number }) => since < cloud.clock.now() - LONGEST_LOOK;
  return outbox.filter((entry) => !LOOKS.includes(entry.effect.kind) || isLate(entry));
}

/** What the table holds of each app. */
export function statesOf(world: World): AppState[] {
  return world.table
    .items()
    .filter((item) => item.sk?.S === 'state')
    .map(stateIn);
}
