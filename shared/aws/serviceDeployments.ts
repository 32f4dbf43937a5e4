import {
  ContinueServiceDeploymentCommand,
  type DeploymentLifecycleHookDetail,
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  ListServiceDeploymentsCommand,
  type ServiceDeployment,
  StopServiceDeploymentCommand,
} from '@aws-sdk/client-ecs';
import { defined } from '../domain/defined.ts';
import type { ObservedHook, ObservedServiceDeployment } from '../domain/observations.ts';
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
  const found = await describe(client, time, arns);
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

/** Service deployments by ARN. Their revisions are not read. */
export async function deploymentsNamed(
  client: Clients['ecs'],
  time: Time,
  arns: readonly string[],
): Promise<ReadonlyMap<string, ObservedServiceDeployment>> {
  const named = new Map<string, ObservedServiceDeployment>();
  for (let from = 0; from < arns.length; from += ARNS_PER_CALL) {
    const found = await describe(client, time, arns.slice(from, from + ARNS_PER_CALL));
    for (const one of found) named.set(one.serviceDeploymentArn ?? '', observedOf(one, undefined));
  }
  return named;
}

/** Sent once: a repeat looks first. */
export async function stopDeployment(client: Clients['ecs'], time: Time, arn: string): Promise<void> {
  const command = new StopServiceDeploymentCommand({ serviceDeploymentArn: arn, stopType: 'ROLLBACK' });
  await translated('ecs:StopServiceDeployment', () => client.send(command, untilDeadline(time)));
}

export async function answerPause(
  client: Clients['ecs'],
  time: Time,
  [serviceDeploymentArn, hookId, action]: readonly [string, string, 'CONTINUE' | 'ROLLBACK'],
): Promise<void> {
  const command = new ContinueServiceDeploymentCommand({ serviceDeploymentArn, hookId, action });
  await translated('ecs:ContinueServiceDeployment', () => client.send(command, untilDeadline(time)));
}

async function describe(
  client: Clients['ecs'],
  time: Time,
  serviceDeploymentArns: string[],
): Promise<readonly ServiceDeployment[]> {
  const command = new DescribeServiceDeploymentsCommand({ serviceDeploymentArns });
  const { serviceDeployments = [] } = await translated('ecs:DescribeServiceDeployments', () =>
    client.send(command, untilDeadline(time)),
  );
  return serviceDeployments;
}

function observedOf(one: ServiceDeployment, taskDefinition: string | undefined): ObservedServiceDeployment {
  const { status = 'UNKNOWN', statusReason, rollback, deploymentCircuitBreaker, alarms } = one;
  const words = [...new Set([statusReason, rollback?.reason])];
  const { requestedProductionTrafficWeight, requestedTestTrafficWeight, runningTaskCount } =
    one.targetServiceRevision ?? {};
  return {
    arn: one.serviceDeploymentArn ?? '',
    taskDefinition: taskDefinition ?? '',
    status,
    words: words.flatMap((text) => text ?? []),
    breaker: deploymentCircuitBreaker?.status === 'TRIGGERED',
    alarms: alarms?.status === 'TRIGGERED' ? (alarms.triggeredAlarmNames ?? alarms.alarmNames ?? []) : [],
    watched: [deploymentCircuitBreaker?.status, alarms?.status].includes('MONITORING'),
    hooks: (one.lifecycleHookDetails ?? []).map(observedHook),
    ...defined({
      stage: one.lifecycleStage,
      share: requestedProductionTrafficWeight,
      testShare: requestedTestTrafficWeight,
      running: runningTaskCount,
    }),
  };
}

function observedHook(hook: DeploymentLifecycleHookDetail): ObservedHook {
  return {
    id: hook.hookId ?? '',
    type: hook.targetType ?? '',
    status: hook.status ?? '',
    ...defined({ expiresAt: hook.expiresAt?.getTime(), timeoutAction: hook.timeoutAction }),
  };
}
