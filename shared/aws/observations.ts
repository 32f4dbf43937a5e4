import type { Attachment, Container, Deployment, Service, Task } from '@aws-sdk/client-ecs';
import { isScaledIn, type StoppedContainer, type StoppedTask } from '../domain/diagnosis/stoppedTask.ts';
import type { ObservedDeployment, ObservedService, ObservedTask } from '../domain/observations.ts';
import type { Cause } from '../domain/release.ts';
import { shiftsTraffic } from '../domain/strategies/shifting.ts';
import { shiftTimeOf } from '../domain/strategies/shiftTime.ts';
import { causesOfTasks } from '../later.ts';
import { meaningOf } from './reasons.ts';

/** What ECS answers, in domain words. */

export async function observedService(name: string, service: Service): Promise<ObservedService> {
  const configuration = service.deploymentConfiguration;
  const desired = service.desiredCount ?? 0;
  return {
    service: name,
    found: true,
    status: service.status ?? 'UNKNOWN',
    controller: service.deploymentController?.type ?? 'ECS',
    strategy: strategyOf(service),
    scheduling: service.schedulingStrategy ?? 'REPLICA',
    desired,
    threshold: thresholdOf(service, desired),
    breaker: configuration?.deploymentCircuitBreaker?.enable ?? false,
    deployments: await Promise.all((service.deployments ?? []).map((one) => observedDeployment(name, one))),
    ...eventsOf(service),
    ...(service.taskDefinition === undefined ? {} : { taskDefinition: service.taskDefinition }),
    ...shiftOf(service),
  };
}

/** ECS lists the newest first, 100 at most. */
function eventsOf({ events = [] }: Service): Pick<ObservedService, 'events'> {
  const seen = events.flatMap(({ createdAt, message }) =>
    createdAt === undefined || message === undefined ? [] : [{ at: createdAt.getTime(), message }],
  );
  return seen.length === 0 ? {} : { events: seen.toReversed() };
}

/** Services in Express Mode are always deployed as CANARY. AWS docs: express-service-work. */
export function strategyOf({ deploymentConfiguration, resourceManagementType }: Service): string {
  return deploymentConfiguration?.strategy ?? (resourceManagementType === 'ECS' ? 'CANARY' : 'ROLLING');
}

/** Minutes of both bakes in Express Mode. AWS docs: express-service-work. */
const EXPRESS_BAKE = 3;

/** Defaults: ECS API reference, LinearConfiguration and CanaryConfiguration. */
function shiftOf(
  service: Service,
): Pick<ObservedService, 'serviceDeployment' | 'shiftTime' | 'mayPause' | 'bake' | 'earlySuccess'> {
  const { deploymentConfiguration, currentServiceDeployment } = service;
  const isExpress = service.resourceManagementType === 'ECS';
  const { bakeTimeInMinutes: bake = isExpress ? EXPRESS_BAKE : 0, ...more } = deploymentConfiguration ?? {};
  const open = currentServiceDeployment === undefined ? {} : { serviceDeployment: currentServiceDeployment };
  const strategy = strategyOf(service);
  if (!shiftsTraffic({ strategy }))
    return {
      ...open,
      ...((more.lifecycleHooks ?? []).length > 0 && { mayPause: true }),
      ...(bake > 0 && { bake: bake * 60_000 }),
      ...(more.earlySuccessCriteria?.enable && { earlySuccess: true }),
    };
  const takes = shiftTimeOf({
    strategy,
    bake,
    stepPercent: more.linearConfiguration?.stepPercent ?? 10,
    stepBake: more.linearConfiguration?.stepBakeTimeInMinutes ?? 6,
    canaryBake: more.canaryConfiguration?.canaryBakeTimeInMinutes ?? (isExpress ? EXPRESS_BAKE : 10),
  });
  return { ...open, shiftTime: { takes, bake: bake * 60_000 } };
}

export function missingService(service: string): ObservedService {
  return {
    service,
    found: false,
    status: 'MISSING',
    controller: 'ECS',
    strategy: 'ROLLING',
    scheduling: 'REPLICA',
    desired: 0,
    threshold: 3,
    breaker: false,
    deployments: [],
  };
}

