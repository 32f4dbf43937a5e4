import { bounds } from './arithmetic.ts';
import { completeDeployment, primaryOf } from './deployments.ts';
import { addServiceEvent, emitDeployment, emitServiceAction } from './events.ts';
import type { Context, Deployment, Service, Task } from './model.ts';
import { allTasks, isSatisfied } from './serviceTasks.ts';

/** When a deployment is completed, and when a service is steady or stuck. */

/** How often ECS repeats that a service is steady. */
const STEADY_REPEAT = 6 * 3_600_000;

export function isCleared(task: Task): boolean {
  return task.lastStatus === 'DEPROVISIONING' || task.lastStatus === 'STOPPED';
}

export function complete(ctx: Context, service: Service): void {
  const primary = primaryOf(service);
  if (primary === undefined || primary.rolloutState !== 'IN_PROGRESS' || !isSatisfied(primary)) return;
  const others = service.deployments.filter((each) => each !== primary);
  if (!others.every((each) => [...each.tasks].every(isCleared))) return;
  announceCompleted(ctx, service, primary);
}

/** Completes the deployment, and reports it. */
export function announceCompleted(ctx: Context, service: Service, primary: Deployment): void {
  completeDeployment(ctx, service, primary);
  addServiceEvent(ctx, service, `(deployment ${primary.id}) deployment completed.`);
  emitDeployment(ctx, service, primary, 'COMPLETED');
}

/** Reports that the service is steady, and repeats it every six hours. */
export function reviewSteady(ctx: Context, service: Service): void {
  const primary = primaryOf(service);
  const steady = primary?.rolloutState === 'COMPLETED' && isSatisfied(primary);
  if (steady === service.steady) return;
  service.steady = steady;
  service.steadyRepeat?.();
  service.steadyRepeat = undefined;
  if (steady) reportSteady(ctx, service);
}

function reportSteady(ctx: Context, service: Service): void {
  addServiceEvent(ctx, service, 'has reached a steady state.');
  emitServiceAction(ctx, service, 'INFO', 'SERVICE_STEADY_STATE');
  repeatSteady(ctx, service);
}

export function repeatSteady(ctx: Context, service: Service): void {
  service.steadyRepeat = ctx.after(STEADY_REPEAT, () => reportSteady(ctx, service), { periodic: true });
}

const STUCK =
  'was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.';

export function reportStuck(ctx: Context, service: Service): void {
  const primary = primaryOf(service);
  if (primary === undefined || primary.rolloutState !== 'IN_PROGRESS' || primary.reportedStuck) return;
  const { lower, upper } = bounds(service.desiredCount, service.configuration);
  const tasks = allTasks(service);
  const moving = tasks.some((task) => !task.healthy);
  if (moving || tasks.length < upper || tasks.length > lower || isSatisfied(primary)) return;
  primary.reportedStuck = true;
  addServiceEvent(ctx, service, STUCK);
}
