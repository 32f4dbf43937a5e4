import type { Cancel } from '../contract.ts';
import { bounds } from './arithmetic.ts';
import { completeDeployment, openServiceDeployment, primaryOf } from './deployments.ts';
import { addServiceEvent, emitDeployment, emitServiceAction } from './events.ts';
import type { Context, Deployment, DeploymentConfiguration, Service, Task } from './model.ts';
import { flag, number, object, text } from './read.ts';
import { allTasks, isSatisfied } from './serviceTasks.ts';
import { bakeOf } from './shifting/plan.ts';

/** When a deployment is completed, and when a service is steady or stuck. */

/** How often ECS repeats that a service is steady. */
const STEADY_REPEAT = 6 * 3_600_000;

export function isCleared(task: Task): boolean {
  return task.lastStatus === 'DEPROVISIONING' || task.lastStatus === 'STOPPED';
}

/**
 * Completes a rolling deployment: enough tasks are healthy, the old ones are gone, and the bake time has passed.
 * `again`: has the service processed after so many milliseconds.
 */
export function complete(ctx: Context, service: Service, again: (milliseconds: number) => Cancel): void {
  const primary = primaryOf(service);
  const open = openServiceDeployment(service);
  if (primary === undefined || primary.rolloutState !== 'IN_PROGRESS') return;
  if (!isScaledUp(service, primary) || !areReplaced(service, primary)) return;
  if (open !== undefined && open.rollback === undefined) {
    open.bakesUntil ??= ctx.clock.now() + bakeOf(open.configuration);
    const left = open.bakesUntil - ctx.clock.now();
    if (left > 0) {
      primary.wake?.();
      primary.wake = again(left);
      return;
    }
  }
  announceCompleted(ctx, service, primary);
}

/** All tasks of the new revision are healthy; with early success criteria, enough of them. */
export function isScaledUp({ desiredCount, configuration }: Service, primary: Deployment): boolean {
  const criteria = earlySuccessOf(configuration);
  if (criteria === undefined) return isSatisfied(primary);
  const healthy = [...primary.tasks].filter((task) => task.healthy).length;
  return healthy >= Math.max(1, Math.ceil((desiredCount * criteria.percent) / 100));
}

function areReplaced(service: Service, primary: Deployment): boolean {
  if (earlySuccessOf(service.configuration)?.cleanup === 'DEFERRED') return true;
  const others = service.deployments.filter((each) => each !== primary);
  return others.every((each) => [...each.tasks].every(isCleared));
}

interface EarlySuccess {
  readonly percent: number;
  readonly cleanup: 'BLOCKING' | 'DEFERRED';
}

/** AWS docs: early-success-criteria. */
function earlySuccessOf({ document }: DeploymentConfiguration): EarlySuccess | undefined {
  const given = object(document, 'earlySuccessCriteria') ?? {};
  if (flag(given, 'enable') !== true) return undefined;
  const cleanup = text(given, 'sourceServiceRevisionCleanup') === 'DEFERRED' ? 'DEFERRED' : 'BLOCKING';
  return { percent: number(given, 'healthyPercent') ?? 100, cleanup };
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
