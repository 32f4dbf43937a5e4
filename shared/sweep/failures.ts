import type { App } from '../domain/app.ts';
import type { Runtime } from '../runtime.ts';

/** How many sweeps in a row must fail before people are notified; the alarm on the function's errors has the same number. */
const SEVERAL = 3;

/** Apps that failed in the last sweeps, by name. */
export type FailingApps = Map<string, FailingApp>;

interface FailingApp {
  readonly ticks: number;
  /** Epoch milliseconds. */
  readonly since: number;
  readonly announced: boolean;
}

/**
 * Logs that a sweep failed for an app, and announces the third failure in a row once. The app's item may be the cause,
 * so the announcement does not depend on it.
 */
export async function tickFailed(
  runtime: Runtime,
  failing: FailingApps,
  app: App,
  error: unknown,
): Promise<void> {
  const now = runtime.now();
  const before = failing.get(app.name) ?? { ticks: 0, since: now, announced: false };
  const current = { ...before, ticks: before.ticks + 1 };
  runtime.log('sweep failed for an app', { app: app.name, ticks: current.ticks, error }, 'error');
  const isDue = current.ticks >= SEVERAL && !current.announced;
  const announced = current.announced || (isDue && (await announce(runtime, app, current, error)));
  failing.set(app.name, { ...current, announced });
}

/** Returns whether the announcement was sent. Never throws: the alarm goes off in any case. */
async function announce(
  runtime: Runtime,
  app: App,
  { ticks, since }: FailingApp,
  error: unknown,
): Promise<boolean> {
  const words = error instanceof Error ? error.message : String(error);
  const from = new Date(since).toISOString().slice(11, 16);
  const sentence = `Fairway has failed ${ticks} times in a row for ${app.name}, since ${from} UTC: ${words.replace(/\.$/, '')}. No release of ${app.name} advances. Check the log of the function sweep. Fairway keeps retrying.`;
  try {
    await runtime.notifyOperations({
      kind: 'app',
      app: app.name,
      ...runtime.location,
      cluster: app.cluster,
      at: runtime.now(),
      topic: 'failing',
      severity: 'failure',
      sentence,
    });
    return true;
  } catch (cause) {
    runtime.log('failed to announce a failing app', { app: app.name, error: cause }, 'error');
    return false;
  }
}
