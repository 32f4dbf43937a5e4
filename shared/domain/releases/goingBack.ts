import type { Answer } from '../answers.ts';
import type { EffectOf } from '../effects.ts';
import { ask, knowsDeployment, type ReleaseDraft, rememberDeployment, type Turn } from '../kernel/draft.ts';
import type { Cause } from '../release.ts';
import { revisionName } from '../revision.ts';
import { type DeploymentSight, describe, isComplete, primaryOf, type ServiceSight } from '../sights.ts';
import { finishGoingBack } from './ending.ts';
import { hold } from './holding.ts';
import { isSecondLook } from './looking.ts';
import { isAfter, SECOND_LOOK } from './verdict.ts';

/** Services on their way back to what they ran before. */

type Rollout = ReleaseDraft['services'][number];

/**
 * ECS's own rollback reuses a deployment's id, and a look may be older than our order: PRIMARY's revision and COMPLETED
 * count, once ECS has changed that deployment after our own was created, or a second look shows the same.
 */
export function judgeGoingBack(
  turn: Turn,
  release: ReleaseDraft,
  rollout: Rollout,
  sight: ServiceSight,
): void {
  const primary = primaryOf(sight);
  rollout.runs = describe(sight);
  if (!sight.found || sight.status !== 'ACTIVE' || !primary) {
    rollout.state = 'stuck';
    return;
  }
  rollout.desired = sight.desired;
  rollout.running = primary.running;
  const { backTo, service } = rollout;
  // The order is pending, and looks itself.
  if (backTo === undefined) return;
  if (primary.taskDefinition === backTo) {
    const ended =
      primary.rolloutState === 'FAILED' ? 'stuck' : isComplete(sight, primary) ? 'back' : undefined;
    if (ended && isProven(turn, rollout, primary)) rollout.state = ended;
    return;
  }
  if (primary.taskDefinition === rollout.target) {
    if (isProven(turn, rollout, primary)) runsAgain(turn, release, rollout, primary);
    return;
  }
  const isKnown = knowsDeployment(turn, service, primary.id);
  if (isKnown && !isProven(turn, rollout, primary)) return;
  leaveToOthers(turn, rollout, { taskDefinition: primary.taskDefinition, deploymentId: primary.id });
}

/** Whether the look is newer than the last deployment that Fairway ordered. */
function isProven(turn: Turn, rollout: Rollout, primary: DeploymentSight): boolean {
  const { backDeployedAt, backDeploymentId, deployedAt } = rollout;
  const byOurOrder = backDeployedAt !== undefined && primary.id === backDeploymentId;
  const isNewer = byOurOrder || isAfter(primary, backDeployedAt ?? deployedAt) === true;
  if (!isNewer) return isSecondLook(turn, rollout);
  delete rollout.doubtedAt;
  return true;
}

/** The failed revision is PRIMARY again, although another one was ordered. */
function runsAgain(turn: Turn, release: ReleaseDraft, rollout: Rollout, primary: DeploymentSight): void {
  const { service, backTo = '', backDeployedAt, deployedAt } = rollout;
  const since = backDeployedAt ?? deployedAt;
  const isForced = primary.createdAt !== undefined && since !== undefined && primary.createdAt > since;
  const what = revisionName(primary.taskDefinition);
  rollout.state = 'stuck';
  rememberDeployment(turn, service, primary.id);
  release.notes.push(
    isForced
      ? `${service} was not rolled back: ${what} was deployed to it again outside Fairway`
      : // ECS's breaker gave up the old revision, and took the service to what had completed last: ours.
        `${service} could not be put back: ECS gave up ${revisionName(backTo)} as well and returned to ${what}`,
  );
}

/** A deployment that is not ours, by what ECS says of it. */
export interface ForeignDeployment {
  readonly taskDefinition: string;
  readonly deploymentId: string;
}

/** The answer to an order to roll back: someone deployed over the failed release in the meantime. */
export function leftToOthers(
  turn: Turn,
  release: ReleaseDraft,
  service: string,
  theirs: ForeignDeployment,
): string {
  const rollout = release.services.find((other) => other.service === service);
  if (rollout) leaveToOthers(turn, rollout, theirs);
  return finishGoingBack(turn, release);
}

/** Rolling back over their deployment would undo what a person did: theirs stays, and the app waits for a person. */
export function leaveToOthers(turn: Turn, rollout: Rollout, theirs: ForeignDeployment): void {
  const { service } = rollout;
  const what = revisionName(theirs.taskDefinition);
  rollout.state = 'unchanged';
  rollout.runs = what;
  delete turn.state.digests[service];
  rememberDeployment(turn, service, theirs.deploymentId);
  hold(turn, 'Fairway', `${what} was deployed to ${service} outside Fairway`);
}

/** The order to put a service back was given, or was not needed. */
export function goingBack(
  turn: Turn,
  release: ReleaseDraft,
  service: string,
  answer: Extract<Answer, { kind: 'goingBack' }>,
): string {
  const rollout = release.services.find((other) => other.service === service);
  if (rollout?.state !== 'goingBack') return `${service} is not going back`;
  rollout.backTo = answer.revision;
  rollout.backDeploymentId = answer.deploymentId;
  if (answer.createdAt !== undefined) rollout.backDeployedAt = answer.createdAt;
  delete rollout.doubtedAt;
  rememberDeployment(turn, service, answer.deploymentId);
  if (answer.completed) {
    rollout.state = 'back';
    rollout.runs = revisionName(answer.revision);
  }
  return finishGoingBack(turn, release);
}

/** The service seems to run what it ran before, by a look that may be older than our order. */
export function backUnproven(turn: Turn, release: ReleaseDraft, effect: EffectOf<'putBack'>): string {
  const { service } = effect;
  const rollout = release.services.find((other) => other.service === service);
  if (rollout?.state !== 'goingBack') return `${service} is not going back`;
  const doubtedAt = effect.doubtedAt ?? turn.now;
  ask(turn, `back:${service}`, { ...effect, doubtedAt }, { notBefore: doubtedAt + SECOND_LOOK });
  return `${service} seems to run what it ran before: looking once more`;
}

export function cannotGoBack(turn: Turn, release: ReleaseDraft, service: string, cause: Cause): string {
  const rollout = release.services.find((other) => other.service === service);
  if (!rollout) return `${service} is not part of the release`;
  rollout.state = 'stuck';
  release.notes.push(`${service} could not be put back: ${cause.sentence}`);
  return finishGoingBack(turn, release);
}
