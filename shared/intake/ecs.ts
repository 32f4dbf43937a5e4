import * as z from 'zod/mini';
import type { Ignored } from './ecr.ts';
import { parse } from './parse.ts';

export interface TaskStopped {
  readonly kind: 'taskStopped';
  readonly cluster: string;
  /** Absent for tasks that no service started. */
  readonly service?: string;
  readonly deploymentId?: string;
  readonly taskArn: string;
  /** Stopped because fewer were wanted: no failure. */
  readonly scaledIn: boolean;
}
export interface DeploymentEnded {
  readonly kind: 'deploymentEnded';
  readonly cluster: string;
  readonly service: string;
  readonly deploymentId: string;
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

/**
 * Events of ECS that Fairway's rules let through. A deployment's event has no cluster and no service in its
 * detail: both are in the service ARN of `resources`. Source: Amazon ECS Developer Guide, "Amazon ECS events".
 */
export function parseEcsEvent(event: unknown): TaskStopped | DeploymentEnded | Ignored {
  const type = parse('an ECS event', envelope, event)['detail-type'];
  switch (type) {
    case 'ECS Task State Change':
      return parseTask(event);
    case 'ECS Deployment State Change':
      return parseDeployment(event);
    default:
      return { kind: 'ignored', reason: `${type} is not looked at` };
  }
}

function parseTask(event: unknown): TaskStopped | Ignored {
  const { detail } = parse('an ECS task event', taskChange, event);
  if (detail.lastStatus !== 'STOPPED') return { kind: 'ignored', reason: `the task is ${detail.lastStatus}` };
  const { startedBy, group } = detail;
  const ofService = group?.startsWith('service:') === true && startedBy?.startsWith('ecs-svc/') === true;
  return {
    kind: 'taskStopped',
    cluster: lastPart(detail.clusterArn),
    taskArn: detail.taskArn,
    scaledIn: detail.stoppedReason?.startsWith('Scaling activity initiated by') === true,
    ...(ofService && group !== undefined ? { service: group.slice('service:'.length) } : {}),
    ...(ofService && startedBy !== undefined ? { deploymentId: startedBy } : {}),
  };
}

function parseDeployment(event: unknown): DeploymentEnded | Ignored {
  const { resources, detail } = parse('an ECS deployment event', deploymentChange, event);
  const ended = ['SERVICE_DEPLOYMENT_COMPLETED', 'SERVICE_DEPLOYMENT_FAILED'].includes(detail.eventName);
  if (!ended) return { kind: 'ignored', reason: `${detail.eventName} is not an end` };
  const [, cluster, service] = (resources[0] ?? '').split('/');
  if (cluster === undefined || service === undefined) {
    return { kind: 'ignored', reason: `${resources[0]} is not the ARN of a service` };
  }
  return { kind: 'deploymentEnded', cluster, service, deploymentId: detail.deploymentId };
}

function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
