import { withoutReplaced } from './capacity.ts';
import type { TaskDefinition } from './definition.ts';
import { emitDeployment } from './events.ts';
import type { Context, Deployment, Service, ServiceDeployment, ServiceRevision } from './model.ts';
import { arnOf } from './names.ts';
import type { Shift } from './shifting/model.ts';
import { shiftsTraffic, targetsFor } from './shifting/plan.ts';
import { namedDigests } from './tasks.ts';

/** Deployments, service deployments and service revisions: how they start, are superseded, roll back and end. */

/**
 * Begins a deployment of `definition`. One in progress is superseded: it becomes ACTIVE, its service deployment ends
 * STOPPED, and it is no target of a rollback.
 */
export function beginDeployment(ctx: Context, service: Service, definition: TaskDefinition): Deployment {
  const now = ctx.clock.now();
  const before = service.deployments.find((each) => each.status === 'PRIMARY');
  const source = service.completed ?? before;
  const revision: ServiceRevision = {
    arn: arnOf(ctx, `service-revision/${service.cluster.name}/${service.name}/${ctx.ids.digits(19)}`),
    createdAt: now,
    definition,
    settings: withoutReplaced(service.settings),
    targets: targetsFor(service, source?.revision.targets ?? []),
    digests: namedDigests(definition),
  };
  const serviceDeployment: ServiceDeployment = {
    arn: arnOf(ctx, `service-deployment/${service.cluster.name}/${service.name}/${ctx.ids.urlSafe(21)}`),
    createdAt: now,
    updatedAt: now,
    target: revision,
    sources: service.deployments.map((each) => each.revision),
    configuration: service.configuration,
    status: 'PENDING',
    failureCount: 0,
    ...(shiftsTraffic(service.configuration) ? { shift: newShift(service, now) } : {}),
  };
  const id = `ecs-svc/${ctx.ids.digits(19)}`;
  const deployment: Deployment = {
    id,
    definition,
    revision,
    serviceDeployment,
    createdAt: now,
    tasks: new Set(),
    status: 'PRIMARY',
    desired: serviceDeployment.shift === undefined ? service.desiredCount : 0,
    updatedAt: now,
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: `ECS deployment ${id} in progress.`,
    failures: 0,
    failedResolutions: 0,
    resolved: isResolved(ctx, definition),
    failedStarts: 0,
    notBefore: 0,
    wake: undefined,
    replacing: 0,
    reportedStuck: false,
  };
  if (before !== undefined) supersede(ctx, service, before);
  service.definition = definition;
  service.deployments = [deployment, ...service.deployments];
  service.serviceDeployments.unshift(serviceDeployment);
  service.revisions.unshift(revision);
  service.steady = false;
  return deployment;
}

/** A first deployment has all the traffic; ECS reconciles a service only where more than one revision is active. */
function newShift({ deployments }: Service, now: number): Shift {
  const stage = deployments.length > 1 ? 'RECONCILE_SERVICE' : 'PRE_SCALE_UP';
  return {
    stage,
    step: 0,
    until: undefined,
    stageSince: now,
    production: 0,
    test: 0,
    hooks: [],
    wake: undefined,
  };
}

/** Without tags to resolve, all tasks can start at once. Images of other registries are assumed to exist. */
function isResolved(ctx: Context, definition: TaskDefinition): boolean {
  return definition.containers.every(
    ({ image, pinned }) => !pinned || image.includes('@') || ctx.images.resolve(image) === undefined,
  );
}

function supersede(ctx: Context, service: Service, before: Deployment): void {
  before.status = 'ACTIVE';
  before.updatedAt = ctx.clock.now();
  before.wake?.();
  const open = openServiceDeployment(service);
  if (open === undefined) return;
  endServiceDeployment(ctx, open, 'STOPPED', 'Service deployment was superseded by a newer one.');
  open.stoppedAt = ctx.clock.now();
  open.shift?.wake?.();
}

const ENDED = new Set(['SUCCESSFUL', 'STOPPED', 'ROLLBACK_SUCCESSFUL', 'ROLLBACK_FAILED']);

export function openServiceDeployment(service: Service): ServiceDeployment | undefined {
  const newest = service.serviceDeployments[0];
  return newest === undefined || ENDED.has(newest.status) ? undefined : newest;
}

function endServiceDeployment(
  ctx: Context,
  deployment: ServiceDeployment,
  status: string,
  reason?: string,
): void {
  deployment.status = status;
  deployment.finishedAt = ctx.clock.now();
  deployment.updatedAt = ctx.clock.now();
  if (reason !== undefined) deployment.statusReason = reason;
}

