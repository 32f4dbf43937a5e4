import type { AnswerTo, EffectOf } from '../effects.ts';
import { announceRelease } from '../kernel/announcing.ts';
import type { Context, ReleaseDraft } from '../kernel/context.ts';
import { type ObservedServiceDeployment, SECOND_LOOK } from '../observations.ts';
import { revisionName } from '../revision.ts';
import { hasScaledUp, isOpen, judgeShift, revisionAfter } from '../strategies/shifting.ts';
import { judgeEnded } from './endedByEcs.ts';
import { noticePauses } from './pauses.ts';
import { proceed } from './proceeding.ts';
import { finishRollback, orderRollback } from './rollingBack.ts';
import { endRollout } from './verdict.ts';

/** Rollouts whose deployments shift traffic. ECS's record of the deployment that we started decides how one ends. */

type Rollout = ReleaseDraft['services'][number];
type Shift = NonNullable<Rollout['shift']>;

/** What stages without work, and the shifts of a Network Load Balancer, may take beside the bakes. */
const SLACK = 30 * 60_000;

/** What DescribeServiceDeployments says of our deployments. */
export function shiftsSeen(
  ctx: Context,
  release: ReleaseDraft,
  effect: EffectOf<'lookAtShifts'>,
  { shifts }: AnswerTo<'lookAtShifts'>,
): string {
  for (const { service, deployment } of effect.shifts) {
    const rollout = release.services.find((other) => other.service === service);
    if (!rollout) continue;
    const isBack = rollout.state === 'rollingBack';
    const seen = named(shifts[service] ?? [], deployment, rollout);
    if (rollout.state === 'rolling') judgeRolling(ctx, release, rollout, seen);
    else if (isBack) judgeGoingBack(ctx, release, rollout, seen);
    if (!isBack && release.failure) return release.failure.cause.sentence;
  }
  return release.step === 'rollingBack' ? finishRollback(ctx, release) : proceed(ctx);
}

/** A deployment that was seen to be ours is read without its revision. */
function named(
  seen: readonly ObservedServiceDeployment[],
  deployment: string | undefined,
  { shift, target = '', rollbackRevision = '' }: Rollout,
): readonly ObservedServiceDeployment[] {
  return seen.map((one) => {
    if (one.arn !== deployment || one.taskDefinition !== '') return one;
    return { ...one, taskDefinition: one.arn === shift?.returning ? rollbackRevision : target };
  });
}

function judgeRolling(
  ctx: Context,
  release: ReleaseDraft,
  rollout: Rollout,
  seen: readonly ObservedServiceDeployment[],
): void {
  const verdict = judgeShift(seen, rollout.target ?? '');
  if (verdict.kind === 'unproven') {
    const [theirs] = seen;
    rollout.doubtedAt ??= ctx.now;
    const isSecondLook = ctx.now - rollout.doubtedAt >= SECOND_LOOK;
    if (theirs && rollout.shift && isSecondLook) deployedOver(ctx, release, rollout, theirs);
    return;
  }
  const { ours } = verdict;
  noticePauses(ctx, release, rollout, ours);
  const { shift } = rollout;
  // A rolling deployment is judged by DescribeServices: only its pauses are read here.
  if (!shift) return;
  delete rollout.doubtedAt;
  shift.deployment = ours.arn;
  noticeProgress(ctx, release, rollout, shift, ours);
  switch (verdict.kind) {
    case 'open':
      return;
    case 'live':
      becomeLive(ctx, release, rollout);
      return;
    case 'ended': {
      const { newer } = verdict;
      const isTheirs = ours.status === 'STOPPED' && newer && newer.taskDefinition !== rollout.target;
      if (isTheirs) deployedOver(ctx, release, rollout, newer);
      else judgeEnded(ctx, release, rollout, ours);
    }
  }
}

function deployedOver(
  ctx: Context,
  release: ReleaseDraft,
  rollout: Rollout,
  { taskDefinition, arn }: ObservedServiceDeployment,
): void {
  endRollout(ctx, release, rollout, { kind: 'deployedOver', theirs: { taskDefinition, deploymentId: arn } });
}

function becomeLive(ctx: Context, release: ReleaseDraft, rollout: Rollout): void {
  rollout.state = 'live';
  if (rollout.shift) rollout.shift.endedAt = ctx.now;
  rollout.runs = `${revisionName(rollout.target ?? '')} at ${rollout.running}/${rollout.desired} tasks`;
  if (rollout.desired === 0) release.notes.push(`${rollout.service} was deployed at 0 tasks: unverified`);
  announceRelease(ctx, release);
}

