import type { Answer } from '../answers.ts';
import { announceRelease } from '../kernel/announcing.ts';
import type { Context, ReleaseDraft } from '../kernel/context.ts';
import { knowsDeployment, rememberDeployment, rememberWithRevision } from '../kernel/deployments.ts';
import { enqueue } from '../kernel/outbox.ts';
import type { ObservedDeployment, ObservedService } from '../observations.ts';
import { revisionName } from '../revision.ts';
import {
  describe,
  hasFailed,
  isComplete,
  judge,
  type Order,
  primaryOf,
  reasonsOf,
} from '../strategies/rolling.ts';
import { askServiceDeployments, endedByEcs } from './endedByEcs.ts';
import { judgeRollback } from './judgingRollbacks.ts';
import { isSecondLook } from './looking.ts';
import { proceed } from './proceeding.ts';
import { type ForeignDeployment, finishRollback } from './rollingBack.ts';
import { timesOf } from './timing.ts';
import { endRollout } from './verdict.ts';

type Rollout = ReleaseDraft['services'][number];

/** UpdateService answered: the PRIMARY it named is the deployment we judge by. */
export function serviceUpdated(
  ctx: Context,
  release: ReleaseDraft,
  service: string,
  { deploymentId, createdAt }: Extract<Answer, { kind: 'serviceUpdated' }>,
): string {
  const rollout = release.services.find((other) => other.service === service);
  if (rollout?.state !== 'updating') return `${service} is not waiting for an update`;
  rollout.state = 'rolling';
  rollout.deploymentId = deploymentId;
  if (rollout.shift) release.shiftsLookedAt = ctx.now;
  // A last look that was ordered before this answer did not look at this service.
  delete release.lastLookAt;
  if (createdAt !== undefined) rollout.deployedAt = createdAt;
  rememberWithRevision(ctx, service, deploymentId, rollout.target ?? '');
  announceRelease(ctx, release);
  return `${service} rolls as ${deploymentId}`;
}

/** What DescribeServices says about *our* deployments: the only thing that ends a rollout. */
export function servicesSeen(
  ctx: Context,
  release: ReleaseDraft,
  observations: readonly ObservedService[],
): string {
  const goesBack = release.step === 'rollingBack';
  for (const observed of observations) {
    const rollout = release.services.find((other) => other.service === observed.service);
    if (!rollout) continue;
    if (isShifting(rollout) && isActive(observed)) {
      watchLate(ctx, rollout, observed);
      continue;
    }
    if (rollout.state === 'rolling') judgeRollout(ctx, release, rollout, observed);
    else if (rollout.state === 'rollingBack') judgeRollback(ctx, release, rollout, observed);
    else if (goesBack && rollout.state === 'failed') seeWhatIsLeft(ctx, rollout, observed);
    else if (!goesBack) judgeResting(ctx, release, rollout, observed);
    // A failure found in one service decides for all of them.
    if (!goesBack && release.failure) return release.failure.cause.sentence;
  }
  return goesBack ? finishRollback(ctx, release) : proceed(ctx);
}

function isActive(observed: ObservedService): boolean {
  return observed.found && observed.status === 'ACTIVE';
}

/** ECS's record of its service deployments says how far it is. */
function isShifting({ shift, state }: Rollout): boolean {
  return shift !== undefined && (state === 'rolling' || state === 'rollingBack');
}

/** Long after its time none of its tasks runs, and neither alarms nor the circuit breaker of ECS end it. */
function watchLate(
  ctx: Context,
  { service, state, shift, running, deploymentId }: Rollout,
  seen: ObservedService,
) {
  const isIdle = shift?.late === true && !shift.watched && running === 0 && seen.desired > 0;
  if (!isIdle || state !== 'rolling' || deploymentId === undefined) return;
  enqueue(ctx, `healthy:${service}`, { kind: 'countHealthy', service, deploymentId });
}

/** What a failed release left as it is, by a check that is not older than our own deployment. */
function seeWhatIsLeft(ctx: Context, rollout: Rollout, observed: ObservedService): void {
  const isOlder = judge(observed, orderOf(rollout), isKnown(ctx, rollout)).kind === 'unproven';
  if (rollout.deploymentId !== undefined && !rollout.shift && isOlder && !isSecondLook(ctx, rollout)) return;
  delete rollout.doubtedAt;
  rollout.runs = describe(observed);
}

