import type { Retries, TaskCapacity } from '../app.ts';
import type { Context, Draft } from '../kernel/context.ts';
import type { Cause } from '../release.ts';
import { hasRun, type RunDraft } from './parts.ts';
import { askAgain, askToStart, roomUntil } from './starting.ts';

const SECOND = 1_000;
const LONGEST_BACKOFF = 30 * 60 * SECOND;

/** Where ECS has no room, it is asked again for a while; no container ran, so no attempt is spent. */
export function repeatForCapacity(ctx: Context, run: RunDraft): string {
  const wait = Math.min(15 * SECOND * 2 ** (run.refusals ?? 0), 120 * SECOND);
  run.refusals = (run.refusals ?? 0) + 1;
  askAgain(ctx, run, ctx.now + wait);
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
  retries: Retries | undefined,
): FailedTask | undefined {
  return failed.find((task) => !isWorthIt(task, retries)) ?? failed[0];
}

/**
 * Another attempt for what has failed, if that is worth one: an interruption of Spot goes to on-demand capacity once;
 * what kept the container from running may pass; an exit code is the task's own word, and counts only where it was
 * asked for. Where one task of several is not worth it, none is started again: the run has failed already. A release
 * task is not repeated unless retries are configured.
 */
export function repeat(
  ctx: Context,
  run: RunDraft,
  retries: Retries | undefined,
  failed: readonly FailedTask[],
): string | undefined {
  const [first] = failed;
  if (!first) return undefined;
  const { cause } = first;
  if (failed.every(hadNoRoom) && ctx.now < roomUntil(ctx, run)) {
    remember(ctx, run, cause, false);
    return repeatForCapacity(ctx, run);
  }
  if (run.owner.kind === 'release' && !retries?.times) return undefined;
  if (!failed.every((one) => isWorthIt(one, retries))) return undefined;
  const interrupted = failed.filter(({ cause }) => cause.kind === 'spotInterruption');
  const onDemand = interrupted.length > 0 ? onDemandOf(run.capacity) : undefined;
  if (onDemand && interrupted.length === failed.length) {
    run.capacity = structuredClone(onDemand) as Draft<TaskCapacity>;
    remember(ctx, run, cause, false);
    askToStart(ctx, run);
    return `${run.task} was interrupted: it starts again on demand`;
  }
  const spent = run.earlier.filter(({ retried }) => retried).length;
  if (!retries || spent >= retries.times) return undefined;
  if (onDemand) run.capacity = structuredClone(onDemand) as Draft<TaskCapacity>;
  const wait = Math.min(retries.backoff * 2 ** spent, LONGEST_BACKOFF);
  remember(ctx, run, cause, true);
  askToStart(ctx, run, ctx.now + wait);
  return `${run.task} is tried again in ${Math.round(wait / SECOND)} s: ${cause.sentence}`;
}

/** ECS accepted its tasks, and had no room for them after all: no container ran. */
function hadNoRoom({ cause, exitCode }: FailedTask): boolean {
  return exitCode === undefined && cause.kind === 'capacity';
}

/** What becomes of the attempt that has ended. */
function remember(ctx: Context, run: RunDraft, cause: Cause, retried: boolean): void {
  run.earlier.push({
    endedAt: ctx.now,
    why: cause.sentence,
    taskArns: run.tasks.filter(({ exitCode }) => exitCode !== 0).map(({ taskArn }) => taskArn),
    ...(run.exitCode === undefined ? {} : { exitCode: run.exitCode }),
    ran: hasRun(run),
    retried,
  });
  delete run.cause;
  delete run.exitCode;
}

function isWorthIt({ cause, exitCode }: FailedTask, retries: Retries | undefined): boolean {
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
