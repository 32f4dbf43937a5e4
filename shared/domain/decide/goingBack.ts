import type { Answer } from '../answers.ts';
import type { Cause } from '../release.ts';
import { revisionName } from '../revision.ts';
import { describe, isComplete, primaryOf, type ServiceSight } from '../sights.ts';
import { type ReleaseDraft, rememberDeployment, type Turn } from './draft.ts';
import { finishGoingBack } from './ending.ts';
import { hold } from './holding.ts';

/** Services on their way back to what they ran before. */

type Rollout = ReleaseDraft['services'][number];

/** The deployment's id may be reused by ECS's own rollback: what counts is PRIMARY's revision, and COMPLETED. */
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
  const wanted = rollout.backTo ?? rollout.before?.taskDefinition;
  if (primary.taskDefinition === wanted) {
    if (isComplete(sight, primary)) rollout.state = 'back';
    if (primary.rolloutState === 'FAILED') rollout.state = 'stuck';
    return;
  }
  if (rollout.backTo === undefined) return;
  if (primary.taskDefinition === rollout.target) {
    // ECS's breaker gave up the old revision, and took the service to what had completed last: ours.
    rollout.state = 'stuck';
    release.notes.push(
      `${rollout.service} could not be put back: ECS gave up ${revisionName(rollout.backTo)} as well and returned to ${revisionName(primary.taskDefinition)}`,
    );
    return;
  }
  leaveToOthers(turn, rollout, { taskDefinition: primary.taskDefinition, deploymentId: primary.id });
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
  rememberDeployment(turn, service, answer.deploymentId);
  if (answer.completed) {
    rollout.state = 'back';
    rollout.runs = revisionName(answer.revision);
  }
  return finishGoingBack(turn, release);
}

export function cannotGoBack(turn: Turn, release: ReleaseDraft, service: string, cause: Cause): string {
  const rollout = release.services.find((other) => other.service === service);
  if (!rollout) return `${service} is not part of the release`;
  rollout.state = 'stuck';
  release.notes.push(`${service} could not be put back: ${cause.sentence}`);
  return finishGoingBack(turn, release);
}
