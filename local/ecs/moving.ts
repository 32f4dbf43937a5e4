import { emitTask } from './events.ts';
import type { Context, Task, TaskStatus } from './model.ts';

/** The next status (or the same one with other facts), with the event that goes with it. */
export function moveTask(ctx: Context, task: Task, status: TaskStatus): void {
  task.lastStatus = status;
  task.version += 1;
  task.updatedAt = ctx.clock.now();
  emitTask(ctx, task);
}
