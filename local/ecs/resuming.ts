import { repeatSteady } from './completion.ts';
import type { Context, Task } from './model.ts';
import { touch, workFor } from './scheduler.ts';
import { resumeStop } from './stopping.ts';
import { resumeStart } from './tasks.ts';

/**
 * Sets everything going again after the state was read back: timers and ties between tasks and their services
 * are made anew. Tasks continue from the stage they were in; what would have ended meanwhile ends now.
 */
export function resumeAll(ctx: Context): void {
  for (const cluster of ctx.clusters.values()) {
    for (const service of cluster.services.values()) {
      service.tick = undefined;
      service.steadyRepeat = undefined;
      for (const { shift, pause } of service.serviceDeployments) {
        if (shift) shift.wake = undefined;
        if (pause) pause.wake = undefined;
      }
      for (const deployment of service.deployments) {
        deployment.wake = undefined;
        workFor(ctx, service, deployment);
      }
      if (service.steady) repeatSteady(ctx, service);
      touch(ctx, service);
    }
    for (const task of cluster.tasks.values()) resumeTask(ctx, task);
  }
}

function resumeTask(ctx: Context, task: Task): void {
  if (task.lastStatus === 'STOPPED') return;
  if (task.desiredStatus === 'STOPPED') resumeStop(ctx, task);
  else resumeStart(ctx, task);
}
