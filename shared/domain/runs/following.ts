import { counted } from '../counted.ts';
import type { AnswerTo, EffectOf } from '../effects.ts';
import { causeOf } from '../kernel/causes.ts';
import type { Context, Draft } from '../kernel/context.ts';
import { rememberLost } from '../kernel/lostStarts.ts';
import { enqueue } from '../kernel/outbox.ts';
import { memberOf } from '../member.ts';
import type { ObservedTask } from '../observations.ts';
import type { Cause } from '../release.ts';
import { endRun } from './ending.ts';
import { hasRun, kept, type RunDraft, taskOf } from './parts.ts';
import { decisive, repeat, repeatForCapacity } from './retries.ts';
import { askToStart } from './starting.ts';
import { isYetToStop, stopStarted } from './stopping.ts';

/** How a run goes: what its effects answer, and what ECS says of its tasks. */

/** ECS says that a task of a run stopped: it is checked. */
export function runTaskStopped(ctx: Context, run: RunDraft, taskArn: string): string {
  enqueue(ctx, `task:${taskArn}`, { kind: 'lookAtTask', taskArn });
  return `a task of ${run.task} has stopped`;
}

/** Its revision, and where it runs, are known. */
export function prepared(ctx: Context, run: RunDraft, answer: AnswerTo<'prepareRun'>): string {
  if (run.endsAs) return endRun(ctx, run, run.endsAs, run.reason ?? 'stopped');
  const { image, revision, network, capacity, launch, notTaken } = structuredClone(answer) as Draft<
    typeof answer
  >;
  run.image = image;
  run.revision = revision;
  if (network) run.network = network;
  if (capacity) run.capacity = capacity;
  if (launch) run.launch = launch;
  if (notTaken) run.notTaken = notTaken;
  run.attempt = 1;
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
  if (answer.kind === 'runStarted') return runs(ctx, run, answer);
  if (effect.find?.sentBefore && answer.cause.kind !== 'unknownStart') return lookForIt(ctx, run, effect);
  return notStarted(ctx, run, answer);
}

/** RunTask is refused. After a lost answer that says nothing about the call before. */
export function startNotSent(
  ctx: Context,
  run: RunDraft,
  effect: EffectOf<'startRun'>,
  cause: Cause,
): string {
  return effect.find?.sentBefore ? lookForIt(ctx, run, effect) : endWithoutStart(ctx, run, cause);
}

function lookForIt(ctx: Context, run: RunDraft, effect: EffectOf<'startRun'>): string {
  enqueue(ctx, `start:${run.id}:${run.attempt}`, effect);
  return `${run.task} is looked for`;
}

function runs(
  ctx: Context,
  run: RunDraft,
  { taskArns, missing }: Extract<AnswerTo<'startRun'>, { kind: 'runStarted' }>,
): string {
  const task = taskOf(ctx, run.task);
  run.state = 'running';
  run.startedAt ??= ctx.now;
  run.attemptedAt = ctx.now;
  delete run.refusals;
  run.tasks.push(...taskArns.map((taskArn) => ({ taskArn, stopped: false })));
  run.deadline = ctx.now + (task?.timeout ?? 0);
  run.lookedAt = ctx.now;
  if (missing) run.cause = structuredClone(missing) as Draft<Cause>;
  if (run.endsAs) return stopStarted(ctx, run);
  return `${run.task} runs as ${taskArns.join(', ')}`;
}

function notStarted(
  ctx: Context,
  run: RunDraft,
  { cause, capacity }: Extract<AnswerTo<'startRun'>, { kind: 'taskNotStarted' }>,
): string {
  const waits = capacity && !run.endsAs && ctx.now < run.deadline;
  return waits ? repeatForCapacity(ctx, run) : endWithoutStart(ctx, run, cause);
}

/** Nothing of this attempt is known to have been started: what was to be stopped has stopped. */
export function endWithoutStart(ctx: Context, run: RunDraft, cause: Cause): string {
  if (cause.kind === 'unknownStart') rememberLost(ctx, { releaseId: run.id, task: run.task });
  if (!run.endsAs) return endFailed(ctx, run, cause);
  const doubt = cause.kind === 'unknownStart' ? `; it may still run: ${cause.sentence}` : '';
  return endRun(ctx, run, run.endsAs, `${run.reason ?? 'stopped'}${doubt}`, { cause });
}

/** It ends by what no further attempt will fix: failed where its container has run in any attempt, or may have. */
function endFailed(ctx: Context, run: RunDraft, cause: Cause): string {
  const mayHaveRun = run.tasks.some((task) => task.cause?.kind === 'vanished');
  const outcome = hasRun(run) || mayHaveRun ? 'failed' : 'neverStarted';
  return endRun(ctx, run, outcome, cause.sentence, { cause });
}

/** ECS refuses to stop a task: once none is left to be stopped, nothing that Fairway could wait for will end the run. */
export function notStopped(ctx: Context, run: RunDraft, cause: Cause): string {
  if (isYetToStop(ctx, run))
    return `a task of ${run.task} could not be stopped, others are still to be: ${cause.sentence}`;
  const reason = `${run.reason ?? 'stopped'}; it may still run, for it could not be stopped: ${cause.sentence}`;
  return endRun(ctx, run, run.endsAs ?? 'stopped', reason, { cause });
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
    return `${run.task} is ${observed.lastStatus}`;
  }
  task.stopped = true;
  const exitCode = memberOf(observed.exitCodes, run.container);
  if (exitCode !== undefined) task.exitCode = exitCode;
  if (observed.cause && exitCode !== 0) task.cause = kept(observed.cause);
  const left = run.tasks.filter((other) => !other.stopped).length;
  return left > 0 ? `${run.task} still has ${counted(left, 'task')}` : verdict(ctx, run);
}

/** Every task of the attempt has stopped. */
function verdict(ctx: Context, run: RunDraft): string {
  const task = taskOf(ctx, run.task);
  const stopped = run.tasks.flatMap(({ exitCode, cause = neverRan(run) }) =>
    exitCode === 0 ? [] : [{ exitCode, cause: cause as Cause }],
  );
  // What ECS has not started counts where nothing else went wrong.
  const missing = run.cause ? [{ exitCode: undefined, cause: run.cause as Cause }] : [];
  const failed = stopped.length > 0 ? stopped : missing;
  const worst = decisive(failed, task?.retries);
  const cause = worst?.cause;
  const exitCode = cause ? worst?.exitCode : 0;
  if (exitCode !== undefined) run.exitCode = exitCode;
  else delete run.exitCode;
  if (run.endsAs) return endRun(ctx, run, run.endsAs, run.reason ?? 'stopped');
  const again = repeat(ctx, run, task, failed);
  if (again) return again;
  return cause ? endFailed(ctx, run, cause) : endRun(ctx, run, 'succeeded', 'it ended with exit code 0');
}

function neverRan(run: RunDraft): Cause {
  const sentence = `${run.task} stopped and its container ${run.container} never ran.`;
  return causeOf('neverStarted', sentence);
}
