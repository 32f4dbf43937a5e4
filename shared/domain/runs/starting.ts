import type { Context } from '../kernel/context.ts';
import { enqueue } from '../kernel/outbox.ts';
import type { RunDraft } from './parts.ts';

/** Asks ECS to start another attempt, now or later: all tasks but those that have succeeded in an earlier one. */
export function askToStart(ctx: Context, run: RunDraft, notBefore?: number): void {
  run.triedSince = notBefore ?? ctx.now;
  delete run.refusals;
  askAgain(ctx, run, notBefore);
}

/** Asks ECS once more for an attempt that it had no room for. */
export function askAgain(ctx: Context, run: RunDraft, notBefore?: number): void {
  const { id, task, owner, container, revision, command, network, capacity, launch } = run;
  if (revision === undefined) return;
  run.attempt += 1;
  run.state = 'starting';
  run.tasks = run.tasks.filter(({ exitCode }) => exitCode === 0);
  run.lookedAt = ctx.now;
  run.deadline = roomUntil(ctx, run);
  enqueue(
    ctx,
    `start:${id}:${run.attempt}`,
    {
      kind: 'startRun',
      run: id,
      ...(owner.kind === 'release' && { release: owner.release }),
      task,
      attempt: run.attempt,
      container,
      count: run.count - run.tasks.length,
      revision,
      firstAt: notBefore ?? ctx.now,
      ...(command && { command }),
      ...(network && { network }),
      ...(capacity && { capacity }),
      ...(launch && { launch }),
    },
    notBefore === undefined ? {} : { notBefore },
  );
}

/** How long the current attempt may fail to find capacity, epoch milliseconds. */
export function roomUntil({ app }: Context, { triedSince, deadline }: RunDraft): number {
  // Earlier versions have kept only the deadline.
  return triedSince === undefined ? deadline : triedSince + app.timeouts.capacity;
}
