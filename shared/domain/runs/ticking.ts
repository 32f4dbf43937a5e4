import type { Context } from '../kernel/context.ts';
import { enqueue } from '../kernel/outbox.ts';
import type { Run } from '../run.ts';
import type { AppState } from '../state.ts';
import { endRun } from './ending.ts';
import type { RunDraft } from './parts.ts';
import { stopTasks } from './stopping.ts';

/** A run that has been silent for this long is checked: its events may be lost. */
const SILENCE = 5 * 60_000;
/** One that is being stopped should have stopped by then. */
const SILENCE_OF_STOPPING = 3 * 60_000;

/** The sweep came by: what takes too long is stopped, what is silent is checked. Undefined: nothing to do. */
export function tickRuns(ctx: Context): string | undefined {
  const said = ctx.state.runs.flatMap((run) => tickRun(ctx, run) ?? []);
  return said.length === 0 ? undefined : said.join('; ');
}

function tickRun(ctx: Context, run: RunDraft): string | undefined {
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
    case 'ended':
      return undefined;
    case 'running': {
      if (!late) return look(ctx, run);
      const seconds = Math.round((run.deadline - (run.attemptedAt ?? run.deadline)) / 1_000);
      const span = seconds < 60 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
      return stopTasks(ctx, run, 'timedOut', `it did not end within ${span}`);
    }
    case 'stopping': {
      if (!late) return look(ctx, run);
      const reason = `${run.reason ?? 'stopped'}; ECS has not confirmed that it stopped`;
      return endRun(ctx, run, run.endsAs ?? 'stopped', reason);
    }
  }
}

function look(ctx: Context, run: RunDraft): string | undefined {
  if (ctx.now < run.lookedAt + silenceOf(run)) return undefined;
  run.lookedAt = ctx.now;
  for (const { taskArn, stopped } of run.tasks) {
    if (!stopped) enqueue(ctx, `task:${taskArn}`, { kind: 'lookAtTask', taskArn });
  }
  return `${run.task} has been silent: looking`;
}

function silenceOf({ state }: Pick<Run, 'state'>): number {
  return state === 'stopping' ? SILENCE_OF_STOPPING : SILENCE;
}

/** When the sweep should next look at the open runs, in epoch milliseconds. */
export function runsDueAt(state: AppState): readonly number[] {
  return state.runs.flatMap((run) => dueAtOf(run) ?? []);
}

function dueAtOf(run: Run): number | undefined {
  switch (run.state) {
    case 'queued':
    case 'preparing':
      return run.deadline;
    case 'running':
    case 'stopping':
      return Math.min(run.deadline, run.lookedAt + silenceOf(run));
    case 'starting':
    case 'ended':
      return undefined;
  }
}
