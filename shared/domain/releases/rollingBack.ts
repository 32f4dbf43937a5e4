import type { Answer } from '../answers.ts';
import { counted } from '../counted.ts';
import type { EffectOf } from '../effects.ts';
import type { Context, ReleaseDraft } from '../kernel/context.ts';
import { rememberDeployment, rememberWithRevision } from '../kernel/deployments.ts';
import { enqueue } from '../kernel/outbox.ts';
import { SECOND_LOOK } from '../observations.ts';
import type { Cause } from '../release.ts';
import { revisionName } from '../revision.ts';
import { endRelease } from './ending.ts';
import { holdForDecision, holdForFailedRollback, holdForForeignDeployment } from './holding.ts';
import { endingsOf, hasSucceeded, openTask, tasksOfRelease, waitsFor } from './releaseTasks.ts';
import { closeStep } from './steps.ts';

/**
 * What a failed release rolls back, and to what. Every service that it may have changed returns to the
 * revision and digest that it ran before, unless a person has to decide, or someone else has deployed to it.
 */

type Rollout = ReleaseDraft['services'][number];

/** Services that this release may have touched. */
export function changedServices(release: ReleaseDraft) {
  return release.services.filter(isChanged);
}

export function isChanged(rollout: Rollout): boolean {
  return rollout.state !== 'pending' && rollout.state !== 'unchanged';
}

/** Orders the rollback of every changed service, or leaves them to a person. */
export function rollBackChanged(ctx: Context, release: ReleaseDraft): string {
  const leave = whyLeave(ctx, release);
  release.step = 'rollingBack';
  release.deadline = ctx.now + ctx.app.timeouts.rollBack;
  delete release.rateLimitedSince;
  if (leave !== undefined) return leaveToPerson(ctx, release, leave);
  const changed = changedServices(release);
  release.steps.push({ name: 'roll back', kind: 'rollBack', state: 'running', startedAt: ctx.now });
  extendDeadline(ctx, release, changed);
  for (const rollout of changed) orderRollback(ctx, release, rollout);
  return `${release.failure?.cause.sentence} Rolling back ${counted(changed.length, 'service')}.`;
}

function whyLeave(ctx: Context, release: ReleaseDraft): string | undefined {
  if (ctx.app.onFailure === 'leave') return 'the configuration leaves failed releases to a person';
  const done = tasksOfRelease(ctx, release).filter(hasSucceeded);
  const irreversible = ctx.app.before.find(
    ({ name, reversible }) => !reversible && done.some(({ task }) => task === name),
  );
  if (!irreversible) return undefined;
  return `${irreversible.name} has run and is marked not reversible`;
}

/** What ECS itself has rolled back is looked up and reported; the rest stays, and the app is held. */
function leaveToPerson(ctx: Context, release: ReleaseDraft, why: string): string {
  holdForDecision(ctx, release, why);
  release.notes.push(`left as it is, because ${why}`);
  for (const rollout of changedServices(release)) {
    rememberUnanswered(ctx, rollout);
    rollout.state = 'failed';
  }
  enqueue(ctx, 'look', {
    kind: 'lookAtServices',
    services: changedServices(release).map((rollout) => rollout.service),
  });
  return `left to a person: ${why}`;
}

/** Its UpdateService may have reached ECS without an answer: the deployment of its revision is ours. */
function rememberUnanswered(ctx: Context, { service, deploymentId, target }: Rollout): void {
  if (deploymentId === undefined && target !== undefined) rememberDeployment(ctx, service, target);
}

/** Orders the rollback of one service. */
export function orderRollback(ctx: Context, release: ReleaseDraft, rollout: Rollout): void {
  if (!rollout.before) return;
  rollout.state = 'rollingBack';
  // They were of the deployment that is left.
  delete rollout.pauses;
  const ours = [rollout.deploymentId, rollout.rollbackDeploymentId].filter((id) => id !== undefined);
  const orderedAt = Math.max(rollout.deployedAt ?? 0, rollout.rollbackDeployedAt ?? 0);
  enqueue(ctx, `back:${rollout.service}`, {
    kind: 'rollBack',
    service: rollout.service,
    revision: rollout.before.taskDefinition,
    ...(rollout.before.digest === undefined ? {} : { digest: rollout.before.digest }),
    ...(rollout.settings && { settings: rollout.settings.from }),
    target: rollout.target ?? '',
    expected: rollout.before.deploymentId,
    ours,
    ...(orderedAt > 0 ? { orderedAt } : {}),
    releaseId: release.id,
    release: release.number,
    ...(rollout.shift && { shift: { since: (rollout.shift.orderedAt ?? release.startedAt) - SKEW } }),
  });
}

/** How far the clocks of Fairway and ECS may differ. */
const SKEW = 60_000;
/** A Network Load Balancer takes ten minutes for each of two shifts, and Lambda hooks run again. */
const RETURNING = 25 * 60_000;

