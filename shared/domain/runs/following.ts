import type { Answer } from '../answers.ts';
import { counted } from '../counted.ts';
import type { Effect, EffectOf } from '../effects.ts';
import { causeOf } from '../kernel/causes.ts';
import type { Context, Draft } from '../kernel/context.ts';
import { rememberLost } from '../kernel/lostStarts.ts';
import { enqueue } from '../kernel/outbox.ts';
import { memberOf } from '../member.ts';
import type { ObservedTask } from '../observations.ts';
import type { Cause } from '../release.ts';
import { announceAtOnce, endRun, linesRead } from './ending.ts';
import { hasRun, kept, type RunDraft, runOfTask, taskOf } from './parts.ts';
import { decisive, repeat, repeatForCapacity } from './retries.ts';
import { askToStart } from './starting.ts';
import { stopStarted } from './stopping.ts';

/** How a run goes: what its effects answer, and what ECS says of its tasks. */

/** An answer to an effect of a run; undefined: the effect is not of a run. */
export function runAnswered(ctx: Context, effect: Effect, answer: Answer): string | undefined {
  switch (effect.kind) {
    case 'prepareRun':
    case 'startRun': {
      const run = ctx.state.runs.find((other) => other.id === effect.run);
      if (!run || run.state === 'ended') return 'the run has ended';
      return effect.kind === 'prepareRun' ? prepared(ctx, run, answer) : started(ctx, run, effect, answer);
    }
    case 'lookAtTask':
    case 'stopTask': {
      const run = runOfTask(ctx, effect.taskArn);
      if (!run) return undefined;
      if (answer.kind === 'taskSeen') return runTaskSeen(ctx, run, answer.task);
      if (answer.kind !== 'refused') return 'ECS is stopping it';
      if (effect.kind === 'lookAtTask') return answer.cause.sentence;
      return notStopped(ctx, run, answer.cause);
    }
    case 'readLines':
      if (effect.of !== 'run') return undefined;
      announceAtOnce(ctx, effect.id);
      return answer.kind === 'linesRead' ? linesRead(ctx, effect.id, answer.tail) : 'its log was not read';
    case 'recordRun':
      return 'recorded';
    case 'announceRun':
      return `told ${effect.channel}`;
    default:
      return undefined;
  }
}

/** ECS says that a task of a run stopped: it is looked at. */
export function runTaskStopped(ctx: Context, run: RunDraft, taskArn: string): string {
  enqueue(ctx, `task:${taskArn}`, { kind: 'lookAtTask', taskArn });
  return `a task of ${run.task} has stopped`;
}

function prepared(ctx: Context, run: RunDraft, answer: Answer): string {
  if (answer.kind === 'refused') return endWithoutStart(ctx, run, answer.cause);
  if (answer.kind !== 'runPrepared') return 'not prepared';
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

function started(ctx: Context, run: RunDraft, effect: EffectOf<'startRun'>, answer: Answer): string {
  if (saysNothing(effect, answer)) {
    enqueue(ctx, `start:${run.id}:${run.attempt}`, effect);
    return `${run.task} is looked for`;
  }
  if (answer.kind === 'refused') return endWithoutStart(ctx, run, answer.cause);
  if (answer.kind === 'taskNotStarted') return notStarted(ctx, run, answer);
  if (answer.kind !== 'runStarted') return 'not started';
  const task = taskOf(ctx, run.task);
  run.state = 'running';
  run.startedAt ??= ctx.now;
  run.attemptedAt = ctx.now;
  delete run.refusals;
  run.tasks.push(...answer.taskArns.map((taskArn) => ({ taskArn, stopped: false })));
  run.deadline = ctx.now + (task?.timeout ?? 0);
  run.lookedAt = ctx.now;
  if (answer.missing) run.cause = structuredClone(answer.missing) as Draft<Cause>;
  if (run.endsAs) return stopStarted(ctx, run);
  return `${run.task} runs as ${answer.taskArns.join(', ')}`;
}

/** A call that started nothing, after another whose answer was lost. */
function saysNothing({ find }: EffectOf<'startRun'>, answer: Answer): boolean {
  if (!find?.sentBefore) return false;
  if (answer.kind === 'taskNotStarted') return answer.cause.kind !== 'unknownStart';
  return answer.kind === 'refused';
}

function notStarted(
  ctx: Context,
  run: RunDraft,
  { cause, capacity }: Extract<Answer, { kind: 'taskNotStarted' }>,
): string {
  const waits = capacity && !run.endsAs && ctx.now < run.deadline;
  return waits ? repeatForCapacity(ctx, run) : endWithoutStart(ctx, run, cause);
}

/** Nothing of this attempt is known to have been started: what was to be stopped has stopped. */
function endWithoutStart(ctx: Context, run: RunDraft, cause: Cause): string {
  if (cause.kind === 'unknownStart') rememberLost(ctx, { releaseId: run.id, task: run.task });
  if (!run.endsAs) return endFailed(ctx, run, cause);
  const doubt = cause.kind === 'unknownStart' ? `; it may still run: ${cause.sentence}` : '';
  return endRun(ctx, run, run.endsAs, `${run.reason ?? 'stopped'}${doubt}`, { cause });
}

/** It ends by what no further attempt will mend: failed where its container has run in any attempt, or may have. */
function endFailed(ctx: Context, run: RunDraft, cause: Cause): string {
  const mayHaveRun = run.tasks.some((task) => task.cause?.kind === 'vanished');
  const outcome = hasRun(run) || mayHaveRun ? 'failed' : 'neverStarted';
  return endRun(ctx, run, outcome, cause.sentence, { cause });
}

/** ECS refuses to stop a task: once none is left to be stopped, nothing that Fairway could wait for will end the run. */
function notStopped(ctx: Context, run: RunDraft, cause: Cause): string {
  const isAsked = ctx.state.outbox.some(
    ({ effect }) => effect.kind === 'stopTask' && run.tasks.some(({ taskArn }) => taskArn === effect.taskArn),
  );
  if (isAsked) return `a task of ${run.task} could not be stopped, others are still to be: ${cause.sentence}`;
  const reason = `${run.reason ?? 'stopped'}; it may still run, for it could not be stopped: ${cause.sentence}`;
  return endRun(ctx, run, run.endsAs ?? 'stopped', reason, { cause });
}

/** What ECS says of a task of a run: once all have stopped, the run has its verdict. */
function runTaskSeen(ctx: Context, run: RunDraft, observed: ObservedTask): string {
  const task = run.tasks.find((other) => other.taskArn === observed.taskArn);
  if (!task) return 'the task is not of this attempt';
  run.lookedAt = ctx.now;
  if (task.stopped) return 'the task was seen to have stopped already';
  if (!observed.found) {
    // Right after RunTask ECS may not know its own task yet.
    if (ctx.now - (run.attemptedAt ?? ctx.now) < 10 * 60_000) return 'the task is not visible in ECS yet';
    const sentence = `${run.task} is no longer known to ECS, so how it ended cannot be told.`;
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
