import { announceRelease } from '../kernel/announcing.ts';
import type { Context, ReleaseDraft } from '../kernel/context.ts';
import { enqueue } from '../kernel/outbox.ts';
import type { RunDraft } from '../runs/parts.ts';
import { releaseTaskOf } from '../runs/settings.ts';
import { askToStart } from '../runs/starting.ts';
import { endLive } from './ending.ts';
import { hasSucceeded, isOfPhase, tasksOfRelease } from './releaseTasks.ts';
import { closeStep, openStep } from './steps.ts';

type Rollout = ReleaseDraft['services'][number];

/**
 * Takes the open release as far as what is known allows. Called after every change;
 * it derives what comes next from the release alone, so that calling it twice is harmless.
 */
export function proceed(ctx: Context): string {
  const release = ctx.state.release;
  if (!release) return 'no release is open';
  if (release.failure) return 'the release has failed';
  switch (release.step) {
    case 'preparing':
      return leavePreparing(ctx, release);
    case 'migrating':
      return runTasks(ctx, release, 'before');
    case 'rolling':
      return roll(ctx, release);
    case 'verifying':
      return runTasks(ctx, release, 'after');
    case 'rollingBack':
      return 'rolling back';
  }
}

function leavePreparing(ctx: Context, release: ReleaseDraft): string {
  const ready =
    release.services.every((rollout) => rollout.state === 'unchanged' || rollout.target !== undefined) &&
    tasksOfRelease(ctx, release).every((run) => run.revision !== undefined);
  if (!ready) return 'preparing';
  closeStep(release, 'prepare', 'done', ctx.now);
  release.step = 'migrating';
  return proceed(ctx);
}

/** Release tasks run one after the other, in the order of the configuration. */
function runTasks(ctx: Context, release: ReleaseDraft, phase: 'before' | 'after'): string {
  const run = tasksOfRelease(ctx, release).find((other) => isOfPhase(other, phase) && !hasSucceeded(other));
  if (!run) return phase === 'before' ? startRolling(ctx, release) : endLive(ctx, release);
  if (run.state !== 'queued') return `${run.task} is in progress`;
  const task = releaseTaskOf(ctx.app, run.task);
  if (!task || run.revision === undefined) return skip(ctx, release, run);
  release.deadline = ctx.now + task.timeout;
  openStep(release, run.task, ctx.now);
  askToStart(ctx, run);
  announceRelease(ctx, release);
  return `${run.task} starts`;
}

/** The configuration has changed since the release began. */
function skip(ctx: Context, release: ReleaseDraft, run: RunDraft): string {
  const { task } = run;
  ctx.state.runs = ctx.state.runs.filter((other) => other !== run);
  for (const step of release.steps) if (step.name === task) step.state = 'skipped';
  release.notes.push(`${task} was removed from fairway.yml: skipped`);
  return proceed(ctx);
}

function startRolling(ctx: Context, release: ReleaseDraft): string {
  release.step = 'rolling';
  openStep(release, 'roll', ctx.now);
  return roll(ctx, release);
}

/** Services of one wave change together; the next wave waits until all of them are live. */
function roll(ctx: Context, release: ReleaseDraft): string {
  const left = release.services.filter(
    (rollout) => rollout.state !== 'live' && rollout.state !== 'unchanged',
  );
  if (left.length === 0) return startVerifying(ctx, release);
  const wave = Math.min(...left.map((rollout) => rollout.wave));
  const inWave = left.filter((rollout) => rollout.wave === wave);
  const ready = firstOf(inWave).filter((rollout) => rollout.state === 'pending');
  if (ready.length === 0) return `wave ${wave} is rolling`;
  release.deadline = ctx.now + ctx.app.timeouts.rollout + longestBake(ready);
  for (const rollout of ready) {
    if (rollout.target === undefined || !rollout.before) continue;
    rollout.state = 'updating';
    if (rollout.shift) rollout.shift.orderedAt = ctx.now;
    enqueue(ctx, `update:${rollout.service}`, {
      kind: 'updateService',
      service: rollout.service,
      revision: rollout.target,
      expected: rollout.before.deploymentId,
      ...(rollout.before.changedAt === undefined ? {} : { expectedAt: rollout.before.changedAt }),
      ...(rollout.shift && { since: ctx.now - SKEW }),
      ...(rollout.settings && { settings: rollout.settings.to }),
    });
  }
  announceRelease(ctx, release);
  return `wave ${wave} rolls: ${ready.map((rollout) => rollout.service).join(', ')}`;
}

/** The time of a rollout is for starting its tasks. */
function longestBake(rollouts: readonly Rollout[]): number {
  return Math.max(...rollouts.map(({ bake = 0 }) => bake));
}

/** How far the clocks of Fairway and ECS may differ. */
const SKEW = 60_000;

/** Services whose traffic shifts go first: a fast one would be hours ahead of them. */
function firstOf(wave: readonly Rollout[]): readonly Rollout[] {
  const shifting = wave.filter(({ shift }) => shift !== undefined);
  return shifting.length > 0 ? shifting : wave;
}

function startVerifying(ctx: Context, release: ReleaseDraft): string {
  closeStep(release, 'roll', 'done', ctx.now);
  release.step = 'verifying';
  return runTasks(ctx, release, 'after');
}
