import { breakerThreshold } from './arithmetic.ts';
import {
  endWithoutRollback,
  failDeployment,
  openServiceDeployment,
  primaryOf,
  rollBack,
} from './deployments.ts';
import { addServiceEvent, emitDeployment } from './events.ts';
import type { Context, Deployment, Service, Task } from './model.ts';
import { strategyOf } from './shifting/plan.ts';

/** The deployment circuit breaker. AWS docs: deployment-circuit-breaker. */

const BREAKER = 'ECS deployment circuit breaker';
/** How many failed attempts to resolve a digest end a deployment. AWS docs: deployment-type-ecs. */
const MOST_FAILED_RESOLUTIONS = 3;

/** Counts a task of `deployment` that failed, or was replaced because it was unhealthy. */
export function countFailure(service: Service, deployment: Deployment, task: Task): void {
  if (deployment.status !== 'PRIMARY' || deployment.rolloutState !== 'IN_PROGRESS') return;
  deployment.failures += 1;
  if (task.fault === 'resolution') deployment.failedResolutions += 1;
  const open = openServiceDeployment(service);
  if (open !== undefined) open.failureCount = deployment.failures;
}

/** A healthy task resets the count, unless the breaker is configured not to. */
export function countHealthy(service: Service, deployment: Deployment): void {
  deployment.failedResolutions = 0;
  if (service.configuration.breaker.resetOnHealthyTask) deployment.failures = 0;
}

/** Fails the deployment when enough tasks have failed, and rolls back if configured and possible. */
export function reviewBreaker(ctx: Context, service: Service): void {
  const primary = primaryOf(service);
  const { breaker } = service.configuration;
  if (primary === undefined || primary.rolloutState !== 'IN_PROGRESS' || !breaker.enable) return;
  if (isIgnored(ctx, service)) return;
  const tripped =
    primary.failures >= breakerThreshold(breaker, service.desiredCount) ||
    primary.failedResolutions >= MOST_FAILED_RESOLUTIONS;
  if (!tripped) return;

  failDeployment(ctx, service, primary, `${BREAKER}: tasks failed to start.`);
  addServiceEvent(ctx, service, `(deployment ${primary.id}) deployment failed: tasks failed to start.`);
  emitDeployment(ctx, service, primary, 'FAILED');
  goBack(ctx, service, primary, breaker.rollback);
}

/** Whether the breaker watches a LINEAR deployment is disputed. */
function isIgnored(ctx: Context, service: Service): boolean {
  const open = openServiceDeployment(service);
  const isLinear = open !== undefined && strategyOf(open.configuration) === 'LINEAR';
  return isLinear && ctx.disputed().linearBreaker === 'ignored';
}

/** StopServiceDeployment rolls back, whatever the configuration of the breaker. */
export function stopByRequest(ctx: Context, service: Service): void {
  const primary = primaryOf(service);
  if (primary === undefined) return;
  failDeployment(ctx, service, primary, `ECS deployment ${primary.id} was stopped by a user.`);
  goBack(ctx, service, primary, true);
}

export function goBack(ctx: Context, service: Service, failed: Deployment, wanted: boolean): void {
  const reason = failed.rolloutStateReason;
  const old = wanted ? rollBack(ctx, service, failed, reason.replace(/[.:].*$/, '')) : undefined;
  if (old === undefined) {
    endWithoutRollback(ctx, service, reason, wanted);
    return;
  }
  addServiceEvent(ctx, service, `rolling back to deployment ${old.id}.`);
  emitDeployment(ctx, service, old, 'IN_PROGRESS');
}
