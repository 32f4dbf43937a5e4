// A release that goes live closes the alerts of the services that it replaced.
import { closeAlertsOf } from '../alerts/book.ts';
import { type Effect, ownerOf } from '../effects.ts';
import { announceRelease } from '../kernel/announcing.ts';
import type { Context, ReleaseDraft } from '../kernel/context.ts';
import { recordPush } from '../kernel/ledger.ts';
import { cancelEffects, enqueue } from '../kernel/outbox.ts';
import { publishedOutcome } from '../publishedNames.ts';
import type { Failure, ReleaseOutcome } from '../release.ts';
import type { Run } from '../run.ts';
import { blockImage, recordLive } from './liveImages.ts';
import { startWaiting } from './pushes.ts';
import { rollbackEnded } from './rollbackEnds.ts';
import { closeStep } from './steps.ts';
import { whereTimeWent } from './timing.ts';

/** How a release ends, and what is remembered of it. */

/** Every service runs the image and every task has succeeded. */
export function endLive(ctx: Context, release: ReleaseDraft): string {
  const times = whereTimeWent(release, ctx.now);
  if (times !== undefined) release.notes.push(times);
  return endRelease(ctx, release, 'live', `${release.image.tag} is live`);
}

/** There is nothing to do for the release. */
export function endUnchanged(ctx: Context, release: ReleaseDraft): string {
  for (const rollout of release.services) rollout.state = 'unchanged';
  for (const step of release.steps) if (step.state === 'pending') step.state = 'skipped';
  closeStep(release, 'prepare', 'done', ctx.now);
  return endRelease(ctx, release, 'live', 'every service runs this image already: nothing was changed');
}

/** Closes the release. What ran is remembered, what waited may start. */
export function endRelease(
  ctx: Context,
  release: ReleaseDraft,
  outcome: ReleaseOutcome,
  reason: string,
): string {
  const { state, now } = ctx;
  release.end = { outcome, reason, at: now };
  cancelEffectsOfRelease(ctx);
  for (const rollout of release.services) delete rollout.settings;
  if (outcome === 'live') becomeLive(ctx, release);
  else spend(ctx, release);
  rollbackEnded(ctx, release, outcome);
  recordPush(ctx, release.image, publishedOutcome(outcome), reason, {
    release: release.number,
    overwrite: true,
  });
  enqueue(ctx, `release:${release.id}`, { kind: 'recordRelease', releaseId: release.id });
  announceRelease(ctx, release);
  state.ended = [release, ...state.ended];
  delete state.release;
  forgetEnded(ctx);
  startWaiting(ctx);
  return reason;
}

/** Cancels what is still to be done for the open release; what its tasks need is theirs. */
export function cancelEffectsOfRelease(ctx: Context): void {
  const { runs } = ctx.state;
  cancelEffects(ctx, ({ effect }) => ownerOf(effect as Effect, runs as readonly Run[]) === 'release');
}

function becomeLive(ctx: Context, release: ReleaseDraft): void {
  const { state, now } = ctx;
  const { tag, digest, pushedAt, newestTag } = release.image;
  const also = newestTag === undefined ? {} : { newestTag };
  const live = { tag, digest, pushedAt, ...also, release: release.number, since: now };
  recordLive(state, live, release.trigger.kind === 'rollback');
  for (const rollout of release.services) state.liveDigests[rollout.service] = digest;
  const services = release.services.map(({ service }) => service);
  // A release that goes live ends what was wrong with the services that it replaced.
  closeAlertsOf(ctx, services, `v${release.number} is live`);
}

const HOW_BLOCKED: Readonly<Record<Failure['outcome'], string>> = {
  failed: 'failed',
  rolledBack: 'was canceled',
  superseded: 'was stopped in ECS by a person',
};

/** The image is not tried again automatically. The target of a rollback that people or AWS's refusal ended is not to blame. */
function spend({ state }: Context, { image: { digest }, failure, trigger, number }: ReleaseDraft): void {
  const isBlamed = failure?.outcome === 'failed' && failure.cause.kind !== 'accessDenied';
  if (digest === state.live?.digest || (trigger.kind === 'rollback' && !isBlamed)) return;
  blockImage(state, { digest, release: number, how: HOW_BLOCKED[failure?.outcome ?? 'failed'] });
}

/** Ended releases are kept until they are in the history; what channels remember, until every channel was notified. */
export function forgetEnded({ state }: Context): void {
  const [newest, ...older] = state.ended;
  if (!newest) return;
  const pending = state.outbox.map(({ effect }) => effect);
  const isUnrecorded = (id: string) =>
    pending.some((effect) => effect.kind === 'recordRelease' && effect.releaseId === id);
  const isUntold = (id: string) =>
    pending.some((effect) => effect.kind === 'announceRelease' && effect.releaseId === id);
  state.ended = [newest, ...older.filter(({ id }) => isUnrecorded(id))];
  for (const key of Object.keys(state.channelMemory)) {
    const [id = ''] = key.split('/');
    if (state.alerts?.alerts.some((alert) => alert.id === id)) continue;
    if (id !== newest.id && id !== state.release?.id && !isUntold(id)) delete state.channelMemory[key];
  }
}
