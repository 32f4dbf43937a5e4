import type { Answer } from '../answers.ts';
import { announceRelease, causeOf, type Draft, type ReleaseDraft, type Turn } from '../kernel/draft.ts';
import { memberOf } from '../member.ts';
import type { Cause } from '../release.ts';
import type { TaskSight } from '../sights.ts';
import {
  askToStop,
  closeTask,
  lookAgain,
  lookForStart,
  loseStart,
  openTask,
  stopTask,
} from './abandoning.ts';
import { failRelease, finishGoingBack } from './ending.ts';
import { askForLines } from './lines.ts';
import { askToRun, proceed } from './proceeding.ts';
import { closeStep } from './steps.ts';

type Run = ReleaseDraft['tasks'][number];

const SECOND = 1000;
const MINUTE = 60 * SECOND;

export function taskStarted(turn: Turn, release: ReleaseDraft, name: string, taskArn: string): string {
  const run = release.tasks.find((other) => other.name === name);
  if (run?.state !== 'starting') return `${name} is not starting`;
  run.state = 'running';
  run.taskArn = taskArn;
  announceRelease(turn, release);
  return release.failure ? adoptStart(turn, release, run, taskArn) : `${name} runs as ${taskArn}`;
}

/** Lack of capacity is retried for a while; anything else that keeps a task from starting is a failure. */
export function taskNotStarted(
  turn: Turn,
  release: ReleaseDraft,
  name: string,
  cause: Cause,
  capacity: boolean,
): string {
  const run = release.tasks.find((other) => other.name === name);
  if (!run) return `${name} is not part of the release`;
  if (release.failure) return notStartedAnyMore(turn, release, run);
  if (cause.kind === 'unknownStart') return failRelease(turn, release, { task: name, cause });
  if (!capacity || turn.now - (run.startedAt ?? turn.now) >= turn.app.timeouts.capacity) {
    return taskFailed(turn, release, run, cause);
  }
  run.attempt += 1;
  run.state = 'starting';
  if (run.taskArn !== undefined) run.earlierTasks = [...(run.earlierTasks ?? []), run.taskArn];
  delete run.taskArn;
  const wait = Math.min(15 * SECOND * 2 ** (run.attempt - 1), 2 * MINUTE);
  askToRun(turn, release, run, turn.now + wait);
  return `no capacity for ${name}: tried again in ${wait / SECOND} s`;
}

/** RunTask is refused. After a lost answer that says nothing about the call before. */
export function startRefused(
  turn: Turn,
  release: ReleaseDraft,
  name: string,
  cause: Cause,
  attempt: number,
): string {
  const run = release.tasks.find((other) => other.name === name);
  if (!run) return failRelease(turn, release, { cause });
  if (attempt > 0) return failRelease(turn, release, { task: name, cause });
  return taskFailed(turn, release, run, cause);
}

/** What ECS says about our task: only STOPPED with exit code 0 in the named container is success. */
export function releaseTaskSeen(turn: Turn, release: ReleaseDraft, run: Run, sight: TaskSight): string {
  if (run.state !== 'running' && run.state !== 'stopping') return `${run.name} is not running`;
  if (!sight.found) return taskMissing(turn, release, run);
  if (sight.lastStatus !== 'STOPPED') return stillThere(turn, release, run, sight);
  const exitCode = memberOf(sight.exitCodes, run.container);
  if (exitCode !== undefined) run.exitCode = exitCode;
  if (release.failure) return abandonedTaskStopped(turn, release, run, sight);
  if (run.state === 'stopping') return taskFailed(turn, release, run, run.cause ?? neverEnded(run.name));
  if (exitCode === 0) return taskSucceeded(turn, release, run);
  if (exitCode === undefined && sight.cause?.kind === 'capacity') {
    return taskNotStarted(turn, release, run.name, sight.cause, true);
  }
  const unknown = causeOf(
    'neverStarted',
    `${run.name} stopped and its container ${run.container} never ran.`,
  );
  return taskFailed(turn, release, run, sight.cause ?? unknown);
}

/** The order to stop it may have come before ECS knew the task: it is given again. */
function stillThere(turn: Turn, release: ReleaseDraft, run: Run, sight: TaskSight): string {
  const isComing = ['PROVISIONING', 'PENDING', 'ACTIVATING', 'RUNNING'].includes(sight.lastStatus);
  if (run.state === 'stopping' && isComing) askToStop(turn, release, sight.taskArn);
  return `${run.name} is ${sight.lastStatus}`;
}

/** Right after RunTask ECS may not know its own task yet. */
function taskMissing(turn: Turn, release: ReleaseDraft, run: Run): string {
  if (turn.now - (run.startedAt ?? turn.now) < 10 * MINUTE) return `${run.name} is not visible in ECS yet`;
  const sentence = `${run.name} is no longer known to ECS, so how it ended is unknown.`;
  if (release.failure) return waitedFor(turn, release, run, sentence);
  return taskFailed(turn, release, run, causeOf('vanished', sentence));
}

function taskSucceeded(turn: Turn, release: ReleaseDraft, run: Run): string {
  run.state = 'succeeded';
  run.endedAt = turn.now;
  closeStep(release, run.name, 'done', turn.now);
  announceRelease(turn, release);
  proceed(turn);
  return `${run.name} succeeded`;
}

export function taskFailed(turn: Turn, release: ReleaseDraft, run: Run, cause: Cause): string {
  run.state = 'failed';
  run.endedAt = turn.now;
  run.cause = structuredClone(cause) as Draft<Cause>;
  const outcome = run.endsAs === undefined ? {} : { outcome: run.endsAs };
  return failRelease(turn, release, { task: run.name, cause, ...outcome });
}

