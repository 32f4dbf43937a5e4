import { bounds } from './arithmetic.ts';
import { countFailure } from './breaker.ts';
import { primaryOf } from './deployments.ts';
import { addServiceEvent } from './events.ts';
import { unhealthyCause } from './health.ts';
import type { Context, Deployment, Service, Task } from './model.ts';
import { allTasks, healthyCount, liveTasks } from './serviceTasks.ts';
import { beginStop } from './stopping.ts';

/** Which tasks the service scheduler stops, and when. */

export function replaceUnhealthy(ctx: Context, service: Service): void {
  for (const deployment of service.deployments) {
    for (const task of deployment.tasks) {
      if (task.desiredStatus === 'STOPPED') continue;
      const cause = unhealthyCause(task);
      if (cause === undefined || ctx.clock.now() < (task.startedAt ?? 0) + service.grace) continue;
      const failed =
        cause.kind === 'container'
          ? 'failed container health checks.'
          : `(port ${cause.port}) is unhealthy in (target-group ${cause.targetGroup}) due to (reason ${cause.failure.description}).`;
      addServiceEvent(ctx, service, `(task ${task.id}) ${failed}`);
      countFailure(service, deployment, task);
      deployment.replacing += 1;
      stopForService(ctx, service, task, {
        stopCode: 'ServiceSchedulerInitiated',
        reason:
          cause.kind === 'container'
            ? 'Task failed container health checks'
            : `Task failed ELB health checks in (target-group ${cause.targetGroup})`,
      });
    }
  }
}

export function stopForService(
  ctx: Context,
  service: Service,
  task: Task,
  stop: { readonly stopCode: string; readonly reason: string },
): void {
  const wasRunning = task.lastStatus === 'RUNNING';
  beginStop(ctx, task, stop);
  if (!wasRunning) return;
  for (const target of task.targets) {
    addServiceEvent(ctx, service, `deregistered 1 targets in (target-group ${target.targetGroup})`);
  }
}

export function stopTasks(ctx: Context, service: Service): void {
  const primary = primaryOf(service);
  // A failed deployment without a rollback leaves everything as it is.
  if (primary === undefined || primary.rolloutState === 'FAILED') return;
  const { lower } = bounds(service.desiredCount, service.configuration);
  let spare = healthyCount(service) - lower;
  const stopped: Task[] = [];
  const pending: Task[] = [];

  function stop(task: Task, deployment: Deployment): void {
    if (task.healthy) spare -= 1;
    (task.lastStatus === 'RUNNING' ? stopped : pending).push(task);
    if (deployment !== primary) deployment.desired -= 1;
    stopForService(ctx, service, task, {
      stopCode: 'ServiceSchedulerInitiated',
      reason: `Scaling activity initiated by (deployment ${deployment.id})`,
    });
  }
  function mayStop(task: Task, essential: boolean): boolean {
    if (task.healthy) return spare > 0;
    return !essential || spare >= 0;
  }

  for (const deployment of [...service.deployments].reverse()) {
    if (deployment === primary) continue;
    // Tasks of the previous revision are kept while they are needed; those of an interrupted or failed one are not.
    const essential = deployment.rolloutState === 'COMPLETED';
    for (const task of unhealthyFirst(deployment)) if (mayStop(task, essential)) stop(task, deployment);
  }
  let surplus = liveTasks(primary).length - primary.desired;
  for (const task of unhealthyFirst(primary)) {
    if (surplus <= 0) break;
    if (!mayStop(task, false)) continue;
    stop(task, primary);
    surplus -= 1;
  }
  if (stopped.length > 0) {
    const names = stopped.map((task) => `(task ${task.id})`).join(' ');
    addServiceEvent(ctx, service, `has stopped ${stopped.length} running tasks: ${names}.`);
  }
  if (pending.length > 0) addServiceEvent(ctx, service, `stopped ${pending.length} pending tasks.`);
}

/** Stops what runs beyond the desired count, as after scaling in. */
export function stopSurplus(ctx: Context, service: Service, deployment: Deployment): void {
  const surplus = Math.max(0, liveTasks(deployment).length - deployment.desired);
  for (const task of unhealthyFirst(deployment).slice(0, surplus))
    stopForService(ctx, service, task, {
      stopCode: 'ServiceSchedulerInitiated',
      reason: `Scaling activity initiated by (deployment ${deployment.id})`,
    });
}

function unhealthyFirst(deployment: Deployment): Task[] {
  const candidates = [...deployment.tasks].filter((task) => task.desiredStatus === 'RUNNING').reverse();
  return candidates.sort((a, b) => Number(a.healthy) - Number(b.healthy));
}

/** Removes interrupted deployments without tasks; the source of a deployment is listed until it ends. */
export function forgetDrained(service: Service): void {
  service.deployments = service.deployments.filter(
    (each) => each.status === 'PRIMARY' || each.rolloutState !== 'IN_PROGRESS' || each.tasks.size > 0,
  );
}

export function drain(ctx: Context, service: Service): void {
  const tasks = allTasks(service);
  for (const task of tasks) {
    stopForService(ctx, service, task, {
      stopCode: 'ServiceSchedulerInitiated',
      reason: `Scaling activity initiated by (deployment ${task.startedBy ?? ''})`,
    });
  }
  if (tasks.length > 0) return;
  service.status = 'INACTIVE';
  service.deployments = [];
  service.steadyRepeat?.();
}
