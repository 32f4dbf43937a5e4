import { alertTold } from '../alerts/book.ts';
import { alertLookAnswered } from '../alerts/judging.ts';
import { alertLinesRead } from '../alerts/lines.ts';
import type { Answer } from '../answers.ts';
import type { Effect } from '../effects.ts';
import type { ReleaseDraft, Turn } from '../kernel/draft.ts';
import type { Cause } from '../release.ts';
import { adopted } from '../releases/adopting.ts';
import { endedUnseen, serviceDeploymentsRead, serviceDeploymentsUnread } from '../releases/endedByEcs.ts';
import { failRelease, finishGoingBack, forgetEnded } from '../releases/ending.ts';
import { causeFound, healthyCounted, serviceTaskSeen } from '../releases/failing.ts';
import { backUnproven, cannotGoBack, goingBack, leftToOthers } from '../releases/goingBack.ts';
import { imageInspected, imageMissing, lookUpFailed } from '../releases/inspecting.ts';
import { lateTaskAnswered } from '../releases/lateTasks.ts';
import { linesRead } from '../releases/lines.ts';
import { basesRead, registered, servicesFound } from '../releases/preparing.ts';
import { startWaiting } from '../releases/pushes.ts';
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
export function answered(turn: Turn, key: string, answer: Answer): string {
  const { state, now } = turn;
  const entry = state.outbox.find((other) => other.key === key);
  if (!entry) return 'the effect is no longer wanted';
  if (answer.kind === 'retry') {
    entry.attempt += 1;
    entry.notBefore = now + answer.wait;
    entry.why = answer.why;
    if (entry.effect.kind === 'announceRelease') remember(turn, entry.effect, answer.memory);
    return `tried again in ${Math.round(answer.wait / 1000)} s: ${answer.why}`;
  }
  const effect = structuredClone(entry.effect) as Effect;
  if (entry.again) {
    delete entry.again;
    delete entry.notBefore;
  } else {
    state.outbox = state.outbox.filter((other) => other !== entry);
  }
  return apply(turn, effect, answer, entry.attempt);
}

function apply(
  turn: Turn,
  effect: Effect,
  answer: Exclude<Answer, { kind: 'retry' }>,
  attempt: number,
): string {
  const outside = applyOutsideRelease(turn, effect, answer);
  if (outside !== undefined) return outside;
  const { release } = turn.state;
  if (!release) return 'the release has ended';
  release.lookedAt = turn.now;
  if (answer.kind === 'refused') return refused(turn, release, effect, answer.cause, attempt);
  return applyToRelease(turn, release, effect, answer);
}

/** Effects that do not belong to the open release. */
function applyOutsideRelease(turn: Turn, effect: Effect, answer: Answer): string | undefined {
  const ofRun = runAnswered(turn, effect, answer);
  if (ofRun !== undefined) return ofRun;
  switch (effect.kind) {
    case 'adopt':
      return whatRunsIsKnown(turn, answer, effect.since);
    case 'inspectImage':
      if (answer.kind === 'imageInspected') return imageInspected(turn, effect, answer);
      if (answer.kind === 'imageMissing') return imageMissing(turn, effect, answer.reason, answer.digest);
      return lookUpFailed(
        turn,
        effect,
        answer.kind === 'refused' ? answer.cause.sentence : 'the image could not be looked up',
      );
    case 'announceRelease':
      if (answer.kind === 'announced') remember(turn, effect, answer.memory);
      return `told ${effect.channel}`;
    case 'announceAlert':
      return alertTold(
        turn,
        effect.channel,
        effect.alert,
        answer.kind === 'announced' ? answer.memory : undefined,
      );
    case 'lookAtStopped':
    case 'lookAtTrouble':
    case 'lookForRecovery':
      return alertLookAnswered(turn, effect, answer);
    case 'announceApp':
      return `told ${effect.channel}`;
    case 'stopTask':
      return lateTaskAnswered(turn, effect.taskArn, answer);
    case 'readLines':
      if (answer.kind !== 'linesRead') return 'no log was read';
      if (effect.of === 'alert') return alertLinesRead(turn, effect, answer.tail);
      return linesRead(turn, effect.id, answer.tail);
    case 'recordPush':
      return 'recorded';
    case 'recordRelease':
      forgetEnded(turn);
      return 'recorded';
    default:
      return undefined;
  }
}

