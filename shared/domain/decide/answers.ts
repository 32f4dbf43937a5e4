import { alertAnnounced } from '../alerts/book.ts';
import { alertLookAnswered } from '../alerts/judging.ts';
import { alertLinesRead } from '../alerts/lines.ts';
import type { Answer } from '../answers.ts';
import type { Effect } from '../effects.ts';
import type { Context, ReleaseDraft } from '../kernel/context.ts';
import type { Cause } from '../release.ts';
import { adopted } from '../releases/adopting.ts';
import { endedUnseen, serviceDeploymentsRead, serviceDeploymentsUnread } from '../releases/endedByEcs.ts';
import { failRelease, finishRollback, forgetEnded } from '../releases/ending.ts';
import { causeFound, healthyCounted, serviceTaskSeen } from '../releases/failing.ts';
import { imageInspected, imageMissing, lookUpFailed } from '../releases/inspecting.ts';
import { lateTaskAnswered } from '../releases/lateTasks.ts';
import { linesRead } from '../releases/lines.ts';
import { basesRead, registered, servicesFound } from '../releases/preparing.ts';
import { startWaiting } from '../releases/pushes.ts';
import { goingBack, leftToOthers, rollbackRefused, rollbackUnproven } from '../releases/rollingBack.ts';
import { overtaken, servicesSeen, serviceUpdated } from '../releases/rollouts.ts';
import {
  releaseTaskSeen,
  startAnsweredLate,
  startRefused,
  stopRefused,
  taskNotStarted,
  taskStarted,
  tasksFound,
} from '../releases/tasks.ts';
import { runAnswered } from '../runs/following.ts';

/** An effect was performed, or could not be. Answers to what is no longer pending change nothing. */
export function answered(ctx: Context, key: string, answer: Answer): string {
  const { state, now } = ctx;
  const entry = state.outbox.find((other) => other.key === key);
  if (!entry) return 'the effect is no longer wanted';
  if (answer.kind === 'retry') {
    entry.attempt += 1;
    entry.notBefore = now + answer.wait;
    entry.why = answer.why;
    if (entry.effect.kind === 'announceRelease') remember(ctx, entry.effect, answer.memory);
    return `tried again in ${Math.round(answer.wait / 1000)} s: ${answer.why}`;
  }
  const effect = structuredClone(entry.effect) as Effect;
  if (entry.again) {
    delete entry.again;
    delete entry.notBefore;
  } else {
    state.outbox = state.outbox.filter((other) => other !== entry);
  }
  return apply(ctx, effect, answer, entry.attempt);
}

function apply(
  ctx: Context,
  effect: Effect,
  answer: Exclude<Answer, { kind: 'retry' }>,
  attempt: number,
): string {
  const outside = applyOutsideRelease(ctx, effect, answer);
  if (outside !== undefined) return outside;
  const { release } = ctx.state;
  if (!release) return 'the release has ended';
  release.lookedAt = ctx.now;
  if (answer.kind === 'refused') return refused(ctx, release, effect, answer.cause, attempt);
  return applyToRelease(ctx, release, effect, answer);
}

/** Effects that do not belong to the open release. */
function applyOutsideRelease(ctx: Context, effect: Effect, answer: Answer): string | undefined {
  const ofRun = runAnswered(ctx, effect, answer);
  if (ofRun !== undefined) return ofRun;
  switch (effect.kind) {
    case 'adopt':
      return whatRunsIsKnown(ctx, answer, effect.since);
    case 'inspectImage':
      if (answer.kind === 'imageInspected') return imageInspected(ctx, effect, answer);
      if (answer.kind === 'imageMissing') return imageMissing(ctx, effect, answer.reason, answer.digest);
      return lookUpFailed(
        ctx,
        effect,
        answer.kind === 'refused' ? answer.cause.sentence : 'the image could not be looked up',
      );
    case 'announceRelease':
      if (answer.kind === 'announced') remember(ctx, effect, answer.memory);
      return `told ${effect.channel}`;
    case 'announceAlert':
      return alertAnnounced(
        ctx,
        effect.channel,
        effect.alert,
        answer.kind === 'announced' ? answer.memory : undefined,
      );
    case 'lookAtStopped':
    case 'lookAtTrouble':
    case 'lookForRecovery':
      return alertLookAnswered(ctx, effect, answer);
    case 'announceApp':
      return `told ${effect.channel}`;
    case 'stopTask':
      return lateTaskAnswered(ctx, effect.taskArn, answer);
    case 'readLines':
      if (answer.kind !== 'linesRead') return 'no log was read';
      if (effect.of === 'alert') return alertLinesRead(ctx, effect, answer.tail);
      return linesRead(ctx, effect.id, answer.tail);
    case 'recordPush':
      return 'recorded';
    case 'recordRelease':
      forgetEnded(ctx);
      return 'recorded';
    default:
      return undefined;
  }
}

