import { advance } from './advance.ts';
import type { App } from './domain/app.ts';
import { counted } from './domain/counted.ts';
import { inParallel } from './parallel.ts';
import type { Images } from './ports.ts';
import type { Runtime } from './runtime.ts';
import { type FailingApps, tickFailed } from './sweep/failures.ts';
import { hasTime, listRepositories, type Unfinished } from './sweep/round.ts';

/** No further app is started when less than this is left of the invocation, milliseconds. */
const LAST_MOMENT = 8_000;
/** How many apps are advanced at the same time. */
const WIDTH = 8;
/** Milliseconds after which images are listed although apps are still being advanced. */
const HEAD_START = 10_000;

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
  const advancing = advanceDue(runtime, memory.failing, wanted);
  // Apps that wait for ECS's rates take all the time that there is. Listing images does not wait for them.
  await Promise.race([advancing, runtime.sleep(HEAD_START)]);
  const first = new Set(wanted);
  await listRepositories(runtime, images, memory.unfinished, first);
  const errors = await advancing;
  const later = new Set([...wanted].filter((app) => !first.has(app)));
  if (later.size > 0) await listRepositories(runtime, images, memory.unfinished, later);
  if (errors.length > 0) throw new AggregateError(errors, `failed for ${counted(errors.length, 'app')}`);
}

/** Returns the errors. Adds the apps whose images should be listed now to `wanted`. */
async function advanceDue(runtime: Runtime, failing: FailingApps, wanted: Set<string>): Promise<unknown[]> {
  const errors: unknown[] = [];
  const mayGoOn = () => hasTime(runtime, LAST_MOMENT);
  await inParallel(await appsDue(runtime), { width: WIDTH, mayGoOn }, async (app) => {
    try {
      const { wantsListing } = await advance(runtime, app, { type: 'tick' });
      if (wantsListing) wanted.add(app.name);
      failing.delete(app.name);
    } catch (error) {
      errors.push(error);
      await tickFailed(runtime, failing, app, error);
    }
  });
  return errors;
}

/** Those that wait longest first; where some of them have to wait, those that roll back before all others. */
async function appsDue({ store, configuration, now }: Runtime): Promise<readonly App[]> {
  const names = await store.due(now());
  const apps = names.flatMap((name) => configuration.apps.filter((app) => app.name === name));
  if (apps.length <= WIDTH) return apps;
  const urgent = new Set<App>();
  await inParallel(apps, { width: WIDTH }, async (app) => {
    const stored = await store.load(app.name);
    if (stored?.state.outbox.some(({ effect }) => effect.kind === 'rollBack')) urgent.add(app);
  });
  return [...apps.filter((app) => urgent.has(app)), ...apps.filter((app) => !urgent.has(app))];
}