/** A resumed app starts what waits once it is known what runs, or that it cannot be known. */
function whatRunsIsKnown(turn: Turn, answer: Answer, since: number | undefined): string {
  const reason =
    answer.kind === 'adopted'
      ? adopted(turn, answer.services, since)
      : answer.kind === 'refused'
        ? answer.cause.sentence
        : 'the services could not be seen';
  const next = startWaiting(turn);
  return next === undefined ? reason : `${reason}; ${next}`;
}

/** What a channel has to know when the same release is announced again. */
function remember(
  turn: Turn,
  about: { readonly releaseId: string; readonly channel: string },
  memory: string | undefined,
): void {
  if (memory !== undefined) turn.state.memories[`${about.releaseId}/${about.channel}`] = memory;
}

function applyToRelease(turn: Turn, release: ReleaseDraft, effect: Effect, answer: Answer): string {
  switch (answer.kind) {
    case 'servicesSeen':
      if (release.step === 'preparing') return servicesFound(turn, release, answer.services);
      return servicesSeen(turn, release, answer.services);
    case 'basesRead':
      if (effect.kind !== 'readBases' || release.step !== 'preparing') return 'not preparing';
      return basesRead(turn, release, effect.bases, answer.bases);
    case 'registered':
      if (effect.kind !== 'register') return 'nothing was to be registered';
      return registered(turn, release, effect.for, answer);
    case 'taskStarted':
      if (effect.kind !== 'runTask' && effect.kind !== 'findTask') return 'no task was to be started';
      return taskStarted(turn, release, effect.task, answer.taskArn);
    case 'taskNotStarted':
      if (effect.kind === 'findTask') return startAnsweredLate(turn, release, effect);
      if (effect.kind !== 'runTask') return 'no task was to be started';
      return taskNotStarted(turn, release, effect.task, answer.cause, answer.capacity);
    case 'tasksFound':
      if (effect.kind !== 'findTask') return 'no task was looked for';
      return tasksFound(turn, release, effect, answer);
    case 'taskSeen': {
      const run = release.tasks.find((other) => other.taskArn === answer.task.taskArn);
      if (run) return releaseTaskSeen(turn, release, run, answer.task);
      return serviceTaskSeen(turn, release, answer.task);
    }
    case 'serviceUpdated':
      if (effect.kind !== 'updateService') return 'no service was to be updated';
      return serviceUpdated(turn, release, effect.service, answer);
    case 'foreign':
      if (effect.kind === 'updateService') return overtaken(turn, release, effect.service, answer);
      if (effect.kind === 'putBack') return leftToOthers(turn, release, effect.service, answer);
      return 'deployed outside Fairway';
    case 'serviceDeploymentsRead':
      if (effect.kind === 'updateService') return endedUnseen(turn, release, effect.service, answer);
      if (effect.kind !== 'readServiceDeployments') return 'nothing was asked about deployments';
      return serviceDeploymentsRead(turn, release, effect, answer);
    case 'causeFound':
      return causeFound(turn, release, answer);
    case 'healthyCounted':
      if (effect.kind !== 'countHealthy') return 'nothing was to be counted';
      return healthyCounted(turn, release, effect.service, answer.healthy);
    case 'goingBack':
      if (effect.kind !== 'putBack') return 'nothing was to go back';
      return goingBack(turn, release, effect.service, answer);
    case 'unproven':
      if (effect.kind !== 'putBack') return 'nothing was to go back';
      return backUnproven(turn, release, effect);
    default:
      return 'done';
  }
}

/** An effect that cannot be done, however often it is tried. */
function refused(turn: Turn, release: ReleaseDraft, effect: Effect, cause: Cause, attempt: number): string {
  switch (effect.kind) {
    case 'putBack':
      return cannotGoBack(turn, release, effect.service, cause);
    case 'runTask':
      return startRefused(turn, release, effect.task, cause, attempt);
    case 'findTask':
      return startAnsweredLate(turn, release, effect);
    case 'updateService':
      return failRelease(turn, release, { service: effect.service, cause });
    case 'stopTask':
      return stopRefused(turn, release, effect.taskArn, cause);
    case 'readServiceDeployments':
      return serviceDeploymentsUnread(turn, release, effect, cause.sentence);
    case 'lookAtTask':
    case 'countHealthy':
    case 'findCause':
      release.notes.push(cause.sentence);
      return cause.sentence;
    case 'lookAtServices':
      if (release.step !== 'rollingBack') return failRelease(turn, release, { cause });
      release.notes.push(cause.sentence);
      for (const rollout of release.services) delete rollout.doubtedAt;
      return finishGoingBack(turn, release);
    default:
      return failRelease(turn, release, { cause });
  }
}
