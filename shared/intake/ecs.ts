import * as z from 'zod/mini';
import type { Ignored } from './ecr.ts';
import { parse } from './parse.ts';

export interface TaskStopped {
  readonly kind: 'taskStopped';
  readonly cluster: string;
  /** Absent for tasks that were not started by a service. */
  readonly service?: string;
  readonly deploymentId?: string;
  readonly taskArn: string;
  /** Whether scale-in stopped it, which is not a failure. */
  readonly scaledIn: boolean;
}
/** A task of a release or a run that Fairway started. */
export interface TaskRuns {
  readonly kind: 'taskRuns';
  readonly cluster: string;
  readonly taskArn: string;
  readonly startedBy: string;
}
export interface DeploymentEnded {
  readonly kind: 'deploymentEnded';
  readonly cluster: string;
  readonly service: string;
  readonly deploymentId: string;
  readonly failed: boolean;
}
/** A lifecycle hook of a deployment. */
export interface HookChanged {
  readonly kind: 'hookChanged';
  readonly cluster: string;
  readonly service: string;
}
export interface ServiceAction {
  readonly kind: 'serviceAction';
  readonly cluster: string;
  readonly service: string;
  readonly action: 'placement' | 'startImpaired';
  /** ECS's reason, if any: "RESOURCE:FARGATE". */
  readonly words?: string;
}

const envelope = z.object({ 'detail-type': z.string(), resources: z._default(z.array(z.string()), []) });

const taskChange = z.object({
  detail: z.object({
    clusterArn: z.string(),
    taskArn: z.string(),
    lastStatus: z.string(),
    group: z.optional(z.string()),
    startedBy: z.optional(z.string()),
    stoppedReason: z.optional(z.string()),
  }),
});

const deploymentChange = z.object({
  resources: z.array(z.string()).check(z.minLength(1)),
  detail: z.object({ eventName: z.string(), deploymentId: z.string() }),
});

const serviceAction = z.object({
  resources: z.array(z.string()).check(z.minLength(1)),
  detail: z.object({ eventName: z.string(), reason: z.optional(z.string()) }),
});

/** One of the two samples in the Amazon ECS Developer Guide has no `resources`. */
const hookChange = z.object({ detail: z.object({ serviceArn: z.string() }) });

/** Source: Amazon ECS Developer Guide, "Amazon ECS service action events". */
const ACTIONS = new Map<string, ServiceAction['action']>([
  ['SERVICE_TASK_PLACEMENT_FAILURE', 'placement'],
  // A setting of the service prevents its tasks from being placed.
  ['SERVICE_TASK_CONFIGURATION_FAILURE', 'placement'],
  ['SERVICE_TASK_START_IMPAIRED', 'startImpaired'],
]);

/**
 * An event of ECS that Fairway's rules match. Events of deployments and services have the service
 * and its cluster only in the ARN in `resources`. Source: Amazon ECS Developer Guide, "Amazon ECS events".
 */
export function parseEcsEvent(
  event: unknown,
): TaskStopped | TaskRuns | DeploymentEnded | HookChanged | ServiceAction | Ignored {
  const type = parse('an ECS event', envelope, event)['detail-type'];
  switch (type) {
    case 'ECS Task State Change':
      return parseTask(event);
    case 'ECS Deployment State Change':
      return parseDeployment(event);
    case 'ECS Hook State Change':
      return parseHook(event);
    case 'ECS Service Action':
      return parseServiceAction(event);
    default:
      return { kind: 'ignored', reason: `${type} is not handled` };
  }
}

function parseTask(event: unknown): TaskStopped | TaskRuns | Ignored {
  const { detail } = parse('an ECS task event', taskChange, event);
  const { startedBy, group, taskArn } = detail;
  if (detail.lastStatus === 'RUNNING' && startedBy?.startsWith('fairway/'))
    return { kind: 'taskRuns', cluster: lastPart(detail.clusterArn), taskArn, startedBy };
  if (detail.lastStatus !== 'STOPPED') return { kind: 'ignored', reason: `the task is ${detail.lastStatus}` };
  const ofService = group?.startsWith('service:') === true && startedBy?.startsWith('ecs-svc/') === true;
  return {
    kind: 'taskStopped',
    cluster: lastPart(detail.clusterArn),
    taskArn,
    scaledIn: detail.stoppedReason?.startsWith('Scaling activity initiated by') === true,
    ...(ofService && group !== undefined ? { service: group.slice('service:'.length) } : {}),
    ...(ofService && startedBy !== undefined ? { deploymentId: startedBy } : {}),
  };
}

function parseDeployment(event: unknown): DeploymentEnded | Ignored {
  const { resources, detail } = parse('an ECS deployment event', deploymentChange, event);
  const ended = ['SERVICE_DEPLOYMENT_COMPLETED', 'SERVICE_DEPLOYMENT_FAILED'].includes(detail.eventName);
  if (!ended) return { kind: 'ignored', reason: `${detail.eventName} does not end a deployment` };
  const place = placeOf(resources);
  if ('reason' in place) return place;
  const failed = detail.eventName === 'SERVICE_DEPLOYMENT_FAILED';
  return { kind: 'deploymentEnded', ...place, deploymentId: detail.deploymentId, failed };
}

function parseHook(event: unknown): HookChanged | Ignored {
  const { detail } = parse('an ECS hook event', hookChange, event);
  const place = placeOf([detail.serviceArn]);
  return 'reason' in place ? place : { kind: 'hookChanged', ...place };
}

function parseServiceAction(event: unknown): ServiceAction | Ignored {
  const { resources, detail } = parse('an ECS service event', serviceAction, event);
  const action = ACTIONS.get(detail.eventName);
  if (action === undefined) return { kind: 'ignored', reason: `${detail.eventName} is not handled` };
  const place = placeOf(resources);
  if ('reason' in place) return place;
  const words = detail.reason === undefined ? {} : { words: detail.reason };
  return { kind: 'serviceAction', ...place, action, ...words };
}

function placeOf(resources: readonly string[]): { cluster: string; service: string } | Ignored {
  const [, cluster, service] = (resources[0] ?? '').split('/');
  if (cluster !== undefined && service !== undefined) return { cluster, service };
  return { kind: 'ignored', reason: `${resources[0]} is not the ARN of a service` };
}

function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
