import type { DomainEvent } from '../events.ts';
import type { Context, ReleaseDraft } from '../kernel/context.ts';
import { knowsDeployment, lookAtWhatRuns, lookNow } from '../kernel/deployments.ts';
import { enqueue, enqueueLatest } from '../kernel/outbox.ts';
import { SECOND_LOOK } from '../observations.ts';
import { lookAtShifts } from './shiftLooks.ts';

/** When ECS is asked how things stand. */

/** ECS says that a deployment ended. Whose it was, and how it ended, is looked up. */
export function deploymentEnded(
  ctx: Context,
  event: Extract<DomainEvent, { type: 'deploymentEnded' }>,
): string {
  const { state } = ctx;
  const { release } = state;
  const isKnown = knowsDeployment(ctx, event.service, event.deploymentId);
  if (!release) {
    if (state.adoptedAt === undefined) return 'the app has not been seen yet';
    if (isKnown) return lookNow(ctx) ?? 'the deployment is known';
    lookAtWhatRuns(ctx);
    return `${event.service} was deployed outside Fairway: looking`;
  }
  const rollout = release.services.find((other) => other.service === event.service);
  if (!rollout) return 'the service is not part of the release';
  if (release.step === 'preparing' && !rollout.before) {
    lookAtAll(ctx);
    return 'a deployment that was waited for has ended';
  }
  if (rollout.state !== 'rolling' && rollout.state !== 'rollingBack') {
    if (isKnown || !rollout.before || release.step === 'rollingBack') return 'the service is not rolling';
    lookAt(ctx, [event.service]);
    return `${event.service} was deployed outside Fairway: looking`;
  }
  lookAtRollouts(ctx, release);
  lookAtShifts(ctx, release);
  return `a deployment of ${event.service} ended: looking`;
}

/** Looks at every service that is on its way, and whose traffic does not shift. */
export function lookAtRollouts(ctx: Context, release: ReleaseDraft, notBefore?: number): void {
  lookAtMoving(ctx, release, ({ shift }) => shift === undefined, notBefore);
}

/** The same, and where a shift should have gone on: ECS's record of a deployment may not say that its service is gone. */
export function lookAtSilentRollouts(ctx: Context, release: ReleaseDraft): void {
  lookAtMoving(ctx, release, (rollout) => rollout.shift === undefined || isOverdue(rollout, ctx.now));
}

/** How long after its time ECS may take to end a pause. */
const PAUSE_ENDS = 2 * 60_000;

function isOverdue({ shift, pauses = [] }: ReleaseDraft['services'][number], now: number): boolean {
  return shift?.late === true || pauses.some(({ expiresAt = now }) => now > expiresAt + PAUSE_ENDS);
}

function lookAtMoving(
  ctx: Context,
  { services }: ReleaseDraft,
  isMeant: (rollout: ReleaseDraft['services'][number]) => boolean,
  notBefore?: number,
): void {
  const moving = services.filter((rollout) => {
    const isMoving = rollout.state === 'rolling' || rollout.state === 'rollingBack';
    return rollout.state === 'failed' || (isMoving && isMeant(rollout));
  });
  const names = moving.map(({ service }) => service);
  if (names.length > 0) lookAt(ctx, names, notBefore);
}

/** Looks at every service of the app. */
export function lookAtAll(ctx: Context): void {
  lookAt(
    ctx,
    ctx.app.services.map((service) => service.name),
  );
}

/** Whether ECS changed the deployment it shows before it created the last one that Fairway ordered for the service. */
export function isOlderThanOurs({ state }: Context, service: string, changedAt: number | undefined): boolean {
  const orders = [state.release, ...state.ended].flatMap((release) =>
    (release?.services ?? [])
      .filter((rollout) => rollout.service === service)
      .flatMap(({ deployedAt = 0, rollbackDeployedAt = 0 }) => [deployedAt, rollbackDeployedAt]),
  );
  return changedAt !== undefined && changedAt < Math.max(0, ...orders);
}

/** One look that proves nothing is followed by another one. True: this is that second look. */
export function isSecondLook(
  ctx: Context,
  rollout: ReleaseDraft['services'][number],
  services: readonly string[] = [rollout.service],
): boolean {
  const { doubtedAt } = rollout;
  if (doubtedAt !== undefined && ctx.now - doubtedAt >= SECOND_LOOK) {
    delete rollout.doubtedAt;
    return true;
  }
  rollout.doubtedAt ??= ctx.now;
  lookAt(ctx, services, ctx.now + SECOND_LOOK);
  return false;
}

/** A look that is pending already is made for these services as well, at the earlier time of the two. */
function lookAt(ctx: Context, names: readonly string[], notBefore?: number): void {
  const pending = ctx.state.outbox.find((entry) => entry.key === 'look');
  const others = pending?.effect.kind === 'lookAtServices' ? pending.effect.services : [];
  const services = [...new Set([...others, ...names])];
  if (!pending) {
    enqueue(ctx, 'look', { kind: 'lookAtServices', services }, notBefore === undefined ? {} : { notBefore });
    return;
  }
  enqueueLatest(ctx, 'look', { kind: 'lookAtServices', services });
  // After a fault it waits for ECS, not for a time.
  if (pending.attempt > 0 || pending.notBefore === undefined) return;
  if (notBefore === undefined) delete pending.notBefore;
  else pending.notBefore = Math.min(pending.notBefore, notBefore);
}