/** A resumed app starts what waits once it is known what runs, or that it cannot be known. */
function whatRunsIsKnown(ctx: Context, answer: Answer, since: number | undefined): string {
  const reason =
    answer.kind === 'adopted'
      ? adopted(ctx, answer.services, since)
      : answer.kind === 'refused'
        ? answer.cause.sentence
        : 'the services could not be seen';
  const next = startWaiting(ctx);
  return next === undefined ? reason : `${reason}; ${next}`;
}

/** What a channel has to know when the same release is announced again. */
function remember(
  ctx: Context,
  about: { readonly releaseId: string; readonly channel: string },
  memory: string | undefined,
): void {
  if (memory !== undefined) ctx.state.channelMemory[`${about.releaseId}/${about.channel}`] = memory;
}

function applyToRelease(ctx: Context, release: ReleaseDraft, effect: Effect, answer: Answer): string {
  switch (answer.kind) {
    case 'servicesSeen':
      if (release.step === 'preparing') return servicesFound(ctx, release, answer.services);
      return servicesSeen(ctx, release, answer.services);
    case 'basesRead':
      if (effect.kind !== 'readBases' || release.step !== 'preparing') return 'not preparing';
      return basesRead(ctx, release, effect.bases, answer.bases);
    case 'registered':
      if (effect.kind !== 'register') return 'nothing was to be registered';
      return registered(ctx, release, effect.for, answer);
    case 'taskStarted':
      if (effect.kind !== 'runTask' && effect.kind !== 'findTask') return 'no task was to be started';
      return taskStarted(ctx, release, effect.task, answer.taskArn);
    case 'taskNotStarted':
      if (effect.kind === 'findTask') return startAnsweredLate(ctx, release, effect);
      if (effect.kind !== 'runTask') return 'no task was to be started';
      return taskNotStarted(ctx, release, effect.task, answer.cause, answer.capacity);
    case 'tasksFound':
      if (effect.kind !== 'findTask') return 'no task was looked for';
      return tasksFound(ctx, release, effect, answer);
    case 'taskSeen': {
      const run = release.tasks.find((other) => other.taskArn === answer.task.taskArn);
      if (run) return releaseTaskSeen(ctx, release, run, answer.task);
      return serviceTaskSeen(ctx, release, answer.task);
    }
    case 'serviceUpdated':
      if (effect.kind !== 'updateService') return 'no service was to be updated';
      return serviceUpdated(ctx, release, effect.service, answer);
    case 'foreign':
      if (effect.kind === 'updateService') return overtaken(ctx, release, effect.service, answer);
      if (effect.kind === 'rollBack') return leftToOthers(ctx, release, effect.service, answer);
      return 'deployed outside Fairway';
    case 'serviceDeploymentsRead':
      if (effect.kind === 'updateService') return endedUnseen(ctx, release, effect.service, answer);
      if (effect.kind !== 'readServiceDeployments') return 'nothing was asked about deployments';
      return serviceDeploymentsRead(ctx, release, effect, answer);
    case 'causeFound':
      return causeFound(ctx, release, answer);
    case 'healthyCounted':
      if (effect.kind !== 'countHealthy') return 'nothing was to be counted';
      return healthyCounted(ctx, release, effect.service, answer.healthy);
    case 'rollingBack':
      if (effect.kind !== 'rollBack') return 'nothing was to go back';
      return goingBack(ctx, release, effect.service, answer);
    case 'unproven':
      if (effect.kind !== 'rollBack') return 'nothing was to go back';
      return rollbackUnproven(ctx, release, effect);
    default:
      return 'done';
  }
}

/** An effect that cannot be done, however often it is tried. */
function refused(ctx: Context, release: ReleaseDraft, effect: Effect, cause: Cause, attempt: number): string {
  switch (effect.kind) {
    case 'rollBack':
      return rollbackRefused(ctx, release, effect.service, cause);
    case 'runTask':
      return startRefused(ctx, release, effect.task, cause, attempt);
    case 'findTask':
      return startAnsweredLate(ctx, release, effect);
    case 'updateService':
      return failRelease(ctx, release, { service: effect.service, cause });
    case 'stopTask':
      return stopRefused(ctx, release, effect.taskArn, cause);
    case 'readServiceDeployments':
      return serviceDeploymentsUnread(ctx, release, effect, cause.sentence);
    case 'lookAtTask':
    case 'countHealthy':
    case 'findCause':
      release.notes.push(cause.sentence);
      return cause.sentence;
    case 'lookAtServices':
      if (release.step !== 'rollingBack') return failRelease(ctx, release, { cause });
      release.notes.push(cause.sentence);
      for (const rollout of release.services) delete rollout.doubtedAt;
      return finishRollback(ctx, release);
    default:
      return failRelease(ctx, release, { cause });
  }
}
