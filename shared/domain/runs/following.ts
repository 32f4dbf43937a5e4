import { counted } from '../counted.ts';
import type { AnswerTo, EffectOf } from '../effects.ts';
import { causeOf } from '../kernel/causes.ts';
import type { Context, Draft } from '../kernel/context.ts';
import { enqueue } from '../kernel/outbox.ts';
import { memberOf } from '../member.ts';
import type { ObservedTask } from '../observations.ts';
import type { Cause } from '../release.ts';
import { endRun } from './ending.ts';
import { hasRun, kept, type RunDraft } from './parts.ts';
import { decisive, repeat, repeatForCapacity } from './retries.ts';
import { settingsOf } from './settings.ts';
import { askToStart, roomUntil } from './starting.ts';
import { askToStop, endStopped, lookFor, loseTrack, stopStarted } from './stopping.ts';

/** How a run goes: what its effects answer, and what ECS says of its tasks. */

/** Of a task that ECS is not stopping yet. Source: Amazon ECS Developer Guide, "Task lifecycle". */
const COMING: readonly string[] = ['PROVISIONING', 'PENDING', 'ACTIVATING', 'RUNNING'];

/** ECS says that a task of a run stopped: it is checked. */
export function runTaskStopped(ctx: Context, run: RunDraft, taskArn: string): string {
  lookAt(ctx, taskArn);
  return `a task of ${run.task} has stopped`;
}

export function lookAt(ctx: Context, taskArn: string): void {
  enqueue(ctx, `task:${taskArn}`, { kind: 'lookAtTask', taskArn });
}

/** Its revision, and where it runs, are known. */
export function prepared(ctx: Context, run: RunDraft, answer: AnswerTo<'prepareRun'>): string {
  if (run.endsAs) return endStopped(ctx, run, { how: 'notStarted' });
  const { image, revision, network, capacity, launch, notTaken } = structuredClone(answer) as Draft<
    typeof answer
  >;
  run.image = image;
  run.revision = revision;
  if (network) run.network = network;
  if (capacity) run.capacity = capacity;
  if (launch) run.launch = launch;
  if (notTaken) run.notTaken = notTaken;
  askToStart(ctx, run);
  return `${run.task} starts`;
}

/** ECS was asked to start it, or was asked what it has started. */
export function started(
  ctx: Context,
  run: RunDraft,
  effect: EffectOf<'startRun'>,
  answer: AnswerTo<'startRun'>,
): string {
  if (answer.kind === 'runStarted') return tasksStarted(ctx, run, answer);
  const { cause, capacity } = answer;
  const isUnknown = cause.kind === 'unknownStart';
  if (effect.find) return isUnknown ? endUnknown(ctx, run, cause) : nothingSent(ctx, run, effect, cause);
  if (isUnknown) return loseTrack(ctx, run, effect, cause);
  if (capacity && ctx.now < roomUntil(ctx, run)) return repeatForCapacity(ctx, run);
  return endFailed(ctx, run, cause);
}

/** RunTask is refused. After a lost answer that says nothing about the call before. */
export function startNotSent(
  ctx: Context,
  run: RunDraft,
  effect: EffectOf<'startRun'>,
  cause: Cause,
  attempt: number,
): string {
  if (effect.find) return nothingSent(ctx, run, effect, cause);
  return attempt > 0 ? loseTrack(ctx, run, effect, cause) : endFailed(ctx, run, cause);
}

/** A call that was in progress has started nothing. One before it may have. */
function nothingSent(ctx: Context, run: RunDraft, effect: EffectOf<'startRun'>, cause: Cause): string {
  if (!effect.find?.sentBefore) return endStopped(ctx, run, { how: 'notStarted', cause });
  lookFor(ctx, effect);
  return `${run.task} is looked for`;
}

/** Nothing of it was found. */
export function endUnknown(ctx: Context, run: RunDraft, cause: Cause): string {
  return endStopped(ctx, run, { how: 'unknown', cause });
}

/** ECS has started its tasks, or shows that it had. */
export function tasksStarted(
  ctx: Context,
  run: RunDraft,
  { taskArns, missing }: Extract<AnswerTo<'startRun'>, { kind: 'runStarted' }>,
): string {
  run.state = 'running';
  run.startedAt ??= ctx.now;
  run.attemptedAt = ctx.now;
  run.tasks.push(...taskArns.map((taskArn) => ({ taskArn, stopped: false })));
  run.deadline = ctx.now + (settingsOf(ctx.app, run)?.timeout ?? 0);
  run.lookedAt = ctx.now;
  if (missing) run.cause = structuredClone(missing) as Draft<Cause>;
  if (run.endsAs) return found(ctx, run);
  return `${run.task} runs as ${taskArns.join(', ')}`;
}