/** A service that waits for its turn, or has had it: a PRIMARY that Fairway does not know was deployed outside it. */
function judgeResting(
  ctx: Context,
  release: ReleaseDraft,
  rollout: Rollout,
  observed: ObservedService,
): void {
  const primary = primaryOf(observed);
  if (!observed.found || !primary || knowsDeployment(ctx, rollout.service, primary.id)) return;
  if (primary.taskDefinition !== rollout.target) {
    endRollout(ctx, release, rollout, { kind: 'deployedOver', theirs: foreignOf(primary) });
    return;
  }
  // Ours, and the answer to our order is still on its way.
  if (rollout.state !== 'live') return;
  if (rollout.shift) {
    // While traffic shifts, ECS may not list the deployment under the id that it has at rest.
    rememberDeployment(ctx, rollout.service, primary.id);
    return;
  }
  follow(ctx, release, rollout, primary);
  if (release.step === 'rolling') rollout.state = 'rolling';
}

function judgeRollout(
  ctx: Context,
  release: ReleaseDraft,
  rollout: Rollout,
  observed: ObservedService,
): void {
  if (!isActive(observed)) {
    const status = observed.found ? observed.status : 'missing';
    endRollout(ctx, release, rollout, { kind: 'serviceGone', status });
    return;
  }
  rollout.desired = observed.desired;
  rollout.threshold = observed.threshold;
  const ours = observed.deployments.find((deployment) => deployment.id === rollout.deploymentId);
  if (ours) {
    rollout.running = ours.running;
    rollout.seen = true;
  }
  const verdict = judge(observed, orderOf(rollout), isKnown(ctx, rollout));
  if (verdict.kind === 'unproven') {
    if (isSecondLook(ctx, rollout)) askServiceDeployments(ctx, release, rollout);
    return;
  }
  delete rollout.doubtedAt;
  switch (verdict.kind) {
    case 'ours':
      judgePrimary(ctx, release, rollout, observed, verdict.deployment);
      return;
    case 'redeployed':
      follow(ctx, release, rollout, verdict.deployment);
      judgePrimary(ctx, release, rollout, observed, verdict.deployment);
      return;
    case 'ended':
      endedByEcs(ctx, release, rollout, verdict);
      return;
    case 'foreign':
      endRollout(ctx, release, rollout, { kind: 'deployedOver', theirs: foreignOf(verdict.deployment) });
  }
}

function isKnown(ctx: Context, { service }: Rollout): (deploymentId: string) => boolean {
  return (deploymentId) => knowsDeployment(ctx, service, deploymentId);
}

function orderOf({ deploymentId = '', target = '', deployedAt, seen = false }: Rollout): Order {
  return { deploymentId, target, seen, ...(deployedAt === undefined ? {} : { createdAt: deployedAt }) };
}

/** Someone has forced a new deployment of our revision: it brings what the release brings, and is judged as ours. */
function follow(
  ctx: Context,
  release: ReleaseDraft,
  rollout: Rollout,
  { id, createdAt, running, taskDefinition }: ObservedDeployment,
): void {
  rollout.deploymentId = id;
  if (createdAt === undefined) delete rollout.deployedAt;
  else rollout.deployedAt = createdAt;
  rollout.seen = true;
  rollout.running = running;
  rollout.stoppedTasks = [];
  rememberDeployment(ctx, rollout.service, id);
  const what = revisionName(taskDefinition);
  release.notes.push(`a new deployment of ${what} was forced outside Fairway: v${release.number} follows it`);
}

function judgePrimary(
  ctx: Context,
  release: ReleaseDraft,
  rollout: Rollout,
  observed: ObservedService,
  primary: ObservedDeployment,
): void {
  if (hasFailed(primary)) {
    endedByEcs(ctx, release, rollout, reasonsOf([primary]));
    return;
  }
  if (!isComplete(observed, primary) || primary.taskDefinition !== rollout.target) return;
  rollout.state = 'live';
  rollout.times = timesOf(observed.events ?? [], rollout.deployedAt);
  rollout.running = primary.running;
  rollout.runs = describe(observed);
  if (observed.desired === 0 && observed.scheduling !== 'DAEMON') {
    release.notes.push(`${rollout.service} was deployed at 0 tasks: unverified`);
  }
  if (observed.earlySuccess && primary.running < observed.desired) {
    release.notes.push(
      `${rollout.service} is live at ${primary.running} of ${observed.desired} tasks: ECS starts the rest without circuit breaker or alarms`,
    );
  }
  announceRelease(ctx, release);
}

function foreignOf({ id, taskDefinition }: ObservedDeployment): ForeignDeployment {
  return { deploymentId: id, taskDefinition };
}
