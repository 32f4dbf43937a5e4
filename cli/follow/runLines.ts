import { duration } from '../../shared/domain/duration.ts';
import { memberOf } from '../../shared/domain/member.ts';
import type { FollowedRun, RunSummary } from '../../shared/domain/summaries.ts';

/** Prints a run's lines, each with its container's name as soon as several containers or tasks have written. */
export function lineWriter(out: (text: string) => void): (followed: Pick<FollowedRun, 'lines'>) => void {
  const writers = new Set<string>();
  return ({ lines }) => {
    for (const line of lines) writers.add(writerOf(line));
    for (const line of lines) out(writers.size > 1 ? `${writerOf(line)} | ${line.text}` : line.text);
  };
}

/** "web", or "web 4f9c2e1b" where several tasks write. */
function writerOf({ container, task }: FollowedRun['lines'][number]): string {
  return task === undefined ? container : `${container} ${task.slice(0, 8)}`;
}

/** "nightly-report is running as web-app:11, task 4f9c…". */
export function stateSentence(run: RunSummary): string {
  const tasks = run.taskArns.map((arn) => arn.slice(arn.lastIndexOf('/') + 1));
  if (tasks.length === 0) return `${run.task} is ${run.state}`;
  const word = tasks.length === 1 ? 'task' : 'tasks';
  return `${run.task} is ${run.state} as ${run.revision}, ${word} ${tasks.join(', ')}`;
}

const WORDS: Readonly<Record<string, string>> = {
  neverStarted: 'never started',
  timedOut: 'timed out',
  stopped: 'was stopped',
  replaced: 'was replaced',
  skipped: 'was skipped',
};

/** "nightly-report failed after 8 s: Container web exited with code 3." */
export function outcomeSentence(run: RunSummary): string {
  const outcome = `${run.task} ${memberOf(WORDS, run.state) ?? run.state}`;
  if (run.startedAt === undefined) return `${outcome}: ${run.reason}`;
  return `${outcome} after ${duration((run.endedAt ?? run.startedAt) - run.startedAt)}: ${run.reason}`;
}
