import { bounds, startBackoff } from './arithmetic.ts';
import { countFailure, countHealthy, reviewBreaker } from './breaker.ts';
import { completeDeployment, enterDeployment, primaryOf } from './deployments.ts';
import { emitDeployment, emitServiceAction, tellService } from './events.ts';
import { unhealthyCause } from './health.ts';
import type { Context, Deployment, Service, Task, TaskOwner } from './model.ts';
import { PLACING_AGAIN, tellUnplaced, whyUnplaced } from './placing.ts';
import { launchSettings } from './serviceLaunch.ts';
import { beginStop } from './stopping.ts';
import { type Launch, launchTask } from './tasks.ts';

/**
 * The service scheduler. It looks at a service only when something of it has changed, a moment later, so that
 * the cost of a task does not grow with the number of services.
 */

const CYCLE = 1_000;
/** How often ECS repeats that a service is steady. */
const STEADY_REPEAT = 6 * 3_600_000;

/** Something of the service changed: it gets its turn within a second. */
export function touch(ctx: Context, service: Service): void {
  if (service.tick !== undefined || service.status === 'INACTIVE') return;
  service.tick = ctx.after(CYCLE, () => {
    service.tick = undefined;
    tick(ctx, service);
  });
}

function tick(ctx: Context, service: Service): void {
  if (service.controller === 'EXTERNAL') return;
  if (service.status === 'DRAINING') {
    drain(ctx, service);
    return;
  }
  const primary = primaryOf(service);
  if (primary === undefined) return;
  if (primary.rolloutState !== 'FAILED') primary.desired = service.desiredCount;
  enterDeployment(ctx, service);
  replaceUnhealthy(ctx, service);
  reviewBreaker(ctx, service);
  startTasks(ctx, service);
  stopTasks(ctx, service);
  forgetDrained(service);
  complete(ctx, service);
  reviewSteady(ctx, service);
  tellStuck(ctx, service);
}

function allTasks(service: Service): Task[] {
  return service.deployments.flatMap((deployment) => [...deployment.tasks]);
}

/** Counts against the upper limit: RUNNING or on the way there, or fallen over and not yet cleared away. */
function isLive(task: Task): boolean {
  if (task.desiredStatus === 'RUNNING') return true;
  return task.fault !== undefined && task.lastStatus !== 'STOPPED';
}

function liveTasks(deployment: Deployment): Task[] {
  return [...deployment.tasks].filter(isLive);
}

function healthyCount(service: Service): number {
  return allTasks(service).filter((task) => task.healthy).length;
}

// Unhealthy tasks ----------------------------------------------------------------------------------------------

