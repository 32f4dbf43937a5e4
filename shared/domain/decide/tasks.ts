import type { Cause } from '../release.ts';
import type { TaskSight } from '../sights.ts';
import { announceRelease, ask, causeOf, type Draft, type ReleaseDraft, type Turn } from './draft.ts';
import { failRelease } from './ending.ts';
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
  return `${name} runs as ${taskArn}`;
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
  if (!capacity || turn.now - (run.startedAt ?? turn.now) >= turn.app.timeouts.capacity) {
    return taskFailed(turn, release, run, cause);
  }
  run.attempt += 1;
  run.state = 'starting';
  delete run.taskArn;
  const wait = Math.min(15 * SECOND * 2 ** (run.attempt - 1), 2 * MINUTE);
  askToRun(turn, release, run, turn.now + wait);
  return `no capacity for ${name}: tried again in ${wait / SECOND} s`;
}

/** What ECS says about our task: only STOPPED with exit code 0 in the named container is success. */
export function releaseTaskSeen(turn: Turn, release: ReleaseDraft, run: Run, sight: TaskSight): string {
  if (run.state !== 'running' && run.state !== 'stopping') return `${run.name} is not running`;
  if (!sight.found) return taskMissing(turn, release, run);
  if (sight.lastStatus !== 'STOPPED') return `${run.name} is ${sight.lastStatus}`;
  const exitCode = sight.exitCodes[run.container];
  if (exitCode !== undefined) run.exitCode = exitCode;
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

/** Right after RunTask ECS may not know its own task yet. */
function taskMissing(turn: Turn, release: ReleaseDraft, run: Run): string {
  if (turn.now - (run.startedAt ?? turn.now) < 10 * MINUTE) return `${run.name} is not visible in ECS yet`;
  const sentence = `${run.name} is no longer known to ECS, so how it ended cannot be told.`;
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

/** The task took too long: it is stopped first, so that it does nothing more after the release has ended. */
export function taskTimedOut(turn: Turn, release: ReleaseDraft, run: Run): string {
  const task = configured(turn, run.name);
  const minutes = Math.round((task?.timeout ?? 0) / MINUTE);
  const cause = causeOf('timeout', `${run.name} did not end within ${minutes} min and was stopped.`);
  if (run.taskArn === undefined) return taskFailed(turn, release, run, cause);
  if (run.state === 'stopping') return taskFailed(turn, release, run, run.cause ?? cause);
  stopRun(turn, release, run, cause);
  return cause.sentence;
}

/** Stops a running release task; the release fails with `cause` once ECS says that it has stopped. */
export function stopRun(turn: Turn, release: ReleaseDraft, run: Run, cause: Cause): void {
  if (run.taskArn === undefined) return;
  run.state = 'stopping';
  run.cause = structuredClone(cause) as Draft<Cause>;
  release.deadline = turn.now + 5 * MINUTE;
  const reason = `Fairway v${release.number}: ${cause.sentence}`.slice(0, 255);
  ask(turn, `stop:${run.taskArn}`, { kind: 'stopTask', taskArn: run.taskArn, reason });
}

function configured(turn: Turn, name: string) {
  return [...turn.app.before, ...turn.app.after].find((task) => task.name === name);
}

function neverEnded(name: string): Cause {
  return causeOf('timeout', `${name} was stopped.`);
}
