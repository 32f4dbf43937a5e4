import type { JsonObject } from '../contract.ts';
import type { Context, Deployment, Service, ServiceDeployment, Task } from './model.ts';
import type { Hook, Stage } from './shifting/model.ts';
import { isoTime, taskEventDetail } from './taskViews.ts';

/** The events that ECS sends to EventBridge and writes into a service's `events`. */

/** AWS docs: ecs_task_events. Without tags and health, times as ISO text. */
export function emitTask(ctx: Context, task: Task): void {
  const { lastStatus, group, startedBy, stoppedReason } = task;
  const known = { lastStatus, group, startedBy, stoppedReason, clusterArn: task.cluster.arn };
  ctx.emit(
    {
      source: 'aws.ecs',
      'detail-type': 'ECS Task State Change',
      resources: [task.arn],
      get detail() {
        return taskEventDetail(task);
      },
    },
    known,
  );
}

/** AWS docs: ecs_service_deployment_events. */
export function emitDeployment(
  ctx: Context,
  service: Service,
  deployment: Deployment,
  eventName: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED',
): void {
  const shifts = service.serviceDeployments[0]?.shift !== undefined;
  if (shifts && ctx.disputed().deploymentEvents === 'none') return;
  ctx.emit({
    source: 'aws.ecs',
    'detail-type': 'ECS Deployment State Change',
    resources: [service.arn],
    detail: {
      eventType: eventName === 'FAILED' ? 'ERROR' : 'INFO',
      eventName: `SERVICE_DEPLOYMENT_${eventName}`,
      deploymentId: deployment.id,
      updatedAt: isoTime(deployment.updatedAt),
      reason: deployment.rolloutStateReason,
    },
  });
}

/** AWS docs: ecs_hook_state_change_events. */
function stageOf({ shift, pause }: ServiceDeployment): { readonly lifecycleStage?: Stage } {
  const stage = (shift ?? pause)?.stage;
  return stage === undefined ? {} : { lifecycleStage: stage };
}

export function emitHook(
  ctx: Context,
  service: Service,
  deployment: ServiceDeployment,
  hook: Hook,
  eventName: Hook['status'],
): void {
  const isBad = eventName === 'FAILED' || eventName === 'TIMED_OUT';
  ctx.emit({
    source: 'aws.ecs',
    'detail-type': 'ECS Hook State Change',
    resources: [deployment.arn],
    detail: {
      eventType: isBad ? 'ERROR' : 'INFO',
      eventName: `HOOK_${eventName}`,
      hookId: hook.id,
      hookType: hook.type,
      expiresAt: isoTime(hook.expiresAt),
      ...stageOf(deployment),
      clusterArn: service.cluster.arn,
      serviceArn: service.arn,
      serviceDeploymentArn: deployment.arn,
      updatedAt: isoTime(ctx.clock.now()),
    },
  });
}

/** AWS docs: ecs_service_events. */
export function emitServiceAction(
  ctx: Context,
  service: Service,
  eventType: 'INFO' | 'WARN' | 'ERROR',
  eventName: string,
  more: JsonObject = {},
): void {
  ctx.emit({
    source: 'aws.ecs',
    'detail-type': 'ECS Service Action',
    resources: [service.arn],
    detail: {
      eventType,
      eventName,
      clusterArn: service.cluster.arn,
      createdAt: isoTime(ctx.clock.now()),
      ...more,
    },
  });
}

const MOST_EVENTS = 100;

/** Adds "(service S) …" to the service's events, newest first. */
export function addServiceEvent(ctx: Context, service: Service, message: string): void {
  service.events.unshift({
    id: ctx.ids.uuid(),
    createdAt: ctx.clock.now(),
    message: `(service ${service.name}) ${message}`,
  });
  if (service.events.length > MOST_EVENTS) service.events.length = MOST_EVENTS;
}
