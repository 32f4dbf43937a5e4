import type { Answer } from '../answers.ts';
import { announceRelease } from '../kernel/announcing.ts';
import { causeOf } from '../kernel/causes.ts';
import type { Context, Draft, ReleaseDraft } from '../kernel/context.ts';
import { memberOf } from '../member.ts';
import type { ObservedTask } from '../observations.ts';
import type { Cause } from '../release.ts';
import {
  askToStop,
  closeTask,
  lookAgain,
  lookForStart,
  loseStart,
  openTask,
  stopTask,
} from './abandoning.ts';
import { failRelease } from './failing.ts';
import { askForLines } from './lines.ts';
import { askToRun, proceed } from './proceeding.ts';
import { finishRollback } from './rollingBack.ts';
import { closeStep } from './steps.ts';

type Run = ReleaseDraft['tasks'][number];

const SECOND = 1000;
const MINUTE = 60 * SECOND;

export function taskStarted(ctx: Context, release: ReleaseDraft, name: string, taskArn: string): string {
  const run = release.tasks.find((other) => other.name === name);
  if (run?.state !== 'starting') return `${name} is not starting`;
  run.state = 'running';
  run.taskArn = taskArn;
  announceRelease(ctx, release);
  return release.failure ? adoptStart(ctx, release, run, taskArn) : `${name} runs as ${taskArn}`;
}

/** Lack of capacity is retried for a while; anything else that keeps a task from starting is a failure. */
export function taskNotStarted(
  ctx: Context,
  release: ReleaseDraft,
  name: string,
  cause: Cause,
  capacity: boolean,
): string {
  const run = release.tasks.find((other) => other.name === name);
  if (!run) return `${name} is not part of the release`;
  if (release.failure) return notStartedAnyMore(ctx, release, run);
  if (cause.kind === 'unknownStart') return failRelease(ctx, release, { task: name, cause });
  if (!capacity || ctx.now - (run.startedAt ?? ctx.now) >= ctx.app.timeouts.capacity) {
    return taskFailed(ctx, release, run, cause);
  }
  run.attempt += 1;
  run.state = 'starting';
  if (run.taskArn !== undefined) run.earlierTasks = [...(run.earlierTasks ?? []), run.taskArn];
  delete run.taskArn;
  const wait = Math.min(15 * SECOND * 2 ** (run.attempt - 1), 2 * MINUTE);
  askToRun(ctx, release, run, ctx.now + wait);
  return `no capacity for ${name}: tried again in ${wait / SECOND} s`;
}

/** RunTask is refused. After a lost answer that says nothing about the call before. */
export function startRefused(
  ctx: Context,
  release: ReleaseDraft,
  name: string,
  cause: Cause,
  attempt: number,
): string {
  const run = release.tasks.find((other) => other.name === name);
  if (!run) return failRelease(ctx, release, { cause });
  if (attempt > 0) return failRelease(ctx, release, { task: name, cause });
  return taskFailed(ctx, release, run, cause);
}

/** What ECS says about our task: only STOPPED with exit code 0 in the named container is success. */
export function releaseTaskSeen(
  ctx: Context,
  release: ReleaseDraft,
  run: Run,
  observed: ObservedTask,
): string {
  if (run.state !== 'running' && run.state !== 'stopping') return `${run.name} is not running`;
  if (!observed.found) return taskMissing(ctx, release, run);
  if (observed.lastStatus !== 'STOPPED') return stillThere(ctx, release, run, observed);
  const exitCode = memberOf(observed.exitCodes, run.container);
  if (exitCode !== undefined) run.exitCode = exitCode;
  if (release.failure) return abandonedTaskStopped(ctx, release, run, observed);
  if (run.state === 'stopping') return taskFailed(ctx, release, run, run.cause ?? neverEnded(run.name));
  if (exitCode === 0) return taskSucceeded(ctx, release, run);
  if (exitCode === undefined && observed.cause?.kind === 'capacity') {
    return taskNotStarted(ctx, release, run.name, observed.cause, true);
  }
  const unknown = causeOf(
    'neverStarted',
    `${run.name} stopped and its container ${run.container} never ran.`,
  );
  return taskFailed(ctx, release, run, observed.cause ?? unknown);
}

