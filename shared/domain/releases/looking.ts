import type { DomainEvent } from '../events.ts';
import { ask, knowsDeployment, type ReleaseDraft, replace, type Turn } from '../kernel/draft.ts';
import { SECOND_LOOK } from './verdict.ts';

/** When ECS is asked how things stand. */

/** ECS says that a deployment ended. Whose it was, and how it ended, is looked up. */
export function deploymentEnded(
  turn: Turn,
  event: Extract<DomainEvent, { type: 'deploymentEnded' }>,
): string {
  const { state } = turn;
  const { release } = state;
  const isKnown = knowsDeployment(turn, event.service, event.deploymentId);
  if (!release) {
    if (state.adoptedAt === undefined) return 'the app has not been seen yet';
    if (isKnown) return lookNow(turn) ?? 'the deployment is known';
    lookAtWhatRuns(turn);
    return `${event.service} was deployed outside Fairway: looking`;
  }
  const rollout = release.services.find((other) => other.service === event.service);
  if (!rollout) return 'the service is not part of the release';
  if (release.step === 'preparing' && !rollout.before) {
    lookAtAll(turn);
    return 'a deployment that was waited for has ended';
  }
  if (rollout.state !== 'rolling' && rollout.state !== 'goingBack') {
    if (isKnown || !rollout.before || release.step === 'rollingBack') return 'the service is not rolling';
    lookAt(turn, [event.service]);
    return `${event.service} was deployed outside Fairway: looking`;
  }
  lookAtRollouts(turn, release);
  return `a deployment of ${event.service} ended: looking`;
}

/** A look at what runs that waits for this very end is due now. */
function lookNow(turn: Turn): string | undefined {
  const pending = turn.state.outbox.find(({ key }) => key === 'adopt');
  if (pending?.notBefore === undefined || pending.attempt > 0) return undefined;
  delete pending.notBefore;
  return 'a deployment that was waited for has ended: looking at what runs';
}

/** Asks what the services run. `since`: when that was first asked, where the answer could not be used. */
export function lookAtWhatRuns(turn: Turn, since?: number): void {
  const services = turn.app.services.map((service) => service.name);
  if (since === undefined) {
    lookNow(turn);
    ask(turn, 'adopt', { kind: 'adopt', services });
    return;
  }
  ask(turn, 'adopt', { kind: 'adopt', services, since }, { notBefore: turn.now + SECOND_LOOK });
}

/** Looks at every service that is on its way. */
export function lookAtRollouts(turn: Turn, release: ReleaseDraft): void {
  const moving = release.services.filter((rollout) =>
    ['rolling', 'goingBack', 'failed'].includes(rollout.state),
  );
  if (moving.length > 0)
    lookAt(
      turn,
      moving.map((rollout) => rollout.service),
    );
}

/** Looks at every service of the app. */
export function lookAtAll(turn: Turn): void {
  lookAt(
    turn,
    turn.app.services.map((service) => service.name),
  );
}

/** Whether ECS changed the deployment it shows before it created the last one that Fairway ordered for the service. */
export function isOlderThanOurs({ state }: Turn, service: string, changedAt: number | undefined): boolean {
  const orders = [state.release, ...state.ended].flatMap((release) =>
    (release?.services ?? [])
      .filter((rollout) => rollout.service === service)
      .flatMap(({ deployedAt = 0, backDeployedAt = 0 }) => [deployedAt, backDeployedAt]),
  );
  return changedAt !== undefined && changedAt < Math.max(0, ...orders);
}

/** One look that proves nothing is followed by another one. True: this is that second look. */
export function isSecondLook(
  turn: Turn,
  rollout: ReleaseDraft['services'][number],
  services: readonly string[] = [rollout.service],
): boolean {
  const { doubtedAt } = rollout;
  if (doubtedAt !== undefined && turn.now - doubtedAt >= SECOND_LOOK) {
    delete rollout.doubtedAt;
    return true;
  }
  rollout.doubtedAt ??= turn.now;
  lookAt(turn, services, turn.now + SECOND_LOOK);
  return false;
}

/** A look that is pending already is made for these services as well, at the earlier time of the two. */
export function lookAt(turn: Turn, names: readonly string[], notBefore?: number): void {
  const pending = turn.state.outbox.find((entry) => entry.key === 'look');
  const others = pending?.effect.kind === 'lookAtServices' ? pending.effect.services : [];
  const services = [...new Set([...others, ...names])];
  if (!pending) {
    ask(turn, 'look', { kind: 'lookAtServices', services }, notBefore === undefined ? {} : { notBefore });
    return;
  }
  replace(turn, 'look', { kind: 'lookAtServices', services });
  // After a fault it waits for ECS, not for a time.
  if (pending.attempt > 0 || pending.notBefore === undefined) return;
  if (notBefore === undefined) delete pending.notBefore;
  else pending.notBefore = Math.min(pending.notBefore, notBefore);
}
