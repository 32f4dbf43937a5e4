import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  ListServiceDeploymentsCommand,
  type ServiceDeployment,
} from '@aws-sdk/client-ecs';
import type { ObservedServiceDeployment } from '../domain/observations.ts';
import { type Clients, type Time, untilDeadline } from './clients.ts';
import { translated } from './faults.ts';

/** Limit of DescribeServiceDeployments and DescribeServiceRevisions. Source: ECS API reference. */
const ARNS_PER_CALL = 20;

interface Place {
  readonly cluster: string;
  readonly name: string;
  /** Epoch milliseconds. */
  readonly since: number;
}

/** The service deployments of a service since `since`, newest first, each with its target task definition. */
export async function serviceDeployments(
  client: Clients['ecs'],
  time: Time,
  { cluster, name, since }: Place,
): Promise<readonly ObservedServiceDeployment[]> {
  const request = {
    cluster,
    service: name,
    createdAt: { after: new Date(since) },
    maxResults: ARNS_PER_CALL,
  };
  const listed = await translated('ecs:ListServiceDeployments', () =>
    client.send(new ListServiceDeploymentsCommand(request), untilDeadline(time)),
  );
  const arns = (listed.serviceDeployments ?? []).flatMap(
    ({ serviceDeploymentArn }) => serviceDeploymentArn ?? [],
  );
  if (arns.length === 0) return [];
  const { serviceDeployments: found = [] } = await translated('ecs:DescribeServiceDeployments', () =>
    client.send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: arns }), untilDeadline(time)),
  );
  const targets = new Set(found.flatMap(({ targetServiceRevision }) => targetServiceRevision?.arn ?? []));
  if (targets.size === 0) return [];
  const { serviceRevisions = [] } = await translated('ecs:DescribeServiceRevisions', () =>
    client.send(
      new DescribeServiceRevisionsCommand({ serviceRevisionArns: [...targets] }),
      untilDeadline(time),
    ),
  );
  const definitions = new Map(serviceRevisions.map((one) => [one.serviceRevisionArn, one.taskDefinition]));
  return found
    .toSorted((a, b) => (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0))
    .map((one) => observedOf(one, definitions.get(one.targetServiceRevision?.arn)));
}

function observedOf(one: ServiceDeployment, taskDefinition: string | undefined): ObservedServiceDeployment {
  const { status = 'UNKNOWN', statusReason, rollback, deploymentCircuitBreaker, alarms } = one;
  const words = [...new Set([statusReason, rollback?.reason])];
  return {
    taskDefinition: taskDefinition ?? '',
    status,
    words: words.flatMap((text) => text ?? []),
    breaker: deploymentCircuitBreaker?.status === 'TRIGGERED',
    alarms: alarms?.status === 'TRIGGERED' ? (alarms.triggeredAlarmNames ?? alarms.alarmNames ?? []) : [],
  };
}