/** The task took too long, or did not start in time: it is stopped, or looked for, before the release ends. */
export function taskTimedOut(turn: Turn, release: ReleaseDraft, run: Run): string {
  if (run.state === 'stopping') return giveUpStopping(turn, release, run);
  const minutes = Math.round((configured(turn, run.name)?.timeout ?? 0) / MINUTE);
  const what = run.state === 'starting' ? 'did not start' : 'did not end';
  const cause = causeOf('timeout', `${run.name} ${what} within ${minutes} min.`);
  run.cause = structuredClone(cause) as Draft<Cause>;
  return failRelease(turn, release, { task: run.name, cause });
}

/** The task of a failed release is no longer waited for, once its time is up. Undefined: it still is, or there is none. */
export function giveUpTask(turn: Turn, release: ReleaseDraft): string | undefined {
  const run = openTask(release);
  if (!run || !release.failure || turn.now < (run.giveUpAt ?? release.deadline)) return undefined;
  if (run.state !== 'starting') return giveUpStopping(turn, release, run);
  loseStart(turn, release, run, 'ECS has not answered');
  return finishTask(turn, release, run);
}

function giveUpStopping(turn: Turn, release: ReleaseDraft, run: Run): string {
  const ending = `ECS has not confirmed that ${run.name} stopped: it may still run.`;
  if (release.failure) return waitedFor(turn, release, run, ending);
  const { sentence, ...cause } = run.cause ?? neverEnded(run.name);
  closeTask(turn, release, run, ending);
  return taskFailed(turn, release, run, { ...cause, sentence: sentence.replace(/ and was stopped\.$/, '.') });
}

/** ECS refuses to stop a task. */
export function stopRefused(turn: Turn, release: ReleaseDraft, taskArn: string, cause: Cause): string {
  const run = release.tasks.find((other) => other.taskArn === taskArn);
  if (run?.state !== 'stopping') return cause.sentence;
  const ending = `${run.name} may still run, for it could not be stopped: ${cause.sentence}`;
  if (release.failure) return waitedFor(turn, release, run, ending);
  closeTask(turn, release, run, ending);
  return taskFailed(turn, release, run, run.cause ?? cause);
}

/** What ECS shows of the tasks of a failed release whose start may have been sent. */
export function tasksFound(
  turn: Turn,
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
  const [sight = found[0], ...more] = going;
  for (const { taskArn } of more) askToStop(turn, release, taskArn);
  if (sight) return startFound(turn, release, run, sight);
  if (refusal === undefined && lookAgain(turn, release, run, looks)) return `${name} is looked for again`;
  const why = refusal?.sentence.replace(/\.$/, '') ?? 'ECS has not answered RunTask, and shows no task of it';
  loseStart(turn, release, run, why);
  return finishTask(turn, release, run);
}

function startFound(turn: Turn, release: ReleaseDraft, run: Run, sight: TaskSight): string {
  if (sight.lastStatus !== 'STOPPED') return adoptStart(turn, release, run, sight.taskArn);
  run.state = 'running';
  run.taskArn = sight.taskArn;
  return releaseTaskSeen(turn, release, run, sight);
}

/** The task that a failed release was looking for: it is stopped. */
export function adoptStart(turn: Turn, release: ReleaseDraft, run: Run, taskArn: string): string {
  run.state = 'running';
  run.taskArn = taskArn;
  stopTask(turn, release, run);
  return `${run.name} was started as ${taskArn}: it is stopped`;
}

/** RunTask has answered a failed release that it started nothing. */
function notStartedAnyMore(turn: Turn, release: ReleaseDraft, run: Run): string {
  return waitedFor(turn, release, run, `${run.name} was not started.`);
}

/** The same, or a refusal, while the task is looked for: it says nothing about a call before. */
export function startAnsweredLate(
  turn: Turn,
  release: ReleaseDraft,
  { task: name, sentBefore }: { readonly task: string; readonly sentBefore: boolean },
): string {
  const run = release.tasks.find((other) => other.name === name);
  if (run?.state !== 'starting') return `${name} is not looked for`;
  if (!sentBefore) return notStartedAnyMore(turn, release, run);
  lookForStart(turn, release, run);
  return `${name} is looked for`;
}

function abandonedTaskStopped(turn: Turn, release: ReleaseDraft, run: Run, sight: TaskSight): string {
  const { stopCode = 'UserInitiated' } = sight;
  const code = run.exitCode === undefined ? '' : ` with exit code ${run.exitCode}`;
  if (stopCode !== 'UserInitiated')
    return waitedFor(turn, release, run, `${run.name} had ended${code} before it could be stopped.`);
  const { failure } = release;
  if (failure?.task !== run.name || failure.cause.kind !== 'timeout')
    return waitedFor(turn, release, run, `${run.name} was stopped.`);
  failure.cause.sentence = failure.cause.sentence.replace(/\.$/, ' and was stopped.');
  run.state = 'failed';
  run.endedAt = turn.now;
  run.cause = structuredClone(failure.cause);
  return finishTask(turn, release, run);
}

function waitedFor(turn: Turn, release: ReleaseDraft, run: Run, ending: string): string {
  closeTask(turn, release, run, ending);
  return finishTask(turn, release, run);
}

/** A failed release no longer waits for its task: it ends, unless services are still on their way back. */
function finishTask(turn: Turn, release: ReleaseDraft, run: Run): string {
  if (release.failure?.task === run.name) askForLines(turn, release);
  announceRelease(turn, release);
  return finishGoingBack(turn, release);
}

function configured(turn: Turn, name: string) {
  return [...turn.app.before, ...turn.app.after].find((task) => task.name === name);
}

function neverEnded(name: string): Cause {
  return causeOf('timeout', `${name} was stopped.`);
}
