import { UNKNOWN_ADVICE } from '../diagnosis/advice.ts';
import { isSymptom } from '../diagnosis/weight.ts';
import { causeOf } from '../kernel/causes.ts';
import type { Context, ReleaseDraft } from '../kernel/context.ts';
import type { Reasons } from '../observations.ts';
import type { Cause } from '../release.ts';
import { revisionName } from '../revision.ts';
import { failRelease } from './failing.ts';
import { holdForOutsider } from './holding.ts';
import { type ForeignDeployment, leaveToOthers } from './rollingBack.ts';

/**
 * Everything that ends a rollout before it is live: one row each. Fairway does not wait for ECS's own verdict where it
 * already knows better; that comes minutes later, and without a circuit breaker never.
 */
type RolloutEnd =
  /** A task of it stopped for a cause that waiting cannot heal. */
  | { readonly kind: 'certainCause'; readonly cause: Cause }
  /** max(3, the breaker's threshold) of its tasks stopped, and none is healthy. */
  | { readonly kind: 'noneHealthy' }
  /** As many stopped, some of those that run are healthy, and it takes longer than its configuration says. */
  | { readonly kind: 'keepsFailing' }
  /** ECS gave it up: its circuit breaker, an alarm or a lifecycle hook. */
  | ({ readonly kind: 'givenUpByEcs'; readonly alarms: readonly string[] } & Reasons)
  /** A person stopped it in ECS. */
  | { readonly kind: 'stoppedInEcs'; readonly words: readonly string[] }
  /** Something else was deployed over it. */
  | { readonly kind: 'deployedOver'; readonly theirs: ForeignDeployment }
  /** It did not become stable within the rollout's own time. */
  | { readonly kind: 'timeout' }
  /** ECS has the service no longer, or is deleting it. */
  | { readonly kind: 'serviceGone'; readonly status: string }
  /** ECS refused UpdateService. */
  | { readonly kind: 'refused'; readonly cause: Cause };

type Rollout = ReleaseDraft['services'][number];

/** Ends that say that tasks failed, and not why: the tasks and the service's events do. */
const SAYS_NOT_WHY: readonly RolloutEnd['kind'][] = [
  'givenUpByEcs',
  'noneHealthy',
  'keepsFailing',
  'timeout',
];

interface Verdict {
  readonly cause: Cause;
  /** Someone acted outside Fairway: the release is not called failed, and the app is held. */
  readonly byOutsider?: true;
}

/** Ends a rollout, and with it the release. Answers why. */
export function endRollout(ctx: Context, release: ReleaseDraft, rollout: Rollout, end: RolloutEnd): string {
  const { service } = rollout;
  const { cause, byOutsider } = verdictOn(ctx, release, rollout, end);
  if (byOutsider) holdForOutsider(ctx, cause.sentence);
  if (end.kind === 'deployedOver') leaveToOthers(ctx, rollout, end.theirs);
  if (end.kind === 'stoppedInEcs' && rollout.firstCause)
    release.notes.push(`${service}, before that: ${rollout.firstCause.sentence}`);
  const reason = failRelease(ctx, release, { cause, service, ...(byOutsider && { outcome: 'superseded' }) });
  if (SAYS_NOT_WHY.includes(end.kind)) findCauseOf(ctx, rollout);
  return reason;
}

/** The same, by the name of the service. */
export function endRolloutOf(ctx: Context, release: ReleaseDraft, service: string, end: RolloutEnd): string {
  const rollout = release.services.find((other) => other.service === service);
  return rollout ? endRollout(ctx, release, rollout, end) : `${service} is not part of the release`;
}

function verdictOn(ctx: Context, { number }: ReleaseDraft, rollout: Rollout, end: RolloutEnd): Verdict {
  const { service, firstCause, before, stoppedTasks } = rollout;
  switch (end.kind) {
    case 'certainCause':
    case 'refused':
      return { cause: end.cause };
    case 'noneHealthy': {
      const count = stoppedTasks.length === 0 ? 'The' : stoppedTasks.length;
      const sentence = `${count} tasks of ${service} stopped and none became healthy.`;
      return { cause: firstCause ?? causeOf('tasksStopped', sentence) };
    }
    case 'keepsFailing': {
      const sentence = `Tasks of ${service} keep stopping, and its deployment takes longer than expected.`;
      return { cause: firstCause ?? causeOf('tasksStopped', sentence) };
    }
    case 'givenUpByEcs':
      return { cause: firstCause ?? givenUpByEcs(service, end, end.alarms) };
    case 'stoppedInEcs': {
      const back = before ? `, and ECS rolls it back to ${revisionName(before.taskDefinition)}` : '';
      const sentence = `The deployment of ${service} by v${number} was stopped in ECS by a person${back}.`;
      return { cause: causeOf('stoppedInEcs', sentence, end.words), byOutsider: true };
    }
    case 'deployedOver': {
      const what = revisionName(end.theirs.taskDefinition);
      const sentence = `${what} was deployed to ${service} outside Fairway while v${number} was in progress.`;
      return { cause: causeOf('foreignDeployment', sentence), byOutsider: true };
    }
    case 'timeout': {
      const minutes = Math.round(ctx.app.timeouts.rollout / 60_000);
      const sentence = `${service} did not become stable within ${minutes} min.`;
      return { cause: firstCause ?? causeOf('timeout', sentence) };
    }
    case 'serviceGone':
      return { cause: causeOf('serviceMissing', `Service ${service} is gone: it is ${end.status} in ECS.`) };
  }
}

/** Words of a deployment that has ended: others say only that it, or the one it is rolled back to, is in progress. */
const TELLING = /circuit breaker|alarm|fail|rolled back|stopped/i;

function givenUpByEcs(service: string, { words, means }: Reasons, alarms: readonly string[]): Cause {
  const evidence = words.filter((text) => text !== '');
  if (means) return { ...means, evidence };
  if (alarms.length > 0) {
    const names = alarms.length === 1 ? `alarm ${alarms[0]}` : `alarms ${alarms.join(', ')}`;
    const sentence = `ECS marked the deployment of ${service} as failed: its CloudWatch ${names} went into ALARM.`;
    return causeOf('deploymentAlarm', sentence, evidence);
  }
  const telling = evidence.find((text) => TELLING.test(text));
  const sentence = `ECS marked the deployment of ${service} as failed${telling === undefined ? '.' : `: ${telling}`}`;
  return { ...causeOf('circuitBreaker', sentence, evidence), advice: UNKNOWN_ADVICE };
}

/** Asks why a rollout failed, unless a stopped task has said more than how it ended. */
function findCauseOf(ctx: Context, { service, deploymentId, firstCause }: Rollout): void {
  if (deploymentId === undefined || (firstCause && !isSymptom(firstCause))) return;
  ctx.state.outbox.unshift({
    key: `cause:${service}`,
    effect: { kind: 'findCause', service, deploymentId },
    attempt: 0,
    since: ctx.now,
  });
}
