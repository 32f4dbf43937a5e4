import type { DomainEvent } from '../events.ts';
import { ask, drop, knowsDeployment, type ReleaseDraft, type Turn } from './draft.ts';

/** When ECS is asked how things stand. */

/** ECS says that a deployment ended. Whose it was, and how it ended, is looked up. */
export function deploymentEnded(
  turn: Turn,
  event: Extract<DomainEvent, { type: 'deploymentEnded' }>,
): string {
  const { state } = turn;
  const { release } = state;
  if (!release) {
    if (state.adoptedAt === undefined) return 'the app has not been seen yet';
    if (knowsDeployment(turn, event.service, event.deploymentId)) return 'the deployment is known';
    ask(turn, 'adopt', { kind: 'adopt', services: turn.app.services.map((service) => service.name) });
    return `${event.service} was deployed by somebody else: looking`;
  }
  const rollout = release.services.find((other) => other.service === event.service);
  if (!rollout) return 'the service is not part of the release';
  if (release.step === 'preparing' && !rollout.before) {
    ask(turn, 'look', { kind: 'lookAtServices', services: turn.app.services.map((service) => service.name) });
    return 'a deployment that was waited for has ended';
  }
  if (rollout.state !== 'rolling' && rollout.state !== 'goingBack') {
    const known = knowsDeployment(turn, event.service, event.deploymentId);
    if (known || !rollout.before || release.step === 'rollingBack') return 'the service is not rolling';
    lookAt(turn, [event.service]);
    return `${event.service} was deployed by somebody else: looking`;
  }
  lookAtRollouts(turn, release);
  return `a deployment of ${event.service} ended: looking`;
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

/** A look that is pending already and leaves one of them out is made again for all. */
function lookAt(turn: Turn, services: readonly string[]): void {
  const pending = turn.state.outbox.find((entry) => entry.key === 'look');
  const covered =
    pending?.effect.kind === 'lookAtServices' &&
    services.every(
      (name) => pending.effect.kind === 'lookAtServices' && pending.effect.services.includes(name),
    );
  const others = pending?.effect.kind === 'lookAtServices' ? pending.effect.services : [];
  if (pending && !covered) drop(turn, (entry) => entry.key === 'look');
  ask(turn, 'look', { kind: 'lookAtServices', services: [...new Set([...others, ...services])] });
}
