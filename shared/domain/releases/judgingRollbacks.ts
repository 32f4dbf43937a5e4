import type { Context, ReleaseDraft } from '../kernel/context.ts';
import { knowsDeployment, rememberDeployment } from '../kernel/deployments.ts';
import type { ObservedDeployment, ObservedService } from '../observations.ts';
import { revisionName } from '../revision.ts';
import { describe, hasFailed, isAfter, isComplete, primaryOf } from '../strategies/rolling.ts';
import { isSecondLook } from './looking.ts';
import { leaveToOthers } from './rollingBack.ts';

/** What a look at a service proves about its rollback. */

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
  const isKnown = knowsDeployment(ctx, service, primary.id);
  // ECS's breaker may give up the copy of the earlier revision, and return to the deployment of before.
  const isBefore = isKnown && primary.taskDefinition === rollout.before?.taskDefinition;
  if (primary.taskDefinition === rollbackRevision || isBefore) {
    judgeReturn(ctx, release, rollout, observed, primary);
    return;
  }
  if (primary.taskDefinition === rollout.target) {
    if (isProven(ctx, rollout, primary)) runsAgain(ctx, release, rollout, primary);
    return;
  }
  if (isKnown && !isProven(ctx, rollout, primary)) return;
  leaveToOthers(ctx, rollout, { taskDefinition: primary.taskDefinition, deploymentId: primary.id });
}

/** PRIMARY is what was ordered, or what ran before. */
function judgeReturn(
  ctx: Context,
  release: ReleaseDraft,
  rollout: Rollout,
  observed: ObservedService,
  primary: ObservedDeployment,
): void {
  const { service, rollbackRevision = '' } = rollout;
  const isBack = isComplete(observed, primary);
  if (!(isBack || hasFailed(primary)) || !isProven(ctx, rollout, primary)) return;
  rollout.state = isBack ? 'rolledBack' : 'rollbackFailed';
  if (primary.taskDefinition === rollbackRevision) return;
  rollout.rollbackRevision = primary.taskDefinition;
  const returned = `returned to ${revisionName(primary.taskDefinition)}`;
  release.notes.push(`${service}: ECS could not deploy ${revisionName(rollbackRevision)} and ${returned}`);
}

/** Whether the look is newer than the last deployment that Fairway ordered. */
function isProven(ctx: Context, rollout: Rollout, primary: ObservedDeployment): boolean {
  const { rollbackDeployedAt, rollbackDeploymentId, deploymentId, deployedAt } = rollout;
  const byOurOrder = rollbackDeployedAt !== undefined && primary.id === rollbackDeploymentId;
  // Our own deployment changes while it rolls: that alone does not prove that ECS returned to it.
  const since = rollbackDeployedAt ?? (primary.id === deploymentId ? undefined : deployedAt);
  const isNewer = byOurOrder || isAfter(primary, since) === true;
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
        `${service} could not be rolled back: ECS could not deploy ${revisionName(rollbackRevision)} either and returned to ${what}`,
  );
}