async function observedDeployment(service: string, deployment: Deployment): Promise<ObservedDeployment> {
  const { rolloutState, rolloutStateReason, createdAt, updatedAt } = deployment;
  return {
    id: deployment.id ?? '',
    status: deployment.status ?? '',
    taskDefinition: deployment.taskDefinition ?? '',
    running: deployment.runningCount ?? 0,
    desired: deployment.desiredCount ?? 0,
    failedTasks: deployment.failedTasks ?? 0,
    ...(rolloutState === undefined ? {} : { rolloutState }),
    ...(rolloutStateReason === undefined ? {} : { rolloutStateReason }),
    ...(await meaningOf(service, [rolloutStateReason ?? ''])),
    ...(createdAt === undefined ? {} : { createdAt: createdAt.getTime() }),
    ...(updatedAt === undefined ? {} : { updatedAt: updatedAt.getTime() }),
  };
}

/**
 * How many failed tasks ECS's circuit breaker allows, at least 3.
 * Source: Amazon ECS Developer Guide, "How the Amazon ECS deployment circuit breaker detects failures".
 */
function thresholdOf(service: Service, desired: number): number {
  const configured = service.deploymentConfiguration?.deploymentCircuitBreaker?.thresholdConfiguration;
  const value = configured?.value ?? 50;
  switch (configured?.type) {
    case 'COUNT':
      return Math.max(3, value);
    case 'UNBOUNDED_PERCENT':
      return Math.max(3, Math.ceil((value / 100) * desired));
    default:
      return Math.min(200, Math.max(3, Math.ceil((value / 100) * desired)));
  }
}

/** Undefined: ECS answered MISSING. `essential`: which containers, by name, end it when they end; undefined: not known. */
export async function observedTask(
  taskArn: string,
  task: Task | undefined,
  essential: ReadonlyMap<string, boolean> | undefined = undefined,
): Promise<ObservedTask> {
  if (!task) return { taskArn, found: false, lastStatus: 'MISSING', scaledIn: false, exitCodes: {} };
  const stopped = stoppedTask(task, essential);
  const exitCodes = stopped.containers.flatMap(({ name, exitCode }) =>
    exitCode === undefined ? [] : [[name, exitCode]],
  );
  return {
    taskArn,
    found: true,
    lastStatus: task.lastStatus ?? 'UNKNOWN',
    scaledIn: isScaledIn(stopped),
    exitCodes: Object.fromEntries(exitCodes),
    ...(stopped.stoppingAt === undefined ? {} : { stoppedAt: stopped.stoppingAt }),
    ...(stopped.stopCode === undefined ? {} : { stopCode: stopped.stopCode }),
    ...(task.startedBy === undefined ? {} : { startedBy: task.startedBy }),
    ...(task.taskDefinitionArn === undefined ? {} : { revision: task.taskDefinitionArn }),
    ...(task.lastStatus === 'STOPPED' ? { cause: await causeOf(stopped) } : {}),
  };
}

/** The tables of causes are loaded when a task has stopped. */
async function causeOf(stopped: StoppedTask): Promise<Cause> {
  const { diagnoseTask } = await causesOfTasks();
  return diagnoseTask(stopped);
}

/** Also while it is still on its way down. `essential`: as above. */
export function stoppedTask(task: Task, essential?: ReadonlyMap<string, boolean>): StoppedTask {
  const stoppingAt = (task.stoppingAt ?? task.stoppedAt)?.getTime();
  const startedAt = task.startedAt?.getTime();
  return {
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(stoppingAt === undefined ? {} : { stoppingAt }),
    ...(task.stopCode === undefined ? {} : { stopCode: task.stopCode }),
    ...(task.stoppedReason === undefined ? {} : { stoppedReason: task.stoppedReason }),
    containers: (task.containers ?? []).map((container) => stoppedContainer(container, essential)),
    ...attachmentsOf(task),
  };
}

/** Reasons of those that failed: one that was detached in order has none. */
function attachmentsOf({ attachments = [] }: Task): Pick<StoppedTask, 'attachmentReasons'> {
  const reasons = attachments.flatMap((attachment) => statusReasonOf(attachment) ?? []);
  return reasons.length === 0 ? {} : { attachmentReasons: reasons };
}

/** ECS has it among the details; its event has it beside the status. */
function statusReasonOf({
  details = [],
  statusReason,
}: Attachment & { readonly statusReason?: string }): string | undefined {
  return statusReason || details.find(({ name }) => name === 'statusReason')?.value || undefined;
}

function stoppedContainer(
  { name = '', exitCode, reason, healthStatus }: Container,
  essential: ReadonlyMap<string, boolean> | undefined,
): StoppedContainer {
  const isEssential = essential?.get(name);
  return {
    name,
    ...(isEssential === undefined ? {} : { essential: isEssential }),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(reason === undefined ? {} : { reason }),
    ...(healthStatus === undefined ? {} : { healthStatus }),
  };
}
