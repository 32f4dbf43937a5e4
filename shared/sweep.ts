import { advance } from './advance.ts';
import { counted } from './domain/counted.ts';
import type { Images } from './ports.ts';
import type { Runtime } from './runtime.ts';
import { type FailingApps, tickFailed } from './sweep/failures.ts';
import { inParallel } from './sweep/parallel.ts';
import { hasTime, listRepositories, type Unfinished } from './sweep/round.ts';

/** No further app is started when less than this is left of the invocation, milliseconds. */
const LAST_MOMENT = 8_000;

/** What an instance of the function remembers between invocations. */
export interface SweepMemory {
  readonly unfinished: Unfinished;
  /** Apps that failed in the last sweeps. */
  readonly failing: FailingApps;
}

export function emptyMemory(): SweepMemory {
  return { unfinished: new Map(), failing: new Map() };
}

/**
 * Advances every app that is due; every few minutes, also finds lost pushes and missed schedules.
 * If an app could not be advanced, throws after all others were tried: an alarm counts the function's errors.
 */
export async function sweep(runtime: Runtime, images: Images, memory: SweepMemory): Promise<void> {
  const wanted = new Set<string>();
  const errors = await advanceDue(runtime, memory.failing, wanted);
  await listRepositories(runtime, images, memory.unfinished, wanted);
  if (errors.length > 0) throw new AggregateError(errors, `failed for ${counted(errors.length, 'app')}`);
}

/** Returns the errors. Adds the apps whose images should be listed now to `wanted`. */
async function advanceDue(runtime: Runtime, failing: FailingApps, wanted: Set<string>): Promise<unknown[]> {
  const due = new Set(await runtime.store.due(runtime.now()));
  const apps = runtime.configuration.apps.filter((app) => due.has(app.name));
  const errors: unknown[] = [];
  await inParallel(
    apps,
    () => hasTime(runtime, LAST_MOMENT),
    async (app) => {
      try {
        const { wantsListing } = await advance(runtime, app, { type: 'tick' });
        if (wantsListing) wanted.add(app.name);
        failing.delete(app.name);
      } catch (error) {
        errors.push(error);
        await tickFailed(runtime, failing, app, error);
      }
    },
  );
  return errors;
}
