import { reviewAlarms } from './alarms.ts';
import { bounds, startBackoff } from './arithmetic.ts';
import { countFailure, countHealthy, reviewBreaker } from './breaker.ts';
import { complete, isScaledUp, reportStuck, reviewSteady } from './completion.ts';
import { enterDeployment, openServiceDeployment, primaryOf } from './deployments.ts';
import { addServiceEvent, emitServiceAction } from './events.ts';
import type { Context, Deployment, Service, Task, TaskOwner } from './model.ts';
import { PLACING_AGAIN, reportUnplaced, whyUnplaced } from './placing.ts';
import { isPaused } from './rollingPauses.ts';
import { launchSettings } from './serviceLaunch.ts';
import { drain, forgetDrained, replaceUnhealthy, stopTasks } from './serviceStops.ts';
import { allTasks, healthyCount, isLive, liveTasks } from './serviceTasks.ts';
import { type Steering, tickShift } from './shifting/machine.ts';
import { type Launch, launchTask } from './tasks.ts';

/**
 * The service scheduler. It processes a service only after a change, a moment later, so that the cost of a task does
 * not grow with the number of services.
 */

const CYCLE = 1_000;
/** Schedules a changed service: it is processed within a second. */
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
  const shifts = openServiceDeployment(service)?.shift !== undefined;
  if (primary.rolloutState !== 'FAILED' && !shifts) primary.desired = service.desiredCount;
  enterDeployment(ctx, service);
  replaceUnhealthy(ctx, service);
  reviewBreaker(ctx, service);
  reviewAlarms(ctx, service);
  if (openServiceDeployment(service)?.shift !== undefined) {
    tickShift(ctx, service, steering(ctx, service));
    reviewSteady(ctx, service);
    return;
  }
  roll(ctx, service);
  reviewSteady(ctx, service);
  reportStuck(ctx, service);
}

/** A rolling deployment: new tasks start as old ones stop, unless it pauses for a person. */
function roll(ctx: Context, service: Service): void {
  const again = (milliseconds: number) =>
    ctx.after(milliseconds, () => touch(ctx, service), { periodic: true });
  if (!isPaused(ctx, service, 'PRE_SCALE_UP', again)) startTasks(ctx, service);
  stopTasks(ctx, service);
  forgetDrained(service);
  const primary = primaryOf(service);
  if (primary === undefined || !isScaledUp(service, primary)) return;
  if (!isPaused(ctx, service, 'POST_SCALE_UP', again)) complete(ctx, service, again);
  // The pause has ended in a rollback: the tasks of before start again.
  if (primaryOf(service) !== primary) touch(ctx, service);
}

function steering(ctx: Context, service: Service): Steering {
  return {
    start: (deployment, count) => void startSome(ctx, service, deployment, count),
    again: (milliseconds, options) => ctx.after(milliseconds, () => touch(ctx, service), options),
  };
}

function startTasks(ctx: Context, service: Service): void {
  const { upper, lower } = bounds(service.desiredCount, service.configuration);
  let startable = upper - allTasks(service).filter(isLive).length;
  // Tasks of the revision that is being replaced are restarted only as far as availability requires.
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
  // The first task resolves the digests; the others use them.
  const count = deployment.resolved ? wanted : liveTasks(deployment).length > 0 ? 0 : 1;
  if (count === 0) return 0;
  const unplaced = whyUnplaced(ctx, deployment.definition);
  if (unplaced !== undefined) {
    reportUnplaced(ctx, service, unplaced);
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
  addServiceEvent(ctx, service, `has started ${count} tasks: ${names}.${why}`);
  return count;
}

/** How a task of this deployment is started, and where it reports to. */
export function launchOf(ctx: Context, service: Service, deployment: Deployment): Launch {
  return {
    ...launchSettings(ctx, service, deployment.definition),
    cluster: service.cluster,
    definition: deployment.definition,
    group: `service:${service.name}`,
    startedBy: deployment.id,
    targets: deployment.revision.targets ?? service.targets,
    owner: ownerOf(ctx, service, deployment),
  };
}

/** Connects restored tasks to their deployment. */
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
            addServiceEvent(ctx, service, `registered 1 targets in (target-group ${targetGroup})`);
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

/** Tasks that repeatedly fail to start slow the scheduler down. AWS docs: service-throttle-logic. */
function throttle(ctx: Context, service: Service, deployment: Deployment): void {
  if (ctx.clock.now() < deployment.notBefore) return;
  deployment.failedStarts += 1;
  deployment.notBefore = ctx.clock.now() + startBackoff(deployment.failedStarts);
  if (deployment.failedStarts !== 2) return;
  addServiceEvent(ctx, service, 'is unable to consistently start tasks successfully.');
  emitServiceAction(ctx, service, 'WARN', 'SERVICE_TASK_START_IMPAIRED');
}
