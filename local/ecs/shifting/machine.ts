import { goBack, stopByRequest } from '../breaker.ts';
import { announceCompleted, isCleared } from '../completion.ts';
import { failDeployment, openServiceDeployment, primaryOf } from '../deployments.ts';
import type { Context, Deployment, Service, ServiceDeployment } from '../model.ts';
import { stopForService, stopSurplus } from '../serviceStops.ts';
import { isSatisfied, liveTasks } from '../serviceTasks.ts';
import { hooksDue, reviewHooks, startHooks } from './hooks.ts';
import type { Hook, Shift } from './model.ts';
import { bakeOf, STAGES, shiftTimeOf, stepBakeOf, stepsOf } from './plan.ts';
import { moveProduction, moveTest, whyReset } from './traffic.ts';

/**
 * A deployment that shifts traffic, stage by stage: the new revision starts beside the old one, gets the traffic, and the
 * old one stops. A rollback moves the traffic back and stops the new one. AWS docs: deployment-type-blue-green.
 */

/** What the machine needs of the scheduler. */
export interface Steering {
  start(deployment: Deployment, count: number): void;
  /** Has the service processed again after so many milliseconds. */
  again(milliseconds: number, options?: { readonly periodic?: boolean }): Shift['wake'];
}

/** A stage without work. AWS does not say how long one takes. */
const SHORT = 3_000;
/** AWS docs (deployment-lifecycle-hooks): limit of a stage. */
const LONGEST_STAGE = 24 * 3_600_000;

export function tickShift(ctx: Context, service: Service, steering: Steering): void {
  const open = openServiceDeployment(service);
  const primary = primaryOf(service);
  if (open?.shift === undefined || primary === undefined) return;
  if (isStopped(ctx, open, open.shift)) stopByRequest(ctx, service);
  else if (open.rollback === undefined) goForwards(ctx, service, open, open.shift, primary);
  const source = primaryOf(service);
  if (open.rollback !== undefined && source !== undefined)
    goBackwards(ctx, service, open, open.shift, source);
  keepTasks(ctx, service, open, steering);
  open.shift.wake?.();
  open.shift.wake = openServiceDeployment(service) === open ? wakeFor(ctx, open, steering) : undefined;
}

/** A person and the limit of a stage are not work: while only they are waited for, the clock may rest. */
function wakeFor(ctx: Context, { shift, rollback }: ServiceDeployment, { again }: Steering): Shift['wake'] {
  if (shift === undefined) return undefined;
  const isBack = rollback !== undefined;
  const works = isBack ? shift.backAt : shift.until;
  const waits = [hooksDue(ctx, shift), isBack ? undefined : shift.stageSince + LONGEST_STAGE];
  const now = ctx.clock.now();
  const times = [works, ...waits].filter((time) => time !== undefined).filter((time) => time > now);
  if (times.length === 0) return undefined;
  const next = Math.min(...times);
  return again(next - now, { periodic: next !== works && !shift.hooks.some(isAsked) });
}

function isAsked({ type, status }: Hook): boolean {
  return type === 'AWS_LAMBDA' && status === 'IN_PROGRESS';
}

/** Someone called StopServiceDeployment. What that does during CLEAN_UP is disputed. */
function isStopped(ctx: Context, { status, rollback }: ServiceDeployment, { stage }: Shift): boolean {
  if (status !== 'ROLLBACK_REQUESTED' || rollback !== undefined) return false;
  return stage !== 'CLEAN_UP' || ctx.disputed().stopInCleanUp === 'rollsBack';
}

/** Both revisions run until one of them is no longer needed. */
function keepTasks(ctx: Context, service: Service, open: ServiceDeployment, { start }: Steering): void {
  for (const deployment of service.deployments) {
    const isSource = deployment.rolloutState === 'COMPLETED' || deployment.status === 'PRIMARY';
    if (!isSource || deployment.desired === 0) continue;
    if (deployment.status === 'PRIMARY' && !mayScaleUp(open)) continue;
    deployment.desired = service.desiredCount;
    start(deployment, deployment.desired - liveTasks(deployment).length);
    stopSurplus(ctx, service, deployment);
  }
}

function mayScaleUp({ shift, rollback }: ServiceDeployment): boolean {
  return (
    rollback !== undefined ||
    (shift !== undefined && STAGES.indexOf(shift.stage) >= STAGES.indexOf('SCALE_UP'))
  );
}

function goForwards(
  ctx: Context,
  service: Service,
  open: ServiceDeployment,
  shift: Shift,
  target: Deployment,
): void {
  // Each pass ends a stage; a stage takes time, so that the passes end.
  while (isStageOver(ctx, service, open, shift, target)) {
    if (shift.stage === 'CLEAN_UP') {
      announceCompleted(ctx, service, target);
      return;
    }
    next(ctx, open, shift);
  }
}

function isStageOver(
  ctx: Context,
  service: Service,
  open: ServiceDeployment,
  shift: Shift,
  target: Deployment,
): boolean {
  const reset = shift.stage === 'PRE_SCALE_UP' ? whyGroundRefused(ctx, service, shift) : undefined;
  if (shift.until === undefined) begin(ctx, service, open, shift, target);
  const hooks = reviewHooks(ctx, service, open, shift);
  const failure = reset ?? (typeof hooks === 'object' ? hooks.failed : whyTooLong(ctx, shift));
  if (failure !== undefined) {
    failShift(ctx, service, target, failure);
    return false;
  }
  const isTimeOver = ctx.clock.now() >= (shift.until ?? 0);
  return isTimeOver && hooks === 'passed' && isDone(service, shift, target);
}

function whyTooLong(ctx: Context, { stage, stageSince }: Shift): string | undefined {
  if (ctx.clock.now() - stageSince < LONGEST_STAGE) return undefined;
  return `Service deployment rolled back because ${stage} timed out.`;
}

