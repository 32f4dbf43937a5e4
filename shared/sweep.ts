import { advance, type Runtime } from './advance.ts';
import { counted } from './domain/counted.ts';
import type { Images } from './ports.ts';
import { type FailingApps, tickFailed } from './sweep/failures.ts';
import { inParallel } from './sweep/parallel.ts';
import { hasTime, listRepositories, type Unfinished } from './sweep/round.ts';

/** An app is not begun with this long before the invocation ends. */
const LAST_MOMENT = 8_000;

/** What an instance of the function remembers from one tick to the next. */
export interface SweepMemory {
  readonly unfinished: Unfinished;
  /** Apps whose last ticks failed. */
  readonly failing: FailingApps;
}

export function emptyMemory(): SweepMemory {
  return { unfinished: new Map(), failing: new Map() };
}

/**
 * Advances whatever is due; every few minutes also looks for pushes and schedules' calls that were lost.
 * Throws when an app could not be advanced, after all others had their turn: an alarm counts the function's errors.
 */
export async function sweep(runtime: Runtime, images: Images, memory: SweepMemory): Promise<void> {
  const wanted = new Set<string>();
  const errors = await advanceDue(runtime, memory.failing, wanted);
  await listRepositories(runtime, images, memory.unfinished, wanted);
  if (errors.length > 0) throw new AggregateError(errors, `failed for ${counted(errors.length, 'app')}`);
}

/** Answers what was thrown. Adds the apps whose images should be listed now to `wanted`. */
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
