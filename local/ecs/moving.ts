import { emitTask } from './events.ts';
import type { Context, Task, TaskStatus } from './model.ts';

/** Sets the next status, or other facts, and sends the event. */
export function moveTask(ctx: Context, task: Task, status: TaskStatus): void {
  task.lastStatus = status;
  task.version += 1;
  task.updatedAt = ctx.clock.now();
  emitTask(ctx, task);
}