/** ECS gives the deployment up, and rolls back where there is anything to roll back to. */
function failShift(ctx: Context, service: Service, target: Deployment, reason: string): void {
  failDeployment(ctx, service, target, reason);
  goBack(ctx, service, target, true);
}

function begin(
  ctx: Context,
  service: Service,
  open: ServiceDeployment,
  shift: Shift,
  target: Deployment,
): void {
  shift.stageSince = ctx.clock.now();
  shift.until = ctx.clock.now() + work(ctx, service, open, shift, target);
  startHooks(ctx, service, open, shift, ['PAUSE', 'AWS_LAMBDA']);
}

/** Does what the stage is for, and answers how long it takes at least. */
function work(
  ctx: Context,
  service: Service,
  open: ServiceDeployment,
  shift: Shift,
  target: Deployment,
): number {
  const targets = target.revision.targets ?? [];
  const { configuration } = open;
  switch (shift.stage) {
    case 'RECONCILE_SERVICE':
      reconcile(ctx, service, target);
      return SHORT;
    case 'SCALE_UP':
      target.desired = service.desiredCount;
      return SHORT;
    case 'TEST_TRAFFIC_SHIFT':
      shift.test = 100;
      moveTest(ctx, targets, 100);
      return SHORT + shiftTimeOf(targets);
    case 'PRODUCTION_TRAFFIC_SHIFT': {
      const steps = stepsOf(configuration);
      shift.production = steps[shift.step] ?? 100;
      moveProduction(ctx, targets, shift.production);
      const isLast = shift.step >= steps.length - 1;
      return SHORT + shiftTimeOf(targets) + (isLast ? 0 : stepBakeOf(configuration));
    }
    case 'BAKE_TIME':
      return Math.max(SHORT, bakeOf(configuration));
    case 'CLEAN_UP':
      for (const other of service.deployments) if (other !== target) stopAll(ctx, service, other);
      return SHORT;
    default:
      return SHORT;
  }
}

function isDone(service: Service, { stage }: Shift, target: Deployment): boolean {
  if (stage === 'SCALE_UP') return isSatisfied(target);
  if (stage === 'RECONCILE_SERVICE') return leftovers(service, target).every(isGone);
  if (stage === 'CLEAN_UP') return isSatisfied(target) && others(service, target).every(isGone);
  return true;
}

function next(ctx: Context, { configuration }: ServiceDeployment, shift: Shift): void {
  shift.until = undefined;
  shift.hooks = [];
  const hasMoreSteps = shift.step < stepsOf(configuration).length - 1;
  if (shift.stage === 'PRODUCTION_TRAFFIC_SHIFT' && hasMoreSteps) {
    shift.step += 1;
    shift.stage = 'PRE_PRODUCTION_TRAFFIC_SHIFT';
  } else {
    shift.stage = STAGES[STAGES.indexOf(shift.stage) + 1] ?? 'CLEAN_UP';
  }
  shift.stageSince = ctx.clock.now();
}

/** Revisions of deployments that were interrupted: their traffic returns to the source, and they stop. */
function reconcile(ctx: Context, service: Service, target: Deployment): void {
  const source = service.completed;
  if (source !== undefined) {
    moveProduction(ctx, source.revision.targets ?? [], 100);
    moveTest(ctx, source.revision.targets ?? [], 100);
  }
  for (const left of leftovers(service, target)) stopAll(ctx, service, left);
}

function leftovers(service: Service, target: Deployment): readonly Deployment[] {
  return others(service, target).filter((each) => each !== service.completed);
}

function others(service: Service, target: Deployment): readonly Deployment[] {
  return service.deployments.filter((each) => each !== target);
}

function isGone({ tasks }: Deployment): boolean {
  return [...tasks].every(isCleared);
}

function stopAll(ctx: Context, service: Service, deployment: Deployment): void {
  deployment.desired = 0;
  for (const task of deployment.tasks) {
    if (task.desiredStatus === 'STOPPED') continue;
    stopForService(ctx, service, task, {
      stopCode: 'ServiceSchedulerInitiated',
      reason: `Scaling activity initiated by (deployment ${deployment.id})`,
    });
  }
}

/** The traffic returns to the old revision once that runs, then the new one stops. */
function goBackwards(
  ctx: Context,
  service: Service,
  open: ServiceDeployment,
  shift: Shift,
  source: Deployment,
): void {
  if (shift.backAt === undefined) {
    if (!isSatisfied(source)) return;
    const targets = source.revision.targets ?? [];
    shift.backAt = ctx.clock.now() + shiftTimeOf(targets) * 2 + SHORT;
    shift.production = 0;
    shift.test = 0;
    moveProduction(ctx, targets, 100);
    moveTest(ctx, targets, 100);
    shift.hooks = [];
    for (const stage of ['TEST_TRAFFIC_SHIFT', 'PRODUCTION_TRAFFIC_SHIFT'] as const) {
      shift.stage = stage;
      startHooks(ctx, service, open, shift, ['AWS_LAMBDA']);
    }
  }
  if (reviewHooks(ctx, service, open, shift) === 'open' || ctx.clock.now() < shift.backAt) return;
  for (const other of others(service, source)) stopAll(ctx, service, other);
  if (isSatisfied(source) && others(service, source).every(isGone)) announceCompleted(ctx, service, source);
}

/** Disputed: whether ECS notices that the weights of the production rule were reset since its last deployment. */
function whyGroundRefused(ctx: Context, service: Service, { until }: Shift): string | undefined {
  if (until !== undefined || ctx.disputed().resetWeights === 'unnoticed') return undefined;
  return whyReset(ctx, service.completed?.revision.targets ?? []);
}
