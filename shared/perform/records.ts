import type { App } from '../domain/app.ts';
import type { StoreEffect } from '../domain/effects.ts';
import { storyOf } from '../domain/facts.ts';
import { isIndependent } from '../domain/run.ts';
import type { AppState } from '../domain/state.ts';
import type { Runtime } from '../runtime.ts';

/** Writes to the history what the app's item knows. What it no longer contains was written before. */
export async function record(
  { store, location, now }: Runtime,
  app: App,
  state: AppState,
  effect: StoreEffect,
): Promise<void> {
  switch (effect.kind) {
    case 'recordPush':
      return store.recordPush(effect.entry, effect.overwrite);
    case 'recordRelease': {
      const story = storyOf(location, app, state, effect.releaseId, now());
      return story && store.recordRelease(story);
    }
    case 'recordRun': {
      const run = state.runs.filter(isIndependent).find(({ id }) => id === effect.run);
      return run && store.recordRun(app.name, run);
    }
  }
}
