import type { App } from './domain/app.ts';
import { dueAt } from './domain/decide/ticks.ts';
import type { Circumstances } from './domain/events.ts';
import type { AppState } from './domain/state.ts';
import type { Runtime } from './runtime.ts';
import type { Lease, Stored } from './store.ts';

/** Reading and writing the item of an app while its effects are performed. */

/** One conditional write. Undefined: someone else has written since. */
export async function save(
  runtime: Runtime,
  stored: Stored,
  state: AppState,
  lease: Lease | undefined,
): Promise<Stored | undefined> {
  const next: Stored = { state, version: stored.version + 1, ...(lease === undefined ? {} : { lease }) };
  const result = await runtime.store.save(next, dueAt(state, lease?.until));
  return result === 'saved' ? next : undefined;
}

/**
 * The item as it is now, if the lease on it is still ours. If not, this is no failure: the event is saved, the invocation
 * that took over does the rest, and Lambda's retry would decide about the same event once more.
 */
export async function reload(runtime: Runtime, app: App, before: Stored): Promise<Stored | undefined> {
  const fresh = await runtime.store.load(app.name);
  if (fresh?.lease?.owner === before.lease?.owner) return fresh;
  runtime.log('lease lost', { app: app.name, holder: fresh?.lease?.owner });
  return undefined;
}

/** What a decision gets besides state and event. */
export function circumstances(runtime: Runtime, app: App, contended: boolean): Circumstances {
  return { app, now: runtime.now(), freshId: runtime.freshId(), contended };
}
