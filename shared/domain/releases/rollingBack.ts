import type { Answer } from '../answers.ts';
import type { EffectOf } from '../effects.ts';
import type { Context, ReleaseDraft } from '../kernel/context.ts';
import { knowsDeployment, rememberDeployment } from '../kernel/deployments.ts';
import { enqueue } from '../kernel/outbox.ts';
import {
  describe,
  isComplete,
  type ObservedDeployment,
  type ObservedService,
  primaryOf,
  SECOND_LOOK,
} from '../observations.ts';
import type { Cause } from '../release.ts';
import { revisionName } from '../revision.ts';
import { finishRollback } from './ending.ts';
import { hold } from './holding.ts';
import { isSecondLook } from './looking.ts';
import { isAfter } from './verdict.ts';

/** Services on their way back to what they ran before. */

type Rollout = ReleaseDraft['services'][number];

/**
 * ECS's own rollback reuses a deployment's id, and a look may be older than our order: PRIMARY's revision and COMPLETED
 * count, once ECS has changed that deployment after our own was created, or a second look shows the same.
 */
export function judgeRollback(
  ctx: Context,
  release: ReleaseDraft,
  rollout: Rollout,
  observed: ObservedService,
): void {
  const primary = primaryOf(observed);
  rollout.runs = describe(observed);
  if (!observed.found || observed.status !== 'ACTIVE' || !primary) {
    rollout.state = 'rollbackFailed';
    return;
  }
  rollout.desired = observed.desired;
  rollout.running = primary.running;
  const { rollbackRevision, service } = rollout;
  // The order is pending, and looks itself.
  if (rollbackRevision === undefined) return;
  if (primary.taskDefinition === rollbackRevision) {
    const ended =
      primary.rolloutState === 'FAILED'
        ? 'rollbackFailed'
        : isComplete(observed, primary)
          ? 'rolledBack'
          : undefined;
    if (ended && isProven(ctx, rollout, primary)) rollout.state = ended;
    return;
  }
  if (primary.taskDefinition === rollout.target) {
    if (isProven(ctx, rollout, primary)) runsAgain(ctx, release, rollout, primary);
    return;
  }
  const isKnown = knowsDeployment(ctx, service, primary.id);
  if (isKnown && !isProven(ctx, rollout, primary)) return;
  leaveToOthers(ctx, rollout, { taskDefinition: primary.taskDefinition, deploymentId: primary.id });
}

/** Whether the look is newer than the last deployment that Fairway ordered. */
function isProven(ctx: Context, rollout: Rollout, primary: ObservedDeployment): boolean {
  const { rollbackDeployedAt, rollbackDeploymentId, deployedAt } = rollout;
  const byOurOrder = rollbackDeployedAt !== undefined && primary.id === rollbackDeploymentId;
  const isNewer = byOurOrder || isAfter(primary, rollbackDeployedAt ?? deployedAt) === true;
  if (!isNewer) return isSecondLook(ctx, rollout);
  delete rollout.doubtedAt;
  return true;
}

/** The failed revision is PRIMARY again, although another one was ordered. */
function runsAgain(ctx: Context, release: ReleaseDraft, rollout: Rollout, primary: ObservedDeployment): void {
  const { service, rollbackRevision = '', rollbackDeployedAt, deployedAt } = rollout;
  const since = rollbackDeployedAt ?? deployedAt;
  const isForced = primary.createdAt !== undefined && since !== undefined && primary.createdAt > since;
  const what = revisionName(primary.taskDefinition);
  rollout.state = 'rollbackFailed';
  rememberDeployment(ctx, service, primary.id);
  release.notes.push(
    isForced
      ? `${service} was not rolled back: ${what} was deployed to it again outside Fairway`
      : // ECS's breaker gave up the old revision, and took the service to what had completed last: ours.
        `${service} could not be put back: ECS gave up ${revisionName(rollbackRevision)} as well and returned to ${what}`,
  );
}

/** A deployment that is not ours, by what ECS says of it. */
export interface ForeignDeployment {
  readonly taskDefinition: string;
  readonly deploymentId: string;
}

/** The answer to an order to roll back: someone deployed over the failed release in the meantime. */
export function leftToOthers(
  ctx: Context,
  release: ReleaseDraft,
  service: string,
  theirs: ForeignDeployment,
): string {
  const rollout = release.services.find((other) => other.service === service);
  if (rollout) leaveToOthers(ctx, rollout, theirs);
  return finishRollback(ctx, release);
}

/** Rolling back over their deployment would undo what a person did: theirs stays, and the app waits for a person. */
export function leaveToOthers(ctx: Context, rollout: Rollout, theirs: ForeignDeployment): void {
  const { service } = rollout;
  const what = revisionName(theirs.taskDefinition);
  rollout.state = 'unchanged';
  rollout.runs = what;
  delete ctx.state.liveDigests[service];
  rememberDeployment(ctx, service, theirs.deploymentId);
  hold(ctx, 'Fairway', `${what} was deployed to ${service} outside Fairway`);
}

/** The order to put a service back was given, or was not needed. */
export function rollingBack(
  ctx: Context,
  release: ReleaseDraft,
  service: string,
  answer: Extract<Answer, { kind: 'rollingBack' }>,
): string {
  const rollout = release.services.find((other) => other.service === service);
  if (rollout?.state !== 'rollingBack') return `${service} is not going back`;
  rollout.rollbackRevision = answer.revision;
  rollout.rollbackDeploymentId = answer.deploymentId;
  if (answer.createdAt !== undefined) rollout.rollbackDeployedAt = answer.createdAt;
  delete rollout.doubtedAt;
  rememberDeployment(ctx, service, answer.deploymentId);
  if (answer.completed) {
    rollout.state = 'rolledBack';
    rollout.runs = revisionName(answer.revision);
  }
  return finishRollback(ctx, release);
}

/** The service seems to run what it ran before, by a look that may be older than our order. */
export function rollbackUnproven(ctx: Context, release: ReleaseDraft, effect: EffectOf<'rollBack'>): string {
  const { service } = effect;
  const rollout = release.services.find((other) => other.service === service);
  if (rollout?.state !== 'rollingBack') return `${service} is not going back`;
  const doubtedAt = effect.doubtedAt ?? ctx.now;
  enqueue(ctx, `back:${service}`, { ...effect, doubtedAt }, { notBefore: doubtedAt + SECOND_LOOK });
  return `${service} seems to run what it ran before: looking once more`;
}

export function rollbackRefused(ctx: Context, release: ReleaseDraft, service: string, cause: Cause): string {
  const rollout = release.services.find((other) => other.service === service);
  if (!rollout) return `${service} is not part of the release`;
  rollout.state = 'rollbackFailed';
  release.notes.push(`${service} could not be put back: ${cause.sentence}`);
  return finishRollback(ctx, release);
}