export function primaryOf(service: Service): Deployment | undefined {
  return service.deployments.find((each) => each.status === 'PRIMARY');
}

/** The scheduler starts to process a deployment. */
export function enterDeployment(ctx: Context, service: Service): void {
  const open = openServiceDeployment(service);
  if (open?.status !== 'PENDING') return;
  open.status = 'IN_PROGRESS';
  open.startedAt = ctx.clock.now();
  open.updatedAt = ctx.clock.now();
  const primary = primaryOf(service);
  if (primary !== undefined) emitDeployment(ctx, service, primary, 'IN_PROGRESS');
}

/** PRIMARY has all its tasks healthy and the others are gone: COMPLETED. */
export function completeDeployment(ctx: Context, service: Service, primary: Deployment): void {
  primary.rolloutState = 'COMPLETED';
  primary.rolloutStateReason = `ECS deployment ${primary.id} completed.`;
  primary.updatedAt = ctx.clock.now();
  primary.failures = 0;
  const left = service.deployments.filter((other) => other !== primary && hasTasks(other));
  for (const other of service.deployments) if (other !== primary) other.wake?.();
  // With early success criteria the old tasks may still run.
  for (const other of left) other.rolloutState = 'IN_PROGRESS';
  service.deployments = [primary, ...left];
  service.completed = primary;
  const open = openServiceDeployment(service);
  if (open === undefined) return;
  endServiceDeployment(ctx, open, open.rollback === undefined ? 'SUCCESSFUL' : 'ROLLBACK_SUCCESSFUL');
}

function hasTasks({ tasks }: Deployment): boolean {
  return [...tasks].some(({ desiredStatus }) => desiredStatus === 'RUNNING');
}

/** PRIMARY has failed: it starts no more tasks. Not yet a rollback. */
export function failDeployment(ctx: Context, service: Service, primary: Deployment, reason: string): void {
  primary.rolloutState = 'FAILED';
  primary.rolloutStateReason = reason;
  primary.desired = 0;
  primary.updatedAt = ctx.clock.now();
  primary.wake?.();
  // A failed deployment is never a target of a rollback, even if a rollback had restored it.
  if (service.completed === primary) service.completed = undefined;
}

const NO_CANDIDATE = 'No rollback candidate was found to run the rollback.';

/** Ends the service deployment of a failure without a rollback. `wanted`: there is nothing to roll back to. */
export function endWithoutRollback(ctx: Context, service: Service, reason: string, wanted: boolean): void {
  const open = openServiceDeployment(service);
  if (open === undefined) return;
  const hasNone = open.shift !== undefined && wanted && ctx.disputed().withoutCandidate === 'ROLLBACK_FAILED';
  const status = open.rollback === undefined && !hasNone ? 'STOPPED' : 'ROLLBACK_FAILED';
  endServiceDeployment(ctx, open, status, hasNone ? NO_CANDIDATE : reason);
  open.shift?.wake?.();
  if (status === 'STOPPED') open.stoppedAt = ctx.clock.now();
}

/**
 * Brings back the most recent COMPLETED deployment under its own id (as observed; AWS docs: deployment-circuit-breaker).
 * Answers it, or undefined when there is none: then the service is stalled.
 */
export function rollBack(
  ctx: Context,
  service: Service,
  failed: Deployment,
  why: string,
): Deployment | undefined {
  const old = service.completed;
  if (old === undefined || old === failed) return undefined;
  const now = ctx.clock.now();
  failed.status = 'ACTIVE';
  old.status = 'PRIMARY';
  old.desired = service.desiredCount;
  old.rolloutState = 'IN_PROGRESS';
  old.rolloutStateReason = `${why}: rolling back to deploymentId ${old.id}.`;
  old.updatedAt = now;
  old.failures = 0;
  old.failedStarts = 0;
  old.notBefore = 0;
  // Not a target for another rollback until it is COMPLETED again.
  service.completed = undefined;
  service.definition = old.definition;
  service.deployments = [old, ...service.deployments.filter((each) => each !== old)];
  service.steady = false;
  const open = openServiceDeployment(service);
  if (open !== undefined) {
    open.status = 'ROLLBACK_IN_PROGRESS';
    const reason = open.shift === undefined ? old.rolloutStateReason : failed.rolloutStateReason;
    open.statusReason = reason;
    open.updatedAt = now;
    open.rollback = { reason, startedAt: now, revision: old.revision };
  }
  return old;
}
