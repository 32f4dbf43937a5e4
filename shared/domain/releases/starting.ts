import type { Image } from '../image.ts';
import { announceRelease } from '../kernel/announcing.ts';
import type { Context, Draft, ReleaseDraft } from '../kernel/context.ts';
import { recordPush } from '../kernel/ledger.ts';
import { memberOf } from '../member.ts';
import type { Again, StepRecord, Trigger } from '../release.ts';
import { lookAtAll } from './looking.ts';
import { addTasks } from './releaseTasks.ts';

/** Opens a release. Only called when none is open. */
export function startRelease(ctx: Context, image: Image, trigger: Trigger): void {
  const { state, app, now } = ctx;
  state.lastNumber += 1;
  // A rollback must not run an old version's migrations: the database has moved on. Those of a live image have run.
  const before = trigger.kind === 'rollback' || isRestart(trigger) ? [] : app.before;
  const { settings, ...started } = { settings: undefined, ...trigger };
  const release: ReleaseDraft = {
    id: ctx.freshId,
    number: state.lastNumber,
    image: structuredClone(image) as Draft<Image>,
    trigger: started,
    startedAt: now,
    step: 'preparing',
    steps: [
      step('prepare', 'prepare', now),
      ...before.map((task) => step(task.name, 'task')),
      ...(app.services.length === 0 ? [] : [step('roll', 'roll')]),
      ...app.after.map((task) => step(task.name, 'task')),
    ],
    services: app.services.map((service) => ({
      service: service.name,
      wave: service.wave,
      state: 'pending',
      stoppedTasks: [],
      running: 0,
      desired: 0,
      threshold: 3,
      ...settingsOf(settings, service.name),
    })),
    deadline: now + app.timeouts.rollout,
    lookedAt: now,
    notes: [],
  };
  if (state.live) release.previous = { tag: state.live.tag, digest: state.live.digest };
  state.release = release;
  addTasks(ctx, release, 'before', before);
  addTasks(ctx, release, 'after', app.after);
  lookAtAll(ctx);
  recordPush(ctx, image, 'releasing', `released as v${release.number}`, {
    release: release.number,
    overwrite: true,
  });
  announceRelease(ctx, release);
}

function isRestart(trigger: Trigger): boolean {
  return trigger.kind === 'deploy' && trigger.restart === true;
}

function settingsOf(settings: Again['settings'], service: string) {
  const own = settings && memberOf(settings, service);
  return own === undefined ? {} : { settings: { ...own } };
}

function step(name: string, kind: StepRecord['kind'], startedAt?: number): Draft<StepRecord> {
  if (startedAt === undefined) return { name, kind, state: 'pending' };
  return { name, kind, state: 'running', startedAt };
}