/** A stopped deployment returns the traffic; after a success, a new one of the earlier revision shifts it back. */
function extendDeadline(ctx: Context, release: ReleaseDraft, changed: readonly Rollout[]): void {
  for (const { service, shift, state } of changed) {
    if (!shift) continue;
    const takes = state === 'live' ? shift.takes : 0;
    if (state === 'live')
      release.notes.push(
        `${service} rolls back by a new ${shift.strategy} deployment: that takes ${Math.round(takes / 60_000)} min after its tasks run`,
      );
    release.deadline = Math.max(release.deadline, ctx.now + ctx.app.timeouts.rollBack + RETURNING + takes);
  }
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
  rememberWithRevision(ctx, service, theirs.deploymentId, theirs.taskDefinition);
  holdForForeignDeployment(ctx, `${what} was deployed to ${service} outside Fairway`);
}

/** The order to roll a service back was given, or was not needed. */
export function rollingBack(
  ctx: Context,
  release: ReleaseDraft,
  service: string,
  answer: Extract<Answer, { kind: 'rollingBack' }>,
): string {
  const rollout = release.services.find((other) => other.service === service);
  if (rollout?.state !== 'rollingBack') return `${service} is not rolling back`;
  rollout.rollbackRevision = answer.revision;
  rollout.rollbackDeploymentId = answer.deploymentId;
  if (isNewerThanOurs(rollout, answer.createdAt)) rollout.rollbackDeployedAt = answer.createdAt;
  delete rollout.doubtedAt;
  rememberWithRevision(ctx, service, answer.deploymentId, answer.revision);
  // ECS has its time from here on, however long the order took.
  const { rollBack } = ctx.app.timeouts;
  const shifting = rollout.shift && answer.createdAt !== undefined ? RETURNING + rollout.shift.takes : 0;
  release.deadline = Math.max(release.deadline, ctx.now + rollBack + shifting);
  if (answer.completed) {
    rollout.state = 'rolledBack';
    rollout.runs = revisionName(answer.revision);
  }
  return finishRollback(ctx, release);
}

/** UpdateService changes nothing where ECS has returned to that revision just now: it answers the earlier deployment. */
function isNewerThanOurs({ deployedAt = 0 }: Rollout, createdAt: number | undefined): createdAt is number {
  return createdAt !== undefined && createdAt >= deployedAt;
}

/** The service seems to run what it ran before, by a look that may be older than our order. */
export function rollbackUnproven(ctx: Context, release: ReleaseDraft, effect: EffectOf<'rollBack'>): string {
  const { service } = effect;
  const rollout = release.services.find((other) => other.service === service);
  if (rollout?.state !== 'rollingBack') return `${service} is not rolling back`;
  const doubtedAt = effect.doubtedAt ?? ctx.now;
  enqueue(ctx, `back:${service}`, { ...effect, doubtedAt }, { notBefore: doubtedAt + SECOND_LOOK });
  return `${service} seems to run what it ran before: looking once more`;
}

export function rollbackRefused(ctx: Context, release: ReleaseDraft, service: string, cause: Cause): string {
  const rollout = release.services.find((other) => other.service === service);
  if (!rollout) return `${service} is not part of the release`;
  rollout.state = 'rollbackFailed';
  // What was seen last is from before the order.
  delete rollout.runs;
  release.notes.push(`${service} could not be rolled back: ${cause.sentence}`);
  return finishRollback(ctx, release);
}

/** Called whenever a service has rolled back, or has not, and when the task of a failed release has ended. */
export function finishRollback(ctx: Context, release: ReleaseDraft): string {
  const changed = changedServices(release);
  const { failure } = release;
  if (!failure || changed.some((rollout) => rollout.state === 'rollingBack')) return 'rolling back';
  const isDoubtful = changed.some(({ state, doubtedAt }) => state === 'failed' && doubtedAt !== undefined);
  if (isDoubtful) return 'looking once more at what runs';
  const open = openTask(ctx, release);
  if (open) return waitsFor(open);
  const why = [failure.cause.sentence, ...endingsOf(ctx, release)].join(' ');
  if (changed.length === 0) return endRelease(ctx, release, failure.outcome, `${why} ${endOf(release)}`);
  const stuck = changed.filter((rollout) => rollout.state === 'rollbackFailed');
  if (stuck.length > 0) {
    for (const rollout of stuck) rememberUnanswered(ctx, rollout);
    const names = stuck.map((rollout) => rollout.service).join(', ');
    closeStep(release, 'roll back', 'failed', ctx.now);
    holdForFailedRollback(ctx, release, names);
    return endRelease(ctx, release, 'rollbackFailed', `${why} The rollback failed for ${names}: act now.`);
  }
  closeStep(release, 'roll back', 'done', ctx.now);
  return endRelease(ctx, release, failure.outcome, `${why} ${endOf(release)}`);
}

const STAYS = 'That deployment stays, and Fairway leaves it alone.';

/** What the release has left behind. */
function endOf(release: ReleaseDraft): string {
  const changed = changedServices(release);
  if (changed.some(({ state }) => state === 'failed')) return 'It was left as it is: a person decides.';
  if (isLeftToOthers(release)) {
    const back = changed.map(({ service }) => service);
    return back.length === 0 ? STAYS : `${STAYS} Rolled back: ${back.join(', ')}.`;
  }
  return changed.length === 0 ? 'No service was changed.' : 'Everything was rolled back.';
}

/** Whether a service of it was deployed outside Fairway. */
function isLeftToOthers({ services }: ReleaseDraft): boolean {
  return services.some(({ state, runs }) => state === 'unchanged' && runs !== undefined);
}
