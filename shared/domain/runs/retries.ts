import type { Task, TaskCapacity } from '../app.ts';
import type { Context, Draft } from '../kernel/context.ts';
import type { Cause } from '../release.ts';
import { hasRun, type RunDraft } from './parts.ts';
import { askToStart } from './starting.ts';

const SECOND = 1_000;
const LONGEST_BACKOFF = 30 * 60 * SECOND;

/** Where ECS has no room, it is asked again for a while; no container ran, so no attempt is spent. */
export function repeatForCapacity(ctx: Context, run: RunDraft): string {
  const wait = Math.min(15 * SECOND * 2 ** (run.refusals ?? 0), 120 * SECOND);
  run.refusals = (run.refusals ?? 0) + 1;
  run.attempt += 1;
  const { deadline } = run;
  askToStart(ctx, run, ctx.now + wait);
  run.deadline = deadline;
  return `no capacity for ${run.task}: tried again in ${wait / SECOND} s`;
}

/** A task that did not end with exit code 0, and why. */
interface FailedTask {
  readonly exitCode: number | undefined;
  readonly cause: Cause;
}

/** What a run of several tasks is reported to have failed by: what no further attempt would fix, if there is such. */
export function decisive(
  failed: readonly FailedTask[],
  retries: Task['retries'] | undefined,
): FailedTask | undefined {
  return failed.find((task) => !isWorthIt(task, retries)) ?? failed[0];
}

/**
 * Another attempt for what has failed, if that is worth one: an interruption of Spot goes to on-demand capacity once;
 * what kept the container from running may pass; an exit code is the task's own word, and counts only where it was
 * asked for. Where one task of several is not worth it, none is started again: the run has failed already.
 */
export function repeat(
  ctx: Context,
  run: RunDraft,
  task: Task | undefined,
  failed: readonly FailedTask[],
): string | undefined {
  const interrupted = failed.filter(({ cause }) => cause.kind === 'spotInterruption');
  const onDemand = interrupted.length > 0 ? onDemandOf(run.capacity) : undefined;
  const retries = task?.retries;
  const [first] = failed;
  if (!first || !failed.every((one) => isWorthIt(one, retries))) return undefined;
  const { cause } = first;
  if (onDemand && interrupted.length === failed.length) {
    run.capacity = structuredClone(onDemand) as Draft<TaskCapacity>;
    next(ctx, run, cause, 0, false);
    return `${run.task} was interrupted: it starts again on demand`;
  }
  const spent = run.earlier.filter(({ retried }) => retried).length;
  if (!retries || spent >= retries.times) return undefined;
  if (onDemand) run.capacity = structuredClone(onDemand) as Draft<TaskCapacity>;
  const wait = Math.min(retries.backoff * 2 ** spent, LONGEST_BACKOFF);
  next(ctx, run, cause, wait, true);
  return `${run.task} is tried again in ${Math.round(wait / SECOND)} s: ${cause.sentence}`;
}

function next(ctx: Context, run: RunDraft, cause: Cause, wait: number, retried: boolean): void {
  run.earlier.push({
    endedAt: ctx.now,
    why: cause.sentence,
    taskArns: run.tasks.filter(({ exitCode }) => exitCode !== 0).map(({ taskArn }) => taskArn),
    ...(run.exitCode === undefined ? {} : { exitCode: run.exitCode }),
    ran: hasRun(run),
    retried,
  });
  run.attempt += 1;
  delete run.refusals;
  delete run.cause;
  delete run.exitCode;
  askToStart(ctx, run, ctx.now + wait);
}

function isWorthIt({ cause, exitCode }: FailedTask, retries: Task['retries'] | undefined): boolean {
  if (cause.kind === 'spotInterruption') return true;
  if (exitCode === undefined) return cause.canHeal && cause.kind !== 'vanished';
  const exitCodes = retries?.exitCodes ?? [];
  return exitCodes === 'any' || exitCodes.includes(exitCode);
}

/**
 * The launch type in place of Spot; undefined where none of the strategy is Fargate Spot. Not the capacity provider
 * FARGATE: ECS takes only what is associated with the cluster, and that may be FARGATE_SPOT alone.
 * Source: ECS API reference, RunTask, `capacityProviderStrategy`.
 */
function onDemandOf(capacity: Draft<TaskCapacity> | undefined): TaskCapacity | undefined {
  if (!capacity || !('providers' in capacity)) return undefined;
  if (!capacity.providers.some(({ provider }) => provider === 'FARGATE_SPOT')) return undefined;
  return { launchType: 'FARGATE' };
}
