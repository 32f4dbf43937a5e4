import { closeAlertsOf } from '../alerts/book.ts';
import { counted } from '../counted.ts';
import { TARGET_HEALTH } from '../diagnosis/serviceEvents.ts';
import { type Effect, ownerOf } from '../effects.ts';
import { announceRelease } from '../kernel/announcing.ts';
import type { Context, Draft, ReleaseDraft } from '../kernel/context.ts';
import { recordPush } from '../kernel/ledger.ts';
import { cancelEffects, enqueue } from '../kernel/outbox.ts';
import { publishedOutcome } from '../publishedNames.ts';
import type { Cause, Failure, ReleaseOutcome } from '../release.ts';
import { abandonTask, openTask } from './abandoning.ts';
import { hold } from './holding.ts';
import { askForLines } from './lines.ts';
import { blockImage, recordLive } from './liveImages.ts';
import { startWaiting } from './pushes.ts';
import { rollbackEnded } from './rollbackEnds.ts';
import { closeStep, failOpenSteps } from './steps.ts';

/** Every service runs the image and every task has ended well. */
export function endLive(ctx: Context, release: ReleaseDraft): string {
  return endRelease(ctx, release, 'live', `${release.image.tag} is live`);
}

/** Closes the release. What ran is remembered, what waited may start. */
export function endRelease(
  ctx: Context,
  release: ReleaseDraft,
  outcome: ReleaseOutcome,
  reason: string,
): string {
  const { state, now } = ctx;
  release.end = { outcome, reason, at: now };
  cancelEffects(ctx, ({ effect }) => isOfOpenRelease(ctx, effect));
  if (outcome === 'live') becomeLive(ctx, release);
  else spend(ctx, release);
  rollbackEnded(ctx, release, outcome);
  recordPush(ctx, release.image, publishedOutcome(outcome), reason, {
    release: release.number,
    overwrite: true,
  });
  enqueue(ctx, `release:${release.id}`, { kind: 'recordRelease', releaseId: release.id });
  announceRelease(ctx, release);
  state.ended = [release, ...state.ended];
  delete state.release;
  forgetEnded(ctx);
  startWaiting(ctx);
  return reason;
}

function isOfOpenRelease({ state }: Context, effect: Draft<Effect>): boolean {
  return ownerOf(effect as Effect, state.runs) === 'release';
}

function becomeLive(ctx: Context, release: ReleaseDraft): void {
  const { state, now } = ctx;
  const { tag, digest, pushedAt, newestTag } = release.image;
  const also = newestTag === undefined ? {} : { newestTag };
  const live = { tag, digest, pushedAt, ...also, release: release.number, since: now };
  recordLive(state, live, release.trigger.kind === 'rollback');
  for (const rollout of release.services) state.liveDigests[rollout.service] = digest;
  const services = release.services.map(({ service }) => service);
  closeAlertsOf(ctx, services, `v${release.number} is live`);
}

const HOW_BLOCKED: Readonly<Record<Failure['outcome'], string>> = {
  failed: 'failed',
  rolledBack: 'was cancelled',
  superseded: 'was ended by a person in ECS',
};

/** The image is not tried again automatically. The target of a cancelled rollback is not to blame. */
function spend({ state }: Context, { image: { digest }, failure, trigger, number }: ReleaseDraft): void {
  const wasCancelled = failure?.outcome === 'rolledBack';
  if (digest === state.live?.digest || (wasCancelled && trigger.kind === 'rollback')) return;
  blockImage(state, { digest, release: number, how: HOW_BLOCKED[failure?.outcome ?? 'failed'] });
}

