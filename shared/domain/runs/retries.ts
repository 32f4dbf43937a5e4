import type { Task, TaskCapacity } from '../app.ts';
import type { Draft, Turn } from '../decide/draft.ts';
import type { Cause } from '../release.ts';
import type { RunDraft } from './parts.ts';
import { askToStart } from './starting.ts';

const SECOND = 1_000;
const LONGEST_BACKOFF = 30 * 60 * SECOND;

/** Where ECS has no room, it is asked again for a while; no container ran, so no attempt is spent. */
export function repeatForCapacity(turn: Turn, run: RunDraft): string {
  const wait = Math.min(15 * SECOND * 2 ** (run.attempt - 1), 120 * SECOND);
  run.attempt += 1;
  const { deadline } = run;
  askToStart(turn, run, turn.now + wait);
  run.deadline = deadline;
  return `no capacity for ${run.task}: tried again in ${wait / SECOND} s`;
}

/**
 * Another attempt, if its cause is worth one: an interruption of Spot goes to on-demand capacity once; what kept the
 * container from running may pass; an exit code is the task's own word, and counts only where it was asked for.
 */
export function repeat(turn: Turn, run: RunDraft, task: Task | undefined, cause: Cause): string | undefined {
  const onDemand = cause.kind === 'spotInterruption' ? onDemandOf(run.capacity) : undefined;
  if (onDemand) {
    run.capacity = structuredClone(onDemand) as Draft<TaskCapacity>;
    next(turn, run, cause, 0, false);
    return `${run.task} was interrupted: it starts again on demand`;
  }
  const retries = task?.retries;
  const spent = run.earlier.filter(({ retried }) => retried).length;
  if (!retries || spent >= retries.times || !isWorthIt(run, cause, retries)) return undefined;
  const wait = Math.min(retries.backoff * 2 ** spent, LONGEST_BACKOFF);
  next(turn, run, cause, wait, true);
  return `${run.task} is tried again in ${Math.round(wait / SECOND)} s: ${cause.sentence}`;
}

function next(turn: Turn, run: RunDraft, cause: Cause, wait: number, retried: boolean): void {
  const taskArns = run.tasks.map((task) => task.taskArn);
  run.earlier.push({ endedAt: turn.now, why: cause.sentence, retried, taskArns });
  run.attempt += 1;
  delete run.cause;
  delete run.exitCode;
  askToStart(turn, run, turn.now + wait);
}

function isWorthIt(run: RunDraft, cause: Cause, { exitCodes }: Task['retries']): boolean {
  const codes = run.tasks.flatMap(({ exitCode }) =>
    exitCode === undefined || exitCode === 0 ? [] : [exitCode],
  );
  if (cause.kind === 'spotInterruption') return true;
  if (codes.length === 0) return cause.canHeal && cause.kind !== 'vanished';
  return exitCodes === 'any' || codes.every((code) => exitCodes.includes(code));
}

/** The same strategy without Spot; undefined where none of it is Fargate Spot. */
function onDemandOf(capacity: Draft<TaskCapacity> | undefined): TaskCapacity | undefined {
  if (!capacity || !('providers' in capacity)) return undefined;
  if (!capacity.providers.some(({ provider }) => provider === 'FARGATE_SPOT')) return undefined;
  return { providers: [{ provider: 'FARGATE', weight: 1, base: 0 }] };
}
