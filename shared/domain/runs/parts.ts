import type { Task } from '../app.ts';
import type { Draft, Turn } from '../decide/draft.ts';
import type { Run } from '../run.ts';

export type RunDraft = Draft<Run>;

/** The task as configured now; undefined: it was taken out of the configuration. */
export function taskOf(turn: Turn, name: string): Task | undefined {
  return turn.app.tasks.find((task) => task.name === name);
}

/** Runs of a task that have not ended, oldest first. */
export function openRuns(turn: Turn, task: string): RunDraft[] {
  return turn.state.runs.filter((run) => run.task === task && run.state !== 'ended');
}

/** The run that a task belongs to and that still follows it. */
export function runOfTask(turn: Turn, taskArn: string): RunDraft | undefined {
  return turn.state.runs.find(
    (run) => run.state !== 'ended' && run.tasks.some((task) => task.taskArn === taskArn),
  );
}
