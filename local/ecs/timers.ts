import type { Context, Task, TaskOwner } from './model.ts';

/** Runs something later, unless the task is stopped before. */
export type Later = (milliseconds: number, run: () => void) => void;

export function laterFor(ctx: Context, task: Task): Later {
  return (milliseconds, run) => {
    const cancel = ctx.after(milliseconds, () => {
      task.timers.delete(cancel);
      run();
    });
    task.timers.add(cancel);
  };
}

export function forgetTimers(task: Task): void {
  for (const cancel of task.timers) cancel();
  task.timers.clear();
}

export function reportNews(task: Task, news: Parameters<TaskOwner['report']>[1]): void {
  task.owner?.report(task, news);
}