/** Ended releases are kept until they stand in the history; what channels remember, until everybody has been told. */
export function forgetEnded({ state }: Context): void {
  const [newest, ...older] = state.ended;
  if (!newest) return;
  const pending = state.outbox.map(({ effect }) => effect);
  const isUnrecorded = (id: string) =>
    pending.some((effect) => effect.kind === 'recordRelease' && effect.releaseId === id);
  const isUntold = (id: string) =>
    pending.some((effect) => effect.kind === 'announceRelease' && effect.releaseId === id);
  state.ended = [newest, ...older.filter(({ id }) => isUnrecorded(id))];
  for (const key of Object.keys(state.channelMemory)) {
    const [id = ''] = key.split('/');
    if (state.alerts?.alerts.some((alert) => alert.id === id)) continue;
    if (id !== newest.id && id !== state.release?.id && !isUntold(id)) delete state.channelMemory[key];
  }
}

export interface Blame {
  readonly service?: string;
  readonly task?: string;
  readonly cause: Cause;
  readonly outcome?: Failure['outcome'];
  /** Of the invocation by the person who ended the release. */
  readonly requestId?: string;
}

/** A failed release still waits for these. */
function isOfAbandonedTask(release: ReleaseDraft, effect: Draft<Effect>): boolean {
  if (effect.kind === 'findTask') return true;
  return effect.kind === 'lookAtTask' && effect.taskArn === openTask(release)?.taskArn;
}

/**
 * The release has failed. Whatever it changed goes back at once, unless a person has to decide that; it ends when its
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
  cancelEffects(ctx, ({ effect }) => isOfOpenRelease(ctx, effect) && !isOfAbandonedTask(release, effect));

  const changed = changedServices(release);
  if (changed.length === 0) return failUnchanged(ctx, release);
  const leave = whyLeave(ctx, release);
  release.step = 'rollingBack';
  release.deadline = now + ctx.app.timeouts.rollBack;
  if (leave !== undefined) {
    askHowTargetsFail(ctx, release);
    askForLines(ctx, release);
    return leaveToPerson(ctx, release, leave);
  }
  release.steps.push({ name: 'roll back', kind: 'rollBack', state: 'running', startedAt: now });
  for (const rollout of changed) orderRollback(ctx, release, rollout);
  // Putting back comes first: what people are told may wait for it.
  askHowTargetsFail(ctx, release);
  askForLines(ctx, release);
  announceRelease(ctx, release);
  return `${blame.cause.sentence} Putting ${counted(changed.length, 'service')} back.`;
}

/** Only its own task may keep it from ending. */
function failUnchanged(ctx: Context, release: ReleaseDraft): string {
  const open = openTask(release);
  if (!open) {
    const reason = finishRollback(ctx, release);
    askForLines(ctx, release);
    return reason;
  }
  announceRelease(ctx, release);
  return `${release.failure?.cause.sentence} ${waitsFor(open)}`;
}

function waitsFor({ name, state }: ReleaseDraft['tasks'][number]): string {
  if (state === 'starting') return `Whether ${name} has started is being found out.`;
  return `${name} is being stopped.`;
}

const STAYS = 'That deployment stays, and Fairway leaves it alone.';

/** Whether a service of it was deployed outside Fairway. */
function isLeftToOthers({ services }: ReleaseDraft): boolean {
  return services.some(({ state, runs }) => state === 'unchanged' && runs !== undefined);
}

/** A stopped task says only that the load balancer found it unhealthy: the service's events say how. */
function askHowTargetsFail(ctx: Context, { failure, services }: ReleaseDraft): void {
  if (failure?.cause.kind !== TARGET_HEALTH) return;
  const { deploymentId, service } = services.find((rollout) => rollout.service === failure.service) ?? {};
  if (service === undefined || deploymentId === undefined) return;
  enqueue(ctx, `cause:${service}`, { kind: 'findCause', service, deploymentId });
}

/** Services that this release may have touched. */
export function changedServices(release: ReleaseDraft) {
  return release.services.filter(isChanged);
}

function isChanged(rollout: ReleaseDraft['services'][number]): boolean {
  return rollout.state !== 'pending' && rollout.state !== 'unchanged';
}

