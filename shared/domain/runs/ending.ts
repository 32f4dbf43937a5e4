import { counted } from '../counted.ts';
import { explained } from '../diagnosis/lastLines.ts';
import { type Effect, ownerOf } from '../effects.ts';
import type { Context, Draft } from '../kernel/context.ts';
import { cancelEffects, enqueue } from '../kernel/outbox.ts';
import { type LogTail, shownTail } from '../logs.ts';
import type { Cause } from '../release.ts';
import type { Run, RunOutcome } from '../run.ts';
import { byBlame, independentRuns, type RunDraft, taskOf } from './parts.ts';

/** How long an announcement of a run waits for its last lines, in milliseconds. */
const PATIENCE = 60_000;
/** Ended runs that may wait until their messages can be delivered: they are in the app's item, which must stay small. */
const MOST_UNANNOUNCED = 60;
/** And characters that they may take there, as JSON: one of ten tasks with many attempts is as large as ten plain ones. */
const LONGEST_UNANNOUNCED = 60_000;
/** Of so many the last lines are read: these are most of what a run takes. */
const MOST_WITH_LINES = 10;

interface More {
  readonly cause?: Cause;
  /** It is not announced. */
  readonly silent?: boolean;
}

/** Closes a run. The next one may begin; a release continues with how its task ended. */
export function endRun(
  ctx: Context,
  run: RunDraft,
  outcome: RunOutcome,
  reason: string,
  more: More = {},
): string {
  close(ctx, run, outcome, reason, more.cause);
  return run.owner.kind === 'release' ? `${run.task}: ${reason}` : report(ctx, run, outcome, reason, more);
}

function close(ctx: Context, run: RunDraft, outcome: RunOutcome, reason: string, cause?: Cause): void {
  cancelEffects(ctx, ({ effect }) => isOfRun(ctx, effect, run));
  run.state = 'ended';
  run.outcome = outcome;
  run.reason = reason;
  run.endedAt = ctx.now;
  delete run.command;
  delete run.launch;
  // The one that it ended by is the run's own.
  for (const task of run.tasks) delete task.cause;
  if (cause) run.cause = structuredClone(cause) as Draft<Cause>;
}

/** What a run wrote is read if it went wrong; it is recorded and announced. */
function report(
  ctx: Context,
  run: RunDraft,
  outcome: RunOutcome,
  reason: string,
  { cause, silent = false }: More,
): string {
  const waiting = independentRuns(ctx).filter((other) => other.state === 'ended' && other !== run);
  const untold = waiting.length;
  const isFull = untold >= MOST_UNANNOUNCED || JSON.stringify(waiting).length > LONGEST_UNANNOUNCED;
  const { taskArns, attempt } = tasksToRead(run);
  if (attempt !== undefined) run.tailOf = attempt;
  const { id, revision } = run;
  const isRead = outcome !== 'succeeded' && taskArns.length > 0 && untold < MOST_WITH_LINES && !isFull;
  const reads = isRead && revision !== undefined;
  const blamed = cause?.container === undefined ? {} : { container: cause.container };
  if (reads) enqueue(ctx, `lines:${id}`, { kind: 'readLines', of: 'run', id, revision, taskArns, ...blamed });
  enqueue(ctx, `record:${id}`, { kind: 'recordRun', run: id });
  const channels = silent ? [] : channelsFor(ctx, run.task, outcome);
  if (channels.length > 0 && isFull)
    return `${run.task}: ${reason}; not announced: ${untold} others already wait to be announced`;
  const wait = reads ? { notBefore: ctx.now + PATIENCE } : {};
  for (const channel of channels) {
    enqueue(ctx, `say:${channel}:${id}`, { kind: 'announceRun', channel, run: id }, wait);
  }
  return `${run.task}: ${reason}`;
}

/**
 * What has succeeded says nothing of why the others have not. Where the last attempt has started nothing, the last
 * one that ran shows more; `attempt` is its number, from 1.
 */
export function tasksToRead(run: RunDraft): {
  readonly taskArns: readonly string[];
  readonly attempt?: number;
} {
  const tasks = byBlame(run);
  const failed = tasks.filter(({ exitCode }) => exitCode !== 0);
  const index = run.earlier.findLastIndex(({ ran, taskArns }) => ran && taskArns.length > 0);
  const before = run.earlier[index];
  if (failed.length === 0 && before) return { taskArns: before.taskArns, attempt: index + 1 };
  return { taskArns: (failed.length > 0 ? failed : tasks).map(({ taskArn }) => taskArn) };
}

function isOfRun({ state }: Context, effect: Draft<Effect>, { id }: RunDraft): boolean {
  const owner = ownerOf(effect as Effect, state.runs as readonly Run[]);
  return typeof owner === 'object' && owner.run === id;
}

function channelsFor(ctx: Context, name: string, outcome: RunOutcome): readonly string[] {
  const notify = taskOf(ctx, name)?.notify;
  switch (outcome) {
    case 'succeeded':
      return notify?.success ?? [];
    case 'missed':
    case 'skipped':
    case 'replaced':
      return notify?.missed ?? ctx.app.channels;
    case 'failed':
    case 'neverStarted':
    case 'timedOut':
    case 'stopped':
      return notify?.failure ?? ctx.app.channels;
  }
}

/** Ended runs are kept until they are in the history and every channel was notified; those of a release as long as it is open. */
export function forgetEndedRuns({ state }: Context): void {
  const pending = new Set(
    state.outbox.flatMap(({ effect }) => {
      switch (effect.kind) {
        case 'recordRun':
        case 'announceRun':
          return [effect.run];
        case 'readLines':
          return [effect.id];
        default:
          return [];
      }
    }),
  );
  state.runs = state.runs.filter(({ id, owner, state: is }) =>
    owner.kind === 'release' ? owner.release === state.release?.id : is !== 'ended' || pending.has(id),
  );
}

/** Nothing is pending: the run is announced. */
export function announceAtOnce({ state }: Context, id: string): void {
  for (const entry of state.outbox)
    if (entry.effect.kind === 'announceRun' && entry.effect.run === id && entry.attempt === 0)
      delete entry.notBefore;
}

/** The last lines of a run that went wrong, for the announcement and the history. */
export function linesRead(ctx: Context, id: string, tail: LogTail): string {
  const run = ctx.state.runs.find((other) => other.id === id);
  if (!run) return 'the run is in the history already';
  run.tail = structuredClone(shownTail(tail)) as Draft<LogTail>;
  if (run.cause) {
    const cause = explained(run.cause as Cause, tail);
    if (run.reason === run.cause.sentence) run.reason = cause.sentence;
    run.cause = structuredClone(cause) as Draft<Cause>;
  }
  enqueue(ctx, `record:${id}`, { kind: 'recordRun', run: id });
  return `read ${counted(tail.lines.length, 'line')} of ${run.task}`;
}