function replaceUnhealthy(ctx: Context, service: Service): void {
  for (const deployment of service.deployments) {
    for (const task of deployment.tasks) {
      if (task.desiredStatus === 'STOPPED') continue;
      const cause = unhealthyCause(task);
      if (cause === undefined || ctx.clock.now() < (task.startedAt ?? 0) + service.grace) continue;
      const failed =
        cause.kind === 'container'
          ? 'failed container health checks.'
          : `(port ${cause.port}) is unhealthy in (target-group ${cause.targetGroup}) due to (reason Health checks failed).`;
      tellService(ctx, service, `(task ${task.id}) ${failed}`);
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

function stopForService(
  ctx: Context,
  service: Service,
  task: Task,
  stop: { readonly stopCode: string; readonly reason: string },
): void {
  const wasRunning = task.lastStatus === 'RUNNING';
  beginStop(ctx, task, stop);
  if (!wasRunning) return;
  for (const target of task.targets) {
    tellService(ctx, service, `deregistered 1 targets in (target-group ${target.targetGroup})`);
  }
}

// Starting -----------------------------------------------------------------------------------------------------

function startTasks(ctx: Context, service: Service): void {
  const { upper, lower } = bounds(service.desiredCount, service.configuration);
  let startable = upper - allTasks(service).filter(isLive).length;
  // What is being replaced is kept up with its own revision, but only as far as availability asks.
  const replaced = service.deployments.filter(
    (each) => each.status === 'ACTIVE' && each.rolloutState === 'COMPLETED',
  );
  for (const deployment of replaced) {
    const live = liveTasks(deployment).length;
    if (healthyCount(service) >= lower) deployment.desired = live;
    startable -= startSome(ctx, service, deployment, Math.min(deployment.desired - live, startable));
  }
  const primary = primaryOf(service);
  if (primary === undefined) return;
  const missing = primary.desired - liveTasks(primary).length;
  startSome(ctx, service, primary, Math.min(missing, startable));
}

function startSome(ctx: Context, service: Service, deployment: Deployment, wanted: number): number {
  if (wanted <= 0 || deployment.rolloutState === 'FAILED') return 0;
  const wait = deployment.notBefore - ctx.clock.now();
  if (wait > 0) {
    deployment.wake?.();
    deployment.wake = ctx.after(wait, () => touch(ctx, service));
    return 0;
  }
  // The first task finds out the digests; the others start from them.
  const count = deployment.resolved ? wanted : liveTasks(deployment).length > 0 ? 0 : 1;
  if (count === 0) return 0;
  const unplaced = whyUnplaced(ctx, deployment.definition);
  if (unplaced !== undefined) {
    tellUnplaced(ctx, service, unplaced);
    deployment.notBefore = ctx.clock.now() + PLACING_AGAIN;
    deployment.wake?.();
    deployment.wake = ctx.after(PLACING_AGAIN, () => touch(ctx, service));
    return 0;
  }
  const started: Task[] = [];
  for (let i = 0; i < count; i++) started.push(launchTask(ctx, launchOf(ctx, service, deployment)));
  for (const task of started) deployment.tasks.add(task);
  const replaced = Math.min(deployment.replacing, count);
  deployment.replacing -= replaced;
  const names = started.map((task) => `(task ${task.id})`).join(' ');
  const why = replaced > 0 ? ` Amazon ECS replaced ${replaced} tasks due to an unhealthy status.` : '';
  tellService(ctx, service, `has started ${count} tasks: ${names}.${why}`);
  return count;
}

/** How a task of this deployment is started, and whom it reports to. */
export function launchOf(ctx: Context, service: Service, deployment: Deployment): Launch {
  return {
    ...launchSettings(ctx, service, deployment.definition),
    cluster: service.cluster,
    definition: deployment.definition,
    group: `service:${service.name}`,
    startedBy: deployment.id,
    targets: service.targets,
    owner: ownerOf(ctx, service, deployment),
  };
}

/** Ties the tasks of a deployment to it again. */
export function workFor(ctx: Context, service: Service, deployment: Deployment): void {
  for (const task of deployment.tasks) task.owner = ownerOf(ctx, service, deployment);
}

function ownerOf(ctx: Context, service: Service, deployment: Deployment): TaskOwner {
  return {
    digestOf: (container) => deployment.revision.digests.get(container),
    report(task, news) {
      switch (news) {
        case 'resolved':
          deployment.resolved = true;
          for (const { spec, imageDigest } of task.containers) {
            if (imageDigest !== undefined) deployment.revision.digests.set(spec.name, imageDigest);
          }
          break;
        case 'running':
          deployment.failedStarts = 0;
          for (const { targetGroup } of task.targets) {
            tellService(ctx, service, `registered 1 targets in (target-group ${targetGroup})`);
          }
          break;
        case 'healthy':
          countHealthy(service, deployment);
          break;
        case 'unhealthy':
          touchAfterGrace(ctx, service, task);
          break;
        case 'drained':
          break;
        case 'stopped':
          deployment.tasks.delete(task);
          if (task.fault !== undefined) countFailure(service, deployment, task);
          if (task.fault === 'start' || task.fault === 'resolution') throttle(ctx, service, deployment);
          break;
      }
      touch(ctx, service);
    },
  };
}

function touchAfterGrace(ctx: Context, service: Service, task: Task): void {
  const wait = (task.startedAt ?? 0) + service.grace - ctx.clock.now();
  if (wait > 0) ctx.after(wait, () => touch(ctx, service));
}

/** Tasks that never came to run slow the scheduler down. AWS docs: service-throttle-logic. */
function throttle(ctx: Context, service: Service, deployment: Deployment): void {
  if (ctx.clock.now() < deployment.notBefore) return;
  deployment.failedStarts += 1;
  deployment.notBefore = ctx.clock.now() + startBackoff(deployment.failedStarts);
  if (deployment.failedStarts !== 2) return;
  tellService(ctx, service, 'is unable to consistently start tasks successfully.');
  emitServiceAction(ctx, service, 'WARN', 'SERVICE_TASK_START_IMPAIRED');
}

// Stopping -----------------------------------------------------------------------------------------------------

function stopTasks(ctx: Context, service: Service): void {
  const primary = primaryOf(service);
  // A failure without a way back leaves everything as it is.
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
    // The revision that served before is kept up while it is needed; an interrupted or failed one is not.
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
    tellService(ctx, service, `has stopped ${stopped.length} running tasks: ${names}.`);
  }
  if (pending.length > 0) tellService(ctx, service, `stopped ${pending.length} pending tasks.`);
}

function unhealthyFirst(deployment: Deployment): Task[] {
  const candidates = [...deployment.tasks].filter((task) => task.desiredStatus === 'RUNNING').reverse();
  return candidates.sort((a, b) => Number(a.healthy) - Number(b.healthy));
}

/** An interrupted deployment is gone once its tasks are; its source stays listed until the end. */
function forgetDrained(service: Service): void {
  service.deployments = service.deployments.filter(
    (each) => each.status === 'PRIMARY' || each.rolloutState !== 'IN_PROGRESS' || each.tasks.size > 0,
  );
}

function drain(ctx: Context, service: Service): void {
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

// Ends ---------------------------------------------------------------------------------------------------------

function isCleared(task: Task): boolean {
  return task.lastStatus === 'DEPROVISIONING' || task.lastStatus === 'STOPPED';
}

function isSatisfied(primary: Deployment): boolean {
  const live = liveTasks(primary);
  return live.length === primary.desired && live.every((task) => task.healthy);
}

function complete(ctx: Context, service: Service): void {
  const primary = primaryOf(service);
  if (primary === undefined || primary.rolloutState !== 'IN_PROGRESS' || !isSatisfied(primary)) return;
  const others = service.deployments.filter((each) => each !== primary);
  if (!others.every((each) => [...each.tasks].every(isCleared))) return;
  completeDeployment(ctx, service, primary);
  tellService(ctx, service, `(deployment ${primary.id}) deployment completed.`);
  emitDeployment(ctx, service, primary, 'COMPLETED');
}

/** Says once that the service is steady, and repeats it every six hours. */
export function reviewSteady(ctx: Context, service: Service): void {
  const primary = primaryOf(service);
  const steady = primary?.rolloutState === 'COMPLETED' && isSatisfied(primary);
  if (steady === service.steady) return;
  service.steady = steady;
  service.steadyRepeat?.();
  service.steadyRepeat = undefined;
  if (steady) tellSteady(ctx, service);
}

function tellSteady(ctx: Context, service: Service): void {
  tellService(ctx, service, 'has reached a steady state.');
  emitServiceAction(ctx, service, 'INFO', 'SERVICE_STEADY_STATE');
  repeatSteady(ctx, service);
}

export function repeatSteady(ctx: Context, service: Service): void {
  service.steadyRepeat = ctx.after(STEADY_REPEAT, () => tellSteady(ctx, service), { periodic: true });
}

const STUCK =
  'was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.';

function tellStuck(ctx: Context, service: Service): void {
  const primary = primaryOf(service);
  if (primary === undefined || primary.rolloutState !== 'IN_PROGRESS' || primary.toldStuck) return;
  const { lower, upper } = bounds(service.desiredCount, service.configuration);
  const tasks = allTasks(service);
  const moving = tasks.some((task) => !task.healthy);
  if (moving || tasks.length < upper || tasks.length > lower || isSatisfied(primary)) return;
  primary.toldStuck = true;
  tellService(ctx, service, STUCK);
}
