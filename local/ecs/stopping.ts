import { USUAL_TARGET_GROUP } from './health.ts';
import type { Context, Task } from './model.ts';
import { moveTask } from './moving.ts';
import { forgetTimers, laterFor, reportNews } from './timers.ts';

/** How a task stops, from any status to STOPPED. */

/** How long a container takes to exit after SIGTERM. Most use the default handler: exit code 143. */
const SIGTERM_TIME = 2_000;
const SIGTERM_EXIT = 143;
const SIGKILL_EXIT = 137;
const ENI_DETACH = 3_000;
const WITHOUT_TARGETS = 500;
const SPOT_NOTICE = 1_000;

const KEPT_STOPPED = 3_600_000;

interface Stop {
  readonly stopCode: string;
  readonly reason: string;
  /** Whether to send the event first and stop later, as a Spot interruption does. */
  readonly warn?: boolean;
}

/** Stops a task. No effect if it is already stopping. */
export function beginStop(ctx: Context, task: Task, stop: Stop): void {
  if (task.desiredStatus === 'STOPPED') return;
  forgetTimers(task);
  task.desiredStatus = 'STOPPED';
  task.stopCode = stop.stopCode;
  task.stoppedReason = stop.reason;
  task.healthy = false;
  if (stop.warn === true) {
    moveTask(ctx, task, task.lastStatus);
    laterFor(ctx, task)(SPOT_NOTICE, () => leave(ctx, task));
    return;
  }
  leave(ctx, task);
}

function leave(ctx: Context, task: Task): void {
  task.stoppingAt = ctx.clock.now();
  if (task.lastStatus !== 'RUNNING') {
    stopContainers(ctx, task);
    return;
  }
  if (task.stopCode === 'EssentialContainerExited') {
    stopContainers(ctx, task);
    return;
  }
  moveTask(ctx, task, 'DEACTIVATING');
  laterFor(ctx, task)(deregistration(ctx, task), () => stopContainers(ctx, task));
}

function deregistration(ctx: Context, task: Task): number {
  const delays = task.targets.map(
    (target) => (ctx.targetGroups.get(target.targetGroup) ?? USUAL_TARGET_GROUP).deregistrationDelay,
  );
  return Math.max(WITHOUT_TARGETS, ...delays);
}

function stopContainers(ctx: Context, task: Task): void {
  const running = task.containers.filter((each) => each.lastStatus === 'RUNNING');
  if (running.length === 0) {
    deprovision(ctx, task);
    return;
  }
  moveTask(ctx, task, 'STOPPING');
  const times = running.map(({ spec }) => Math.min(SIGTERM_TIME, spec.stopTimeout));
  laterFor(ctx, task)(Math.max(...times), () => {
    for (const container of running) {
      container.lastStatus = 'STOPPED';
      container.exitCode = container.spec.stopTimeout < SIGTERM_TIME ? SIGKILL_EXIT : SIGTERM_EXIT;
    }
    deprovision(ctx, task);
  });
}

/** Continues to stop a task from its current status. */
export function resumeStop(ctx: Context, task: Task): void {
  switch (task.lastStatus) {
    case 'DEACTIVATING':
      laterFor(ctx, task)(deregistration(ctx, task), () => stopContainers(ctx, task));
      return;
    case 'STOPPING':
      stopContainers(ctx, task);
      return;
    case 'DEPROVISIONING':
      detach(ctx, task);
      return;
    default:
      leave(ctx, task);
  }
}

function deprovision(ctx: Context, task: Task): void {
  for (const container of task.containers) container.lastStatus = 'STOPPED';
  if (task.startedAt !== undefined) task.executionStoppedAt = ctx.clock.now();
  moveTask(ctx, task, 'DEPROVISIONING');
  reportNews(task, 'drained');
  detach(ctx, task);
}

function detach(ctx: Context, task: Task): void {
  laterFor(ctx, task)(ENI_DETACH, () => {
    task.stoppedAt = ctx.clock.now();
    if (task.network !== undefined) task.network.status = 'DELETED';
    moveTask(ctx, task, 'STOPPED');
    forgetOldTasks(ctx, task);
    reportNews(task, 'stopped');
  });
}

/** ECS shows a stopped task for an hour. */
function forgetOldTasks(ctx: Context, stopped: Task): void {
  const { cluster } = stopped;
  cluster.stopped.push(stopped);
  const old = cluster.stopped.findIndex((task) => (task.stoppedAt ?? 0) > ctx.clock.now() - KEPT_STOPPED);
  for (const task of cluster.stopped.splice(0, Math.max(0, old))) cluster.tasks.delete(task.id);
}
