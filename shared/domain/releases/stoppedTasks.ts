import type { Answer } from '../answers.ts';
import { counted } from '../counted.ts';
import { isSymptom, TARGET_HEALTH, tellsMore } from '../diagnosis/weight.ts';
import type { DomainEvent } from '../events.ts';
import { announceRelease } from '../kernel/announcing.ts';
import type { Context, ReleaseDraft } from '../kernel/context.ts';
import { knowsDeployment, rememberDeployment } from '../kernel/deployments.ts';
import { enqueue } from '../kernel/outbox.ts';
import type { ObservedTask } from '../observations.ts';
import { mayHaveTraffic } from '../strategies/shifting.ts';
import { askForLines } from './lines.ts';
import { endRollout } from './verdict.ts';

/** Failing fast: what stopped tasks say of a rollout, long before ECS gives it up. */

type Rollout = ReleaseDraft['services'][number];

/** A task of our rollout stopped: worth a look, unless it was scaled in. */
export function taskStopped(
  ctx: Context,
  release: ReleaseDraft,
  event: Extract<DomainEvent, { type: 'taskStopped' }>,
): string {
  if (event.scaledIn) return 'scaled in: ignored';
  const rollout = release.services.find((other) => mayBeOf(ctx, other, event));
  if (rollout?.state !== 'rolling') return 'the task is not of an open rollout';
  if (rollout.stoppedTasks.includes(event.taskArn)) return 'the task was checked already';
  enqueue(ctx, `task:${event.taskArn}`, { kind: 'lookAtTask', taskArn: event.taskArn });
  return `a task of ${rollout.service} stopped`;
}

/** While traffic shifts, ECS may not say under which id it lists our deployment: an unknown id may be ours. */
function mayBeOf(
  ctx: Context,
  { service, shift, deploymentId }: Rollout,
  event: Extract<DomainEvent, { type: 'taskStopped' }>,
): boolean {
  if (deploymentId !== undefined && deploymentId === event.deploymentId) return true;
  if (!shift || event.deploymentId === undefined || service !== event.service) return false;
  return !knowsDeployment(ctx, service, event.deploymentId);
}

/** A stopped task of a rollout was checked: a cause that cannot heal ends the release at once. */
export function serviceTaskSeen(ctx: Context, release: ReleaseDraft, observed: ObservedTask): string {
  const rollout = release.services.find(
    (other) =>
      other.deploymentId !== undefined &&
      (other.deploymentId === observed.startedBy || (other.shift && other.target === observed.revision)),
  );
  if (rollout?.state !== 'rolling') return 'the task is not of an open rollout';
  if (!observed.found || observed.lastStatus !== 'STOPPED' || observed.scaledIn)
    return 'the task has not failed';
  if (rollout.stoppedTasks.includes(observed.taskArn)) return 'the task was counted already';
  rollout.stoppedTasks.push(observed.taskArn);
  if (rollout.shift && observed.startedBy !== undefined) {
    rollout.deploymentId = observed.startedBy;
    rememberDeployment(ctx, rollout.service, observed.startedBy);
  }
  const { cause } = observed;
  const isCertain = cause !== undefined && !cause.canHeal;
  if (cause && (isCertain || tellsMore(cause, rollout.firstCause))) {
    rollout.firstCause = structuredClone(cause) as NonNullable<Rollout['firstCause']>;
    rollout.causeTask = observed.taskArn;
  }
  if (isLeftToEcs(rollout)) return 'its traffic has shifted: ECS watches it';
  if (isCertain) return endRollout(ctx, release, rollout, { kind: 'certainCause', cause });
  const threshold = thresholdOf(rollout);
  if (rollout.stoppedTasks.length < threshold || rollout.deploymentId === undefined) {
    return `${rollout.stoppedTasks.length} of ${threshold} stopped tasks of ${rollout.service}`;
  }
  enqueue(ctx, `healthy:${rollout.service}`, {
    kind: 'countHealthy',
    service: rollout.service,
    deploymentId: rollout.deploymentId,
  });
  return `${rollout.stoppedTasks.length} tasks of ${rollout.service} stopped: is any healthy?`;
}

/** Users are on the new tasks: ending it is up to ECS's alarms and circuit breaker, where one of them watches. */
function isLeftToEcs({ shift }: Rollout): boolean {
  return shift !== undefined && mayHaveTraffic(shift) && shift.watched === true;
}

/** Long after its time its tasks keep stopping, and ECS, which nothing makes end it, would wait for 24 hours. */
function isOnItsOwn({ shift }: Rollout): boolean {
  return shift?.late === true && shift.watched !== true;
}

/** No user is on the new tasks before the traffic shifts: being wrong costs nothing but time. */
const QUICK = 3;

function thresholdOf({ shift, threshold }: Rollout): number {
  return shift && !mayHaveTraffic(shift) ? Math.min(QUICK, threshold) : threshold;
}

/** Kinds that say that a rollout failed, and not why. */
const GENERAL: readonly string[] = ['circuitBreaker', 'timeout', 'tasksStopped'];

export function causeFound(
  ctx: Context,
  release: ReleaseDraft,
  { cause, taskArns }: Extract<Answer, { kind: 'causeFound' }>,
): string {
  const { failure } = release;
  if (!cause || !failure) return 'no cause was found';
  const found = structuredClone(cause) as typeof failure.cause;
  if (failure.cause.kind === TARGET_HEALTH && cause.kind === TARGET_HEALTH) {
    failure.cause = found;
    askForLines(ctx, release, taskArns);
    announceRelease(ctx, release);
    return cause.sentence;
  }
  const before = failure.cause;
  if (!GENERAL.includes(before.kind) && !isSymptom(before)) return 'no cause was found';
  const evidence = [...new Set([...found.evidence, ...before.evidence])];
  const saysMore = before.kind === 'circuitBreaker' || before.kind === 'tasksStopped' || !isSymptom(found);
  const { sentence } = found;
  if (!saysMore) failure.cause = { ...before, evidence };
  else if (before.kind === 'timeout')
    failure.cause = { ...found, sentence: `${before.sentence} ${sentence}`, evidence };
  else failure.cause = { ...found, evidence };
  askForLines(ctx, release, taskArns);
  announceRelease(ctx, release);
  return cause.sentence;
}

export function healthyCounted(
  ctx: Context,
  release: ReleaseDraft,
  service: string,
  healthy: number,
): string {
  const rollout = release.services.find((other) => other.service === service);
  if (rollout?.state !== 'rolling') return `${service} is not rolling`;
  if (healthy > 0 && isOnItsOwn(rollout)) return endRollout(ctx, release, rollout, { kind: 'keepsFailing' });
  if (healthy > 0) {
    rollout.stoppedTasks = rollout.stoppedTasks.slice(-1);
    return `${counted(healthy, 'healthy task')} of ${service}: the rollout continues`;
  }
  return endRollout(ctx, release, rollout, { kind: 'noneHealthy' });
}
