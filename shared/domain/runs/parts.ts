import type { Task } from '../app.ts';
import type { Context, Draft } from '../kernel/context.ts';
import type { Cause } from '../release.ts';
import type { Run, RunningTask, RunTrigger } from '../run.ts';

export type RunDraft = Draft<Run>;

/** AWS's own words of one cause that are kept, and characters of each: ten tasks may have ten containers each. */
const MOST_WORDS = 4;
const LONGEST_WORDS = 500;
const LONGEST_SENTENCE = 1_000;

/** The cause as a run keeps it: it is in the app's item, which must stay small. */
export function kept(cause: Cause): Draft<Cause> {
  return {
    ...cause,
    sentence: cause.sentence.slice(0, LONGEST_SENTENCE),
    evidence: cause.evidence.slice(0, MOST_WORDS).map((words) => words.slice(0, LONGEST_WORDS)),
  };
}

/** The task as configured now; undefined: it was taken out of the configuration. */
export function taskOf(ctx: Context, name: string): Task | undefined {
  return ctx.app.tasks.find((task) => task.name === name);
}

/** A run that no release owns and that has done nothing yet. `deadline`: until when it may wait, epoch milliseconds. */
export function addRun(
  { state, now }: Context,
  task: Task,
  { id, owner, deadline }: { readonly id: string; readonly owner: RunTrigger; readonly deadline: number },
): RunDraft {
  const run: RunDraft = {
    id,
    task: task.name,
    owner,
    askedAt: now,
    state: 'queued',
    container: task.container,
    count: task.count,
    attempt: 0,
    earlier: [],
    tasks: [],
    deadline,
    lookedAt: now,
  };
  state.runs.push(run);
  return run;
}

/** Whether its container has begun in any task of any attempt. */
export function hasRun({ tasks, earlier }: RunDraft): boolean {
  return tasks.some(({ exitCode }) => exitCode !== undefined) || earlier.some(({ ran }) => ran);
}

/** Its tasks, those first that show why it ended so: what it failed by, then what else did not succeed. */
export function byBlame({ tasks, exitCode }: Pick<Run, 'tasks' | 'exitCode'>): readonly RunningTask[] {
  const rank = (task: RunningTask) => (task.exitCode === 0 ? 2 : task.exitCode === exitCode ? 0 : 1);
  return tasks.toSorted((a, b) => rank(a) - rank(b));
}

/** Runs of the app that no release owns. */
export function independentRuns({ state }: Context): RunDraft[] {
  return state.runs.filter((run) => run.owner.kind !== 'release');
}

/** Those of a task that have not ended, oldest first. */
export function openRuns(ctx: Context, task: string): RunDraft[] {
  return independentRuns(ctx).filter((run) => run.task === task && run.state !== 'ended');
}

/** Every task of the attempts that a run has made. */
export function tasksOf({ tasks, earlier }: Run | RunDraft): readonly string[] {
  return [...earlier.flatMap(({ taskArns }) => taskArns), ...tasks.map(({ taskArn }) => taskArn)];
}

/** The run that a task belongs to and that still follows it. */
export function runOfTask(ctx: Context, taskArn: string): RunDraft | undefined {
  return ctx.state.runs.find(
    (run) => run.state !== 'ended' && run.tasks.some((task) => task.taskArn === taskArn),
  );
}
