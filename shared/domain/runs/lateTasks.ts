import type { DomainEvent } from '../events.ts';
import { announceApp } from '../kernel/announcing.ts';
import type { Context } from '../kernel/context.ts';
import { cancelEffects, enqueue } from '../kernel/outbox.ts';
import type { Cause } from '../release.ts';
import { startedBy, starterOf } from '../run.ts';
import type { LostStart } from '../state.ts';
import { tasksStarted } from './following.ts';
import { type RunDraft, tasksOf } from './parts.ts';
import { askToStop } from './stopping.ts';

/** Tasks that appear when no one waits for them: nothing of a release or a stopped run may run after its end. */

/** Starts that are kept in mind for longer than ECS takes to carry one out. */
const KEPT = 24 * 60 * 60_000;

type TaskRuns = Extract<DomainEvent, { type: 'taskRuns' }>;

/** The run that is being stopped and that this task, which Fairway started, may be of. */
export function stoppedRunOf({ state }: Context, { startedBy: by, taskArn }: TaskRuns): RunDraft | undefined {
  const related = state.runs.filter((run) => by === startedBy(starterOf(run)));
  if (related.some((run) => tasksOf(run).includes(taskArn))) return undefined;
  return related.find((run) => run.endsAs !== undefined && run.state !== 'ended');
}

/** It may be looked for exactly this one. */
export function stoppedRunRuns(ctx: Context, run: RunDraft, taskArn: string): string {
  if (run.state === 'starting') {
    cancelEffects(ctx, ({ effect }) => effect.kind === 'startRun' && effect.run === run.id);
    return tasksStarted(ctx, run, { kind: 'runStarted', taskArns: [taskArn] });
  }
  askToStop(ctx, run, taskArn);
  return `the task is of ${run.task}, which is being stopped: it is stopped, too`;
}

/** A task that Fairway started runs, and is of no run that is open. */
export function taskRuns(ctx: Context, event: TaskRuns): string {
  const lost = ctx.state.lostStarts?.find(({ releaseId }) => event.startedBy === startedBy(releaseId));
  if (!lost || ctx.now - lost.at > KEPT) return 'no task that is looked for';
  const what = nameOf(lost);
  if (lost.taskArn === event.taskArn) return `${what} is being stopped already`;
  lost.taskArn = event.taskArn;
  const owner = lost.release === undefined ? 'run' : 'release';
  const reason = `Fairway, ${what}: its ${owner} has ended`.slice(0, 255);
  enqueue(ctx, `stop:${event.taskArn}`, { kind: 'stopTask', taskArn: event.taskArn, reason });
  const sentence = `${what} started although its ${owner} has ended: Fairway stops it (${event.taskArn}).`;
  announceApp(ctx, 'lateTask', 'warning', sentence);
  return sentence;
}

function nameOf({ task, release }: Pick<LostStart, 'task' | 'release'>): string {
  return release === undefined ? task : `${task} of v${release}`;
}

/** ECS stops a late task. Undefined: it is not one. */
export function lateTaskStops(ctx: Context, taskArn: string): string | undefined {
  return lateTask(ctx, taskArn) && 'ECS stops it';
}

/** ECS does not stop a late task. Undefined: it is not one. */
export function lateTaskRefused(ctx: Context, taskArn: string, cause: Cause): string | undefined {
  const lost = lateTask(ctx, taskArn);
  if (!lost) return undefined;
  const sentence = `${nameOf(lost)} could not be stopped, so it may still run: ${cause.sentence}`;
  announceApp(ctx, 'lateTaskRuns', 'failure', sentence);
  return sentence;
}

function lateTask({ state }: Context, taskArn: string) {
  return state.lostStarts?.find((other) => other.taskArn === taskArn);
}