export function orderRollback(
  ctx: Context,
  release: ReleaseDraft,
  rollout: ReleaseDraft['services'][number],
): void {
  if (!rollout.before) return;
  rollout.state = 'rollingBack';
  const ours = [rollout.deploymentId, rollout.rollbackDeploymentId].filter((id) => id !== undefined);
  const orderedAt = Math.max(rollout.deployedAt ?? 0, rollout.rollbackDeployedAt ?? 0);
  enqueue(ctx, `back:${rollout.service}`, {
    kind: 'rollBack',
    service: rollout.service,
    revision: rollout.before.taskDefinition,
    ...(rollout.before.digest === undefined ? {} : { digest: rollout.before.digest }),
    target: rollout.target ?? '',
    expected: rollout.before.deploymentId,
    ours,
    ...(orderedAt > 0 ? { orderedAt } : {}),
    releaseId: release.id,
    release: release.number,
  });
}

function whyLeave(ctx: Context, release: ReleaseDraft): string | undefined {
  if (ctx.app.onFailure === 'leave') return 'the configuration leaves failed releases to a person';
  const irreversible = ctx.app.before.find(
    (task) =>
      !task.reversible && release.tasks.some((run) => run.name === task.name && run.state === 'succeeded'),
  );
  if (!irreversible) return undefined;
  return `${irreversible.name} has run and is marked not reversible`;
}

/** What ECS itself has put back is looked up and told; the rest stays, and the app is held. */
function leaveToPerson(ctx: Context, release: ReleaseDraft, why: string): string {
  hold(ctx, 'Fairway', `v${release.number} failed and ${why}: decide, then resume`);
  release.notes.push(`left as it is, because ${why}`);
  for (const rollout of changedServices(release)) rollout.state = 'failed';
  enqueue(ctx, 'look', {
    kind: 'lookAtServices',
    services: changedServices(release).map((rollout) => rollout.service),
  });
  announceRelease(ctx, release);
  return `left to a person: ${why}`;
}

/** Called whenever a service has reached its end of going back, or the task of a failed release has ended. */
export function finishRollback(ctx: Context, release: ReleaseDraft): string {
  const changed = changedServices(release);
  const { failure } = release;
  if (!failure || changed.some((rollout) => rollout.state === 'rollingBack')) return 'going back';
  const isDoubtful = changed.some(({ state, doubtedAt }) => state === 'failed' && doubtedAt !== undefined);
  if (isDoubtful) return 'looking once more at what runs';
  const open = openTask(release);
  if (open) return waitsFor(open);
  const why = [failure.cause.sentence, ...release.tasks.flatMap(({ ending }) => ending ?? [])].join(' ');
  if (changed.length === 0) return endRelease(ctx, release, failure.outcome, `${why} ${endOf(release)}`);
  const stuck = changed.filter((rollout) => rollout.state === 'rollbackFailed');
  if (stuck.length > 0) {
    const names = stuck.map((rollout) => rollout.service).join(', ');
    closeStep(release, 'roll back', 'failed', ctx.now);
    hold(ctx, 'Fairway', `v${release.number} failed and ${names} could not be put back`);
    return endRelease(
      ctx,
      release,
      'rollbackFailed',
      `${why} Putting back failed for ${names}: look at once.`,
    );
  }
  closeStep(release, 'roll back', 'done', ctx.now);
  return endRelease(ctx, release, failure.outcome, `${why} ${endOf(release)}`);
}

/** What the release has left behind. */
function endOf(release: ReleaseDraft): string {
  const changed = changedServices(release);
  if (changed.some(({ state }) => state === 'failed')) return 'It was left as it is: a person decides.';
  if (isLeftToOthers(release)) {
    const back = changed.map(({ service }) => service);
    return back.length === 0 ? STAYS : `${STAYS} Rolled back: ${back.join(', ')}.`;
  }
  return changed.length === 0 ? 'No service was changed.' : 'Everything was put back.';
}
