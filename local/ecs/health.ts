import { healthyAfter } from '../behaviour.ts';
import type { HealthCheck } from './definition.ts';
import type { Context, Health, Task } from './model.ts';
import { type Later, reportNews } from './timers.ts';

/**
 * Health of tasks. The behavior of a task is fixed when it starts, and with it the times at which the results of its
 * health checks change. So nothing is polled, however many tasks run.
 */

/** A task without a health check is healthy after running this long. AWS API: minimumHealthyPercent. */
const SEASONED_AFTER = 40_000;

interface HealthChange {
  /** Milliseconds after the start. */
  readonly at: number;
  readonly health: Health;
}

/**
 * When the result of a container's health check changes, if the checks succeed from `healthyFrom` on. Checks run every
 * `interval`; failures within the start period do not count; `retries` in a row make it UNHEALTHY.
 */
function containerHealthChanges(check: HealthCheck, healthyFrom: number): readonly HealthChange[] {
  const firstGood = Math.max(1, Math.ceil(healthyFrom / check.interval)) * check.interval;
  const firstCounted = Math.floor(check.startPeriod / check.interval) + 1;
  const givenUp = (firstCounted + check.retries - 1) * check.interval;
  const changes: HealthChange[] = [];
  if (givenUp < firstGood) changes.push({ at: givenUp, health: 'UNHEALTHY' });
  if (Number.isFinite(firstGood)) changes.push({ at: firstGood, health: 'HEALTHY' });
  return changes;
}

/** The same for a target group: the first good answer of a new target is enough (AWS docs: target-group-health-checks). */
function targetHealthChanges(
  group: { readonly interval: number; readonly unhealthyThreshold: number },
  healthyFrom: number,
): readonly HealthChange[] {
  return containerHealthChanges(
    { interval: group.interval, retries: group.unhealthyThreshold, startPeriod: 0 },
    healthyFrom,
  );
}

/** Schedules the health checks of a task that is now RUNNING. `later` cancels its timers when the task stops. */
export function armHealth(ctx: Context, task: Task, later: Later): void {
  for (const container of task.containers) {
    const { healthCheck } = container.spec;
    if (healthCheck === undefined) continue;
    for (const change of containerHealthChanges(healthCheck, healthyAfter(container.behaviour?.health))) {
      later(change.at, () => {
        container.health = change.health;
        reviewHealth(task);
      });
    }
  }
  for (const target of task.targets) {
    const behaviour = task.containers.find(({ spec }) => spec.name === target.container)?.behaviour;
    const group = ctx.targetGroups.get(target.targetGroup) ?? USUAL_TARGET_GROUP;
    for (const change of targetHealthChanges(group, healthyAfter(behaviour?.targetHealth))) {
      later(change.at, () => {
        task.targetHealth.set(target.targetGroup, change.health);
        reviewHealth(task);
      });
    }
  }
  if (!isChecked(task)) {
    later(SEASONED_AFTER, () => {
      task.seasoned = true;
      reviewHealth(task);
    });
  }
}

/** Defaults of Elastic Load Balancing. */
export const USUAL_TARGET_GROUP = { interval: 30_000, unhealthyThreshold: 2, deregistrationDelay: 300_000 };

function isChecked(task: Task): boolean {
  return task.targets.length > 0 || checkedContainers(task).length > 0;
}

function checkedContainers(task: Task) {
  return task.containers.filter(({ spec }) => spec.essential && spec.healthCheck !== undefined);
}

/** Whether the scheduler considers a task healthy: it is RUNNING, and every health check succeeds. AWS API: minimumHealthyPercent. */
function isHealthy(task: Task): boolean {
  if (task.lastStatus !== 'RUNNING') return false;
  if (!isChecked(task)) return task.seasoned;
  return (
    checkedContainers(task).every((each) => each.health === 'HEALTHY') &&
    task.targets.every((target) => task.targetHealth.get(target.targetGroup) === 'HEALTHY')
  );
}

/** How the checks of an unhealthy target fail. Source: Elastic Load Balancing API reference, TargetHealth. */
interface TargetFailure {
  readonly reason: string;
  readonly description: string;
}

/** How the load balancer's checks of a container fail, by its behavior: with a code, without an answer, or otherwise. */
export function targetFailure(task: Task, container: string): TargetFailure {
  const { targetHealth = '' } = task.containers.find(({ spec }) => spec.name === container)?.behaviour ?? {};
  const how = targetHealth.replace(/^unhealthy ?/, '');
  if (how === 'timeout') return { reason: 'Target.Timeout', description: 'Request timed out' };
  if (/^\d{3}$/.test(how))
    return {
      reason: 'Target.ResponseCodeMismatch',
      description: `Health checks failed with these codes: [${how}]`,
    };
  return { reason: 'Target.FailedHealthChecks', description: 'Health checks failed' };
}

/** Why the scheduler should replace this task, or undefined. */
export function unhealthyCause(task: Task):
  | { readonly kind: 'container' }
  | {
      readonly kind: 'target';
      readonly targetGroup: string;
      readonly port: number;
      readonly failure: TargetFailure;
    }
  | undefined {
  if (checkedContainers(task).some((each) => each.health === 'UNHEALTHY')) return { kind: 'container' };
  const target = task.targets.find((each) => task.targetHealth.get(each.targetGroup) === 'UNHEALTHY');
  if (target === undefined) return undefined;
  const { targetGroup, port, container } = target;
  return { kind: 'target', targetGroup, port, failure: targetFailure(task, container) };
}

function reviewHealth(task: Task): void {
  const healthy = isHealthy(task);
  const changed = healthy !== task.healthy;
  task.healthy = healthy;
  if (healthy && changed) reportNews(task, 'healthy');
  if (!healthy && unhealthyCause(task) !== undefined) reportNews(task, 'unhealthy');
}
