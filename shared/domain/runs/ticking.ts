import { causeOf } from '../kernel/causes.ts';
import type { Context } from '../kernel/context.ts';
import { isIndependent, type Run } from '../run.ts';
import type { AppState } from '../state.ts';
import { endRun } from './ending.ts';
import { endUnknown, lookAt } from './following.ts';
import type { RunDraft } from './parts.ts';
import { endStopped, isYetToStop, stopTasks } from './stopping.ts';

/** A run that has been silent for this long is checked: its events may be lost. */
const SILENCE = 5 * 60_000;
/** One that is being stopped should have stopped by then. */
const SILENCE_OF_STOPPING = 3 * 60_000;

/**
 * The sweep came by: what takes too long is stopped, what is silent is checked. Undefined: nothing to do. A release has a
 * deadline for its tasks, and looks after all that it has in progress at once: of its runs, only the stopping is watched.
 */
export function tickRun(ctx: Context, run: RunDraft): string | undefined {
  if (run.owner.kind === 'release') return ctx.now >= run.deadline ? giveUp(ctx, run) : undefined;
  const late = ctx.now >= run.deadline;
  switch (run.state) {
    case 'queued':
      return late ? endRun(ctx, run, 'skipped', 'it has waited for its turn for a day') : undefined;
    case 'preparing': {
      if (!late) return undefined;
      return endRun(ctx, run, 'neverStarted', 'AWS has not answered for 15 minutes');
    }
    // Whether it has started is not known: the effect that starts it has the last word.
    case 'starting':
      return late ? giveUp(ctx, run) : undefined;
    case 'ended':
      return undefined;
    case 'running': {
      if (!late) return look(ctx, run);
      const last = lastLook(ctx, run);
      if (last !== undefined) return last;
      const seconds = Math.round((run.deadline - (run.attemptedAt ?? run.deadline)) / 1_000);
      const span = seconds < 60 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
      return stopTasks(ctx, run, 'timedOut', `it did not end within ${span}`);
    }
    case 'stopping':
      return late ? giveUp(ctx, run) : look(ctx, run);
  }
}

/**
 * A run that is stopped is no longer waited for, once ECS has accepted the order and its time is up: a task that ECS was not
 * asked to stop would run on beside the next one. Undefined: it is still waited for, or it is not stopped.
 */
function giveUp(ctx: Context, run: RunDraft): string | undefined {
  if (isYetToStop(ctx, run)) return undefined;
  if (run.state === 'stopping') return endStopped(ctx, run, { how: 'unconfirmed' });
  if (run.state !== 'starting' || run.endsAs === undefined) return undefined;
  const sentence = `Whether ${run.task} was started is unknown: ECS has not answered.`;
  return endUnknown(ctx, run, causeOf('unknownStart', sentence));
}

/** For longer than this, the answer to a last look is not waited for. */
const LONGEST_WAIT = 30 * 60_000;

/** Its tasks may have ended in time while no function could look. Undefined: they were checked, or cannot be. */
function lastLook(ctx: Context, run: RunDraft): string | undefined {
  if (run.lookedAt < run.deadline) lookAtRun(ctx, run);
  const isLooking = ctx.state.outbox.some(
    ({ effect }) =>
      effect.kind === 'lookAtTask' && run.tasks.some(({ taskArn }) => taskArn === effect.taskArn),
  );
  if (!isLooking || ctx.now >= run.deadline + LONGEST_WAIT) return undefined;
  return `the time of ${run.task} is over: looking once more`;
}

function look(ctx: Context, run: RunDraft): string | undefined {
  if (ctx.now < run.lookedAt + silenceOf(run)) return undefined;
  lookAtRun(ctx, run);
  return `${run.task} has been silent: looking`;
}

/** Asks how its tasks are. */
export function lookAtRun(ctx: Context, run: RunDraft): void {
  run.lookedAt = ctx.now;
  for (const { taskArn, stopped } of run.tasks) if (!stopped) lookAt(ctx, taskArn);
}

/** How long a run may be silent before it is checked. */
export function silenceOf({ state }: Pick<Run, 'state'>): number {
  return state === 'stopping' ? SILENCE_OF_STOPPING : SILENCE;
}

/** When the sweep should next look at the open runs, in epoch milliseconds. */
export function runsDueAt(state: AppState): readonly number[] {
  return state.runs.flatMap((run) => dueAtOf(run) ?? []);
}

function dueAtOf(run: Run): number | undefined {
  if (!isIndependent(run)) return run.endsAs && run.state !== 'ended' ? run.deadline : undefined;
  switch (run.state) {
    case 'queued':
    case 'preparing':
      return run.deadline;
    case 'running':
    case 'stopping':
      return Math.min(run.deadline, run.lookedAt + silenceOf(run));
    case 'starting':
      return run.endsAs && run.deadline;
    case 'ended':
      return undefined;
  }
}