/** What was looked for may have ended on its own. */
function found(ctx: Context, run: RunDraft): string {
  for (const { taskArn, stopped } of run.tasks) if (!stopped) lookAt(ctx, taskArn);
  return stopStarted(ctx, run);
}

/** It cannot be prepared. */
export function notPrepared(ctx: Context, run: RunDraft, cause: Cause): string {
  return run.endsAs ? endStopped(ctx, run, { how: 'notStarted', cause }) : endFailed(ctx, run, cause);
}

/** It ends by what no further attempt will fix: failed where its container has run in any attempt, or may have. */
function endFailed(ctx: Context, run: RunDraft, cause: Cause): string {
  const mayHaveRun = run.tasks.some((task) => task.cause?.kind === 'vanished');
  const outcome = hasRun(run) || mayHaveRun ? 'failed' : 'neverStarted';
  return endRun(ctx, run, outcome, cause.sentence, { cause });
}

/** What ECS says of a task of a run: once all have stopped, the run has its verdict. */
export function runTaskSeen(ctx: Context, run: RunDraft, observed: ObservedTask): string {
  const task = run.tasks.find((other) => other.taskArn === observed.taskArn);
  if (!task) return 'the task is not of this attempt';
  run.lookedAt = ctx.now;
  if (task.stopped) return 'the task was seen to have stopped already';
  if (!observed.found) {
    // Right after RunTask ECS may not know its own task yet.
    if (ctx.now - (run.attemptedAt ?? ctx.now) < 10 * 60_000) return 'the task is not visible in ECS yet';
    const sentence = `${run.task} is no longer known to ECS, so how it ended is unknown.`;
    task.cause = structuredClone(causeOf('vanished', sentence)) as Draft<Cause>;
  } else if (observed.lastStatus !== 'STOPPED') {
    // The order to stop it may have come before ECS knew the task.
    if (run.state === 'stopping' && COMING.includes(observed.lastStatus)) askToStop(ctx, run, task.taskArn);
    return `${run.task} is ${observed.lastStatus}`;
  }
  task.stopped = true;
  const exitCode = memberOf(observed.exitCodes, run.container);
  if (exitCode !== undefined) task.exitCode = exitCode;
  if (observed.found && observed.cause && exitCode !== 0) task.cause = kept(observed.cause);
  const left = run.tasks.filter((other) => !other.stopped).length;
  return left > 0 ? `${run.task} still has ${counted(left, 'task')}` : verdict(ctx, run, observed);
}

/** Every task of the attempt has stopped. */
function verdict(ctx: Context, run: RunDraft, last: ObservedTask): string {
  const retries = settingsOf(ctx.app, run)?.retries;
  const stopped = run.tasks.flatMap(({ exitCode, cause = neverRan(run) }) =>
    exitCode === 0 ? [] : [{ exitCode, cause: cause as Cause }],
  );
  // What ECS has not started counts where nothing else went wrong.
  const missing = run.cause ? [{ exitCode: undefined, cause: run.cause as Cause }] : [];
  const failed = stopped.length > 0 ? stopped : missing;
  const worst = decisive(failed, retries);
  const cause = worst?.cause;
  const exitCode = cause ? worst?.exitCode : 0;
  if (exitCode !== undefined) run.exitCode = exitCode;
  else delete run.exitCode;
  if (run.endsAs) return endStopped(ctx, run, { how: howStopped(last) });
  const again = repeat(ctx, run, retries, failed);
  if (again) return again;
  return cause ? endFailed(ctx, run, cause) : endRun(ctx, run, 'succeeded', 'it exited with code 0');
}

function howStopped({ found, stopCode = 'UserInitiated' }: ObservedTask) {
  if (!found) return 'vanished';
  return stopCode === 'UserInitiated' ? 'stopped' : 'endedBefore';
}

function neverRan(run: RunDraft): Cause {
  const sentence = `${run.task} stopped and its container ${run.container} never ran.`;
  return causeOf('neverStarted', sentence);
}
