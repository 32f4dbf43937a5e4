import type { Deployment, Service, Task } from './model.ts';

/** The tasks of a service, counted as its scheduler counts them. */

export function allTasks(service: Service): Task[] {
  return service.deployments.flatMap((deployment) => [...deployment.tasks]);
}

/** Whether a task counts against the upper limit: it is RUNNING or starting, or it failed and has not stopped yet. */
export function isLive(task: Task): boolean {
  if (task.desiredStatus === 'RUNNING') return true;
  return task.fault !== undefined && task.lastStatus !== 'STOPPED';
}

export function liveTasks(deployment: Deployment): Task[] {
  return [...deployment.tasks].filter(isLive);
}

export function healthyCount(service: Service): number {
  return allTasks(service).filter((task) => task.healthy).length;
}

export function isSatisfied(primary: Deployment): boolean {
  const live = liveTasks(primary);
  return live.length === primary.desired && live.every((task) => task.healthy);
}
