import type { Context } from '../kernel/context.ts';
import { enqueue } from '../kernel/outbox.ts';
import type { RunDraft } from './parts.ts';

/** Asks ECS to start the current attempt, now or later: all tasks but those that have succeeded in an earlier one. */
export function askToStart(ctx: Context, run: RunDraft, notBefore?: number): void {
  const { id, task, attempt, container, revision, command, network, capacity, launch } = run;
  if (revision === undefined) return;
  run.state = 'starting';
  run.tasks = run.tasks.filter(({ exitCode }) => exitCode === 0);
  run.lookedAt = ctx.now;
  const firstAt = notBefore ?? ctx.now;
  run.deadline = firstAt + ctx.app.timeouts.capacity;
  enqueue(
    ctx,
    `start:${id}:${attempt}`,
    {
      kind: 'startRun',
      run: id,
      task,
      attempt,
      container,
      count: run.count - run.tasks.length,
      revision,
      firstAt,
      ...(command && { command }),
      ...(network && { network }),
      ...(capacity && { capacity }),
      ...(launch && { launch }),
    },
    notBefore === undefined ? {} : { notBefore },
  );
}
