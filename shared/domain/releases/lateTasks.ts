import type { DomainEvent } from '../events.ts';
import { announceApp } from '../kernel/announcing.ts';
import type { Context, ReleaseDraft } from '../kernel/context.ts';
import { enqueue } from '../kernel/outbox.ts';
import { type Cause, startedBy } from '../release.ts';
import type { LostStart } from '../state.ts';
import { askToStop, openTask } from './abandoning.ts';
import { adoptStart } from './tasks.ts';

/** Starts that are kept in mind for longer than ECS takes to carry one out. */
const KEPT = 24 * 60 * 60_000;

/** A task that Fairway started runs: nothing of a release or a stopped run may run after its end. */
export function taskRuns(ctx: Context, event: Extract<DomainEvent, { type: 'taskRuns' }>): string {
  const { release } = ctx.state;
  if (release && event.startedBy === startedBy(release.id)) return ofOpenRelease(ctx, release, event.taskArn);
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

/** A failed release may be looking for exactly this one. */
function ofOpenRelease(ctx: Context, release: ReleaseDraft, taskArn: string): string {
  const run = openTask(release);
  if (!release.failure || !run || run.taskArn === taskArn) return 'the task is of the open release';
  if (run.state === 'starting') return adoptStart(ctx, release, run, taskArn);
  askToStop(ctx, release, taskArn);
  return 'the task is of a release that has failed: it is stopped';
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
