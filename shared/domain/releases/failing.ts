import { TARGET_HEALTH } from '../diagnosis/weight.ts';
import { announceRelease } from '../kernel/announcing.ts';
import type { Context, Draft, ReleaseDraft } from '../kernel/context.ts';
import { enqueue } from '../kernel/outbox.ts';
import type { Cause, Failure } from '../release.ts';
import { cancelEffectsOfRelease } from './ending.ts';
import { askForLines } from './lines.ts';
import { abandonTask, openTask, waitsFor } from './releaseTasks.ts';
import { changedServices, finishRollback, isChanged, rollBackChanged } from './rollingBack.ts';
import { failOpenSteps } from './steps.ts';

/** What a failure does to the open release. What makes a rollout fail is in `verdict.ts`. */

interface Blame {
  readonly service?: string;
  readonly task?: string;
  readonly cause: Cause;
  readonly outcome?: Failure['outcome'];
  /** Of the invocation by the person who ended the release. */
  readonly requestId?: string;
}

/**
 * The release has failed. Whatever it changed rolls back at once, unless a person has to decide that; it ends when its
 * task has stopped as well.
 */
export function failRelease(ctx: Context, release: ReleaseDraft, blame: Blame): string {
  if (release.failure) return 'the release has failed already';
  const { now } = ctx;
  release.failure = {
    outcome: blame.outcome ?? 'failed',
    cause: structuredClone(blame.cause) as Draft<Cause>,
    at: now,
    ...(blame.service === undefined ? {} : { service: blame.service }),
    ...(blame.task === undefined ? {} : { task: blame.task }),
    ...(blame.requestId === undefined ? {} : { requestId: blame.requestId }),
  };
  failOpenSteps(release, now);
  for (const rollout of release.services) {
    delete rollout.doubtedAt;
    if (rollout.service === blame.service && isChanged(rollout)) rollout.state = 'failed';
  }
  abandonTask(ctx, release);
  cancelEffectsOfRelease(ctx);

  if (changedServices(release).length === 0) return failUnchanged(ctx, release);
  const reason = rollBackChanged(ctx, release);
  // Rolling back comes first: what is announced may wait for it.
  askHowTargetsFail(ctx, release);
  askForLines(ctx, release);
  announceRelease(ctx, release);
  return reason;
}

/** Only its own task may keep it from ending. */
function failUnchanged(ctx: Context, release: ReleaseDraft): string {
  const open = openTask(ctx, release);
  if (!open) {
    const reason = finishRollback(ctx, release);
    askForLines(ctx, release);
    return reason;
  }
  announceRelease(ctx, release);
  return `${release.failure?.cause.sentence} ${waitsFor(open)}`;
}

/** A stopped task says only that the load balancer found it unhealthy: the service's events say how. */
function askHowTargetsFail(ctx: Context, { failure, services }: ReleaseDraft): void {
  if (failure?.cause.kind !== TARGET_HEALTH) return;
  const { deploymentId, service } = services.find((rollout) => rollout.service === failure.service) ?? {};
  if (service === undefined || deploymentId === undefined) return;
  enqueue(ctx, `cause:${service}`, { kind: 'findCause', service, deploymentId });
}