/** The order to stop it may have come before ECS knew the task: it is given again. */
function stillThere(ctx: Context, release: ReleaseDraft, run: Run, observed: ObservedTask): string {
  const isComing = ['PROVISIONING', 'PENDING', 'ACTIVATING', 'RUNNING'].includes(observed.lastStatus);
  if (run.state === 'stopping' && isComing) askToStop(ctx, release, observed.taskArn);
  return `${run.name} is ${observed.lastStatus}`;
}

/** Right after RunTask ECS may not know its own task yet. */
function taskMissing(ctx: Context, release: ReleaseDraft, run: Run): string {
  if (ctx.now - (run.startedAt ?? ctx.now) < 10 * MINUTE) return `${run.name} is not visible in ECS yet`;
  const sentence = `${run.name} is no longer known to ECS, so how it ended is unknown.`;
  if (release.failure) return waitedFor(ctx, release, run, sentence);
  return taskFailed(ctx, release, run, causeOf('vanished', sentence));
}

function taskSucceeded(ctx: Context, release: ReleaseDraft, run: Run): string {
  run.state = 'succeeded';
  run.endedAt = ctx.now;
  closeStep(release, run.name, 'done', ctx.now);
  announceRelease(ctx, release);
  proceed(ctx);
  return `${run.name} succeeded`;
}

function taskFailed(ctx: Context, release: ReleaseDraft, run: Run, cause: Cause): string {
  run.state = 'failed';
  run.endedAt = ctx.now;
  run.cause = structuredClone(cause) as Draft<Cause>;
  const outcome = run.endsAs === undefined ? {} : { outcome: run.endsAs };
  return failRelease(ctx, release, { task: run.name, cause, ...outcome });
}

/** The task took too long, or did not start in time: it is stopped, or looked for, before the release ends. */
export function taskTimedOut(ctx: Context, release: ReleaseDraft, run: Run): string {
  if (run.state === 'stopping') return giveUpStopping(ctx, release, run);
  const minutes = Math.round((configured(ctx, run.name)?.timeout ?? 0) / MINUTE);
  const what = run.state === 'starting' ? 'did not start' : 'did not end';
  const cause = causeOf('timeout', `${run.name} ${what} within ${minutes} min.`);
  run.cause = structuredClone(cause) as Draft<Cause>;
  return failRelease(ctx, release, { task: run.name, cause });
}

/** The task of a failed release is no longer waited for, once its time is up. Undefined: it still is, or there is none. */
export function giveUpTask(ctx: Context, release: ReleaseDraft): string | undefined {
  const run = openTask(release);
  if (!run || !release.failure || ctx.now < (run.giveUpAt ?? release.deadline)) return undefined;
  if (run.state !== 'starting') return giveUpStopping(ctx, release, run);
  loseStart(ctx, release, run, 'ECS has not answered');
  return finishTask(ctx, release, run);
}

function giveUpStopping(ctx: Context, release: ReleaseDraft, run: Run): string {
  const ending = `ECS has not confirmed that ${run.name} stopped: it may still run.`;
  if (release.failure) return waitedFor(ctx, release, run, ending);
  const { sentence, ...cause } = run.cause ?? neverEnded(run.name);
  closeTask(ctx, release, run, ending);
  return taskFailed(ctx, release, run, { ...cause, sentence: sentence.replace(/ and was stopped\.$/, '.') });
}

/** ECS refuses to stop a task. */
export function stopRefused(ctx: Context, release: ReleaseDraft, taskArn: string, cause: Cause): string {
  const run = release.tasks.find((other) => other.taskArn === taskArn);
  if (run?.state !== 'stopping') return cause.sentence;
  const ending = `${run.name} may still run, for it could not be stopped: ${cause.sentence}`;
  if (release.failure) return waitedFor(ctx, release, run, ending);
  closeTask(ctx, release, run, ending);
  return taskFailed(ctx, release, run, run.cause ?? cause);
}