/** The message is edited on change only. */
function noticeProgress(
  ctx: Context,
  release: ReleaseDraft,
  rollout: Rollout,
  shift: Shift,
  ours: ObservedServiceDeployment,
): void {
  const { stage, share = 0, testShare = 0, running = 0, watched } = ours;
  const isNew = shift.stage !== stage || (shift.share ?? 0) !== share || rollout.running !== running;
  if (shift.stage !== stage) shift.stageSince = ctx.now;
  if (stage !== undefined) shift.stage = stage;
  Object.assign(shift, { share, testShare, watched });
  rollout.running = running;
  rollout.seen = true;
  if (shift.scaledUpAt === undefined && hasScaledUp(stage)) shift.scaledUpAt = ctx.now;
  if (noticeLate(ctx, release, rollout, shift) || isNew) announceRelease(ctx, release);
}

/** Steps and bakes follow from the configuration: what takes much longer is announced, and ECS's own limits end it. */
function noticeLate(ctx: Context, release: ReleaseDraft, rollout: Rollout, shift: Shift): boolean {
  const { scaledUpAt, takes, late = false, stage = 'its stage' } = shift;
  const isWaiting = (rollout.pauses ?? []).length > 0;
  if (late || isWaiting || scaledUpAt === undefined || ctx.now < scaledUpAt + takes + SLACK) return false;
  shift.late = true;
  release.notes.push(
    `${rollout.service} takes longer than expected in ${stage}: ECS ends a stage after 24 h`,
  );
  return true;
}

/** ECS returns the traffic, or a deployment of the earlier revision shifts it back. */
function judgeGoingBack(
  ctx: Context,
  release: ReleaseDraft,
  rollout: Rollout,
  seen: readonly ObservedServiceDeployment[],
): void {
  const { shift, rollbackRevision, target = '' } = rollout;
  const wanted = shift?.stopping ? target : rollbackRevision;
  const one = seen.find(({ taskDefinition }) => taskDefinition === wanted);
  if (!one) {
    // ECS's own rollback is no deployment: it is part of the record of ours.
    const own = seen.find(({ taskDefinition }) => taskDefinition === target);
    const returned = own && revisionAfter(own);
    if (returned !== undefined && returned === rollbackRevision) noteRolledBack(rollout, returned);
    return;
  }
  if (!shift?.stopping) noticePauses(ctx, release, rollout, one);
  if (!shift) return;
  if (!shift.stopping) shift.returning = one.arn;
  noticeProgress(ctx, release, rollout, shift, one);
  if (isOpen(one)) return;
  if (shift.stopping) {
    // It may have ended otherwise than it was asked to: what runs is compared with what ran before.
    shift.stopping = false;
    orderRollback(ctx, release, rollout);
    return;
  }
  const runs = revisionAfter(one);
  // Where ECS gave up the deployment of the earlier revision, it may have returned to that same revision.
  if (runs !== undefined && runs === rollbackRevision) {
    noteRolledBack(rollout, runs);
    return;
  }
  rollout.state = 'rollbackFailed';
  if (runs === undefined) delete rollout.runs;
  else rollout.runs = revisionName(runs);
  release.notes.push(`${rollout.service} was not rolled back: ${one.words[0] ?? one.status}`);
}

function noteRolledBack(rollout: Rollout, revision: string): void {
  rollout.state = 'rolledBack';
  rollout.runs = revisionName(revision);
}

/** The answer to an order to roll back: ECS stops our deployment. */
export function shiftStopping(
  ctx: Context,
  release: ReleaseDraft,
  service: string,
  { deployment }: Extract<AnswerTo<'rollBack'>, { kind: 'stopping' }>,
): string {
  const rollout = release.services.find((other) => other.service === service);
  if (rollout?.state !== 'rollingBack' || !rollout.shift) return `${service} is not rolling back`;
  rollout.shift.stopping = true;
  rollout.shift.deployment = deployment;
  release.shiftsLookedAt = ctx.now;
  announceRelease(ctx, release);
  return `ECS returns the traffic of ${service}`;
}

/** Whether the rollout's own time is running: it is the budget for starting tasks, and a person's decision costs none. */
export function countsAgainstBudget({ state, shift, pauses = [] }: Rollout): boolean {
  if (state !== 'rolling' && state !== 'updating') return false;
  return pauses.length === 0 && shift?.scaledUpAt === undefined;
}
