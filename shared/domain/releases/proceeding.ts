import { announceRelease } from '../kernel/announcing.ts';
import type { Context, ReleaseDraft } from '../kernel/context.ts';
import { enqueue } from '../kernel/outbox.ts';
import { endLive } from './ending.ts';
import { closeStep, openStep } from './steps.ts';

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
    release.tasks.every((run) => run.revision !== undefined);
  if (!ready) return 'preparing';
  closeStep(release, 'prepare', 'done', ctx.now);
  release.step = 'migrating';
  return proceed(ctx);
}

/** Release tasks run one after the other, in the order of the configuration. */
function runTasks(ctx: Context, release: ReleaseDraft, phase: 'before' | 'after'): string {
  const run = release.tasks.find((other) => other.phase === phase && other.state !== 'succeeded');
  if (!run) return phase === 'before' ? startRolling(ctx, release) : endLive(ctx, release);
  if (run.state !== 'pending') return `${run.name} is under way`;
  const task = [...ctx.app.before, ...ctx.app.after].find((other) => other.name === run.name);
  if (!task || run.revision === undefined) return skip(ctx, release, run.name);
  run.state = 'starting';
  run.startedAt = ctx.now;
  release.deadline = ctx.now + task.timeout;
  openStep(release, run.name, ctx.now);
  askToRun(ctx, release, run);
  announceRelease(ctx, release);
  return `${run.name} starts`;
}

/** The configuration has changed since the release began. */
function skip(ctx: Context, release: ReleaseDraft, name: string): string {
  release.tasks = release.tasks.filter((run) => run.name !== name);
  for (const step of release.steps) if (step.name === name) step.state = 'skipped';
  release.notes.push(`${name} was taken out of fairway.yml meanwhile: skipped`);
  return proceed(ctx);
}

export function askToRun(
  ctx: Context,
  release: ReleaseDraft,
  run: ReleaseDraft['tasks'][number],
  notBefore?: number,
): void {
  if (run.revision === undefined) return;
  enqueue(
    ctx,
    `run:${run.name}:${run.attempt}`,
    {
      kind: 'runTask',
      task: run.name,
      revision: run.revision,
      releaseId: release.id,
      attempt: run.attempt,
      ...(run.place && { place: run.place }),
      firstAt: notBefore ?? ctx.now,
    },
    notBefore === undefined ? {} : { notBefore },
  );
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
  const ready = left.filter((rollout) => rollout.wave === wave && rollout.state === 'pending');
  if (ready.length === 0) return `wave ${wave} is rolling`;
  release.deadline = ctx.now + ctx.app.timeouts.rollout;
  for (const rollout of ready) {
    if (rollout.target === undefined || !rollout.before) continue;
    rollout.state = 'updating';
    enqueue(ctx, `update:${rollout.service}`, {
      kind: 'updateService',
      service: rollout.service,
      revision: rollout.target,
      expected: rollout.before.deploymentId,
      ...(rollout.before.changedAt === undefined ? {} : { expectedAt: rollout.before.changedAt }),
    });
  }
  announceRelease(ctx, release);
  return `wave ${wave} rolls: ${ready.map((rollout) => rollout.service).join(', ')}`;
}

function startVerifying(ctx: Context, release: ReleaseDraft): string {
  closeStep(release, 'roll', 'done', ctx.now);
  release.step = 'verifying';
  return runTasks(ctx, release, 'after');
}
