import type { Announcement } from '../domain/announcement.ts';
import type { App } from '../domain/app.ts';
import type { ChannelEffect, ResultOf } from '../domain/effects.ts';
import { alertFacts, appFacts, runFacts, storyOf } from '../domain/facts.ts';
import { isIndependent } from '../domain/run.ts';
import type { AppState } from '../domain/state.ts';
import type { Runtime } from '../runtime.ts';

/** Announces what is true by now, not what was when it was decided. What is known no longer needs no message. */
export async function announce(
  runtime: Runtime,
  app: App,
  state: AppState,
  effect: ChannelEffect,
  attempt: number,
): Promise<ResultOf<'announceRelease'>> {
  const announcement = await announcementOf(runtime, app, state, effect);
  if (!announcement) return { kind: 'announced' };
  return runtime.tell(effect.channel, announcement, memoryOf(state, effect), attempt);
}

async function announcementOf(
  { store, location, now }: Runtime,
  app: App,
  state: AppState,
  effect: ChannelEffect,
): Promise<Announcement | undefined> {
  switch (effect.kind) {
    case 'announceRelease':
      return (
        storyOf(location, app, state, effect.releaseId, now()) ??
        (await store.release(app.name, effect.release))
      );
    case 'announceRun': {
      const run = state.runs.filter(isIndependent).find(({ id }) => id === effect.run);
      return run && runFacts(location, app, run, now());
    }
    case 'announceAlert': {
      const alert = state.alerts?.alerts.find(({ id }) => id === effect.alert);
      return alert && alertFacts(location, app, alert, now());
    }
    case 'announceApp':
      return appFacts(location, app, state, effect);
  }
}

/** What the channel remembers of its last message about the same thing. */
function memoryOf({ channelMemory }: AppState, effect: ChannelEffect): string | undefined {
  switch (effect.kind) {
    case 'announceRelease':
      return channelMemory[`${effect.releaseId}/${effect.channel}`];
    case 'announceAlert':
      return channelMemory[`${effect.alert}/${effect.channel}`];
    case 'announceRun':
    case 'announceApp':
      return undefined;
  }
}