/** What ECS shows of the tasks of a failed release whose start may have been sent. */
export function tasksFound(
  ctx: Context,
  release: ReleaseDraft,
  { task: name, looks }: { readonly task: string; readonly looks: number },
  { tasks, refusal }: Extract<Answer, { kind: 'tasksFound' }>,
): string {
  const run = release.tasks.find((other) => other.name === name);
  if (run?.state !== 'starting' || !release.failure) return `${name} is not looked for`;
  const known = new Set(
    release.tasks.flatMap(({ taskArn, earlierTasks = [] }) => [taskArn, ...earlierTasks]),
  );
  const found = tasks.filter(({ taskArn }) => !known.has(taskArn));
  const going = found.filter(({ lastStatus }) => lastStatus !== 'STOPPED');
  const [observed = found[0], ...more] = going;
  for (const { taskArn } of more) askToStop(ctx, release, taskArn);
  if (observed) return startFound(ctx, release, run, observed);
  if (refusal === undefined && lookAgain(ctx, release, run, looks)) return `${name} is looked for again`;
  const why = refusal?.sentence.replace(/\.$/, '') ?? 'ECS has not answered RunTask, and shows no task of it';
  loseStart(ctx, release, run, why);
  return finishTask(ctx, release, run);
}

function startFound(ctx: Context, release: ReleaseDraft, run: Run, observed: ObservedTask): string {
  if (observed.lastStatus !== 'STOPPED') return adoptStart(ctx, release, run, observed.taskArn);
  run.state = 'running';
  run.taskArn = observed.taskArn;
  return releaseTaskSeen(ctx, release, run, observed);
}

/** The task that a failed release was looking for: it is stopped. */
export function adoptStart(ctx: Context, release: ReleaseDraft, run: Run, taskArn: string): string {
  run.state = 'running';
  run.taskArn = taskArn;
  stopTask(ctx, release, run);
  return `${run.name} was started as ${taskArn}: it is stopped`;
}

/** RunTask has answered a failed release that it started nothing. */
function notStartedAnyMore(ctx: Context, release: ReleaseDraft, run: Run): string {
  return waitedFor(ctx, release, run, `${run.name} was not started.`);
}

/** The same, or a refusal, while the task is looked for: it says nothing about a call before. */
export function startAnsweredLate(
  ctx: Context,
  release: ReleaseDraft,
  { task: name, sentBefore }: { readonly task: string; readonly sentBefore: boolean },
): string {
  const run = release.tasks.find((other) => other.name === name);
  if (run?.state !== 'starting') return `${name} is not looked for`;
  if (!sentBefore) return notStartedAnyMore(ctx, release, run);
  lookForStart(ctx, release, run);
  return `${name} is looked for`;
}

function abandonedTaskStopped(ctx: Context, release: ReleaseDraft, run: Run, observed: ObservedTask): string {
  const { stopCode = 'UserInitiated' } = observed;
  const code = run.exitCode === undefined ? '' : ` with exit code ${run.exitCode}`;
  if (stopCode !== 'UserInitiated')
    return waitedFor(ctx, release, run, `${run.name} had ended${code} before it could be stopped.`);
  const { failure } = release;
  if (failure?.task !== run.name || failure.cause.kind !== 'timeout')
    return waitedFor(ctx, release, run, `${run.name} was stopped.`);
  failure.cause.sentence = failure.cause.sentence.replace(/\.$/, ' and was stopped.');
  run.state = 'failed';
  run.endedAt = ctx.now;
  run.cause = structuredClone(failure.cause);
  return finishTask(ctx, release, run);
}

function waitedFor(ctx: Context, release: ReleaseDraft, run: Run, ending: string): string {
  closeTask(ctx, release, run, ending);
  return finishTask(ctx, release, run);
}

/** A failed release no longer waits for its task: it ends, unless services are still on their way back. */
function finishTask(ctx: Context, release: ReleaseDraft, run: Run): string {
  if (release.failure?.task === run.name) askForLines(ctx, release);
  announceRelease(ctx, release);
  return finishRollback(ctx, release);
}

function configured(ctx: Context, name: string) {
  return [...ctx.app.before, ...ctx.app.after].find((task) => task.name === name);
}

function neverEnded(name: string): Cause {
  return causeOf('timeout', `${name} was stopped.`);
}
