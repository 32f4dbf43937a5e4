import {
  ContinueServiceDeploymentCommand,
  type DeploymentLifecycleHookDetail,
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  ListServiceDeploymentsCommand,
  type Service,
  type ServiceDeployment,
  type ServiceRevision,
  StopServiceDeploymentCommand,
} from '@aws-sdk/client-ecs';
import { defined } from '../domain/defined.ts';
import type { ObservedHook, ObservedServiceDeployment } from '../domain/observations.ts';
import type { TrafficPath } from '../domain/strategies/traffic.ts';
import type { Ecs } from '../ports.ts';
import { type Clients, type Time, untilDeadline } from './clients.ts';
import { translated } from './faults.ts';
import type { Gates } from './gate.ts';
import { meaningOf } from './reasons.ts';
import { together } from './together.ts';

/** Limit of DescribeServiceDeployments and DescribeServiceRevisions. Source: ECS API reference. */
const ARNS_PER_CALL = 20;

/** How long a look waits for those of other services and apps, so that one call answers all of them, milliseconds. */
const TOGETHER = 50;

interface Place {
  readonly cluster: string;
  readonly name: string;
  /** Epoch milliseconds. */
  readonly since: number;
}

type Lookups = Pick<Ecs, 'serviceDeployments' | 'deploymentsNamed'>;

/** The lookups of one invocation. Those of all its apps share their calls. */
export function createServiceDeployments(client: Clients['ecs'], time: Time, gates: Gates): Lookups {
  const wait = () => time.sleep(TOGETHER);
  const described = together(ARNS_PER_CALL, wait, (arns) => describe(client, time, gates, arns));
  const definitions = together(ARNS_PER_CALL, wait, (arns) => definitionsOf(client, time, gates, arns));
  return {
    async serviceDeployments(cluster, name, since) {
      const arns = await list(client, time, gates, { cluster, name, since });
      const found = await described(arns);
      const ours = arns.flatMap((arn) => found.get(arn) ?? []);
      const revisions = ours.flatMap((one) => [
        one.targetServiceRevision?.arn,
        one.rollback?.serviceRevisionArn,
      ]);
      const known = await definitions([...new Set(revisions.flatMap((arn) => arn ?? []))]);
      const newestFirst = ours.toSorted((a, b) => timeOf(b.createdAt) - timeOf(a.createdAt));
      return Promise.all(newestFirst.map((one) => observedOf(one, known)));
    },

    async deploymentsNamed(arns) {
      const found = await described(arns);
      const named = new Map<string, ObservedServiceDeployment>();
      for (const arn of arns) {
        const one = found.get(arn);
        if (one) named.set(arn, await observedOf(one, new Map()));
      }
      return named;
    },
  };
}

async function list(
  client: Clients['ecs'],
  time: Time,
  gates: Gates,
  { cluster, name, since }: Place,
): Promise<readonly string[]> {
  const command = new ListServiceDeploymentsCommand({
    cluster,
    service: name,
    createdAt: { after: new Date(since) },
    maxResults: ARNS_PER_CALL,
  });
  // It draws on the same rate as DescribeServiceDeployments.
  const { serviceDeployments = [] } = await gates.read('DescribeServiceDeployments', () =>
    translated('ecs:ListServiceDeployments', () => client.send(command, untilDeadline(time))),
  );
  return serviceDeployments.flatMap(({ serviceDeploymentArn }) => serviceDeploymentArn ?? []);
}

/** Task definitions by the ARN of the service revision. */
async function definitionsOf(
  client: Clients['ecs'],
  time: Time,
  gates: Gates,
  arns: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const command = new DescribeServiceRevisionsCommand({ serviceRevisionArns: [...arns] });
  const { serviceRevisions = [] } = await gates.read('DescribeServiceRevisions', () =>
    translated('ecs:DescribeServiceRevisions', () => client.send(command, untilDeadline(time))),
  );
  return new Map(serviceRevisions.map((one) => [one.serviceRevisionArn ?? '', one.taskDefinition ?? '']));
}

/** The architecture that ECS runs a service in Express Mode on, where that is not the task definition's. */
export async function platformOverride(
  client: Clients['ecs'],
  time: Time,
  gates: Gates,
  service: Service,
): Promise<string | undefined> {
  const [newest] = await revisionsOf(client, time, gates, service);
  return newest?.overrides?.runtimePlatform?.cpuArchitecture;
}

/** The target groups between which deployments alternate, and those that the service's revisions serve from. */
export async function trafficPaths(
  client: Clients['ecs'],
  time: Time,
  gates: Gates,
  service: Service,
): Promise<readonly TrafficPath[]> {
  const balancers = (service.loadBalancers ?? []).flatMap(({ targetGroupArn, advancedConfiguration }) => {
    const { alternateTargetGroupArn, productionListenerRule } = advancedConfiguration ?? {};
    if (!targetGroupArn || !alternateTargetGroupArn || !productionListenerRule) return [];
    return [{ rule: productionListenerRule, groups: [targetGroupArn, alternateTargetGroupArn] }];
  });
  if (balancers.length === 0) return [];
  const revisions = await revisionsOf(client, time, gates, service);
  const resolved = revisions.flatMap(
    ({ resolvedConfiguration }) => resolvedConfiguration?.loadBalancers ?? [],
  );
  return balancers.flatMap(({ rule, groups }) => {
    const serves = groups.filter((group) => resolved.some(({ targetGroupArn }) => targetGroupArn === group));
    return serves.length === 0 ? [] : [{ rule, groups, serves }];
  });
}

/** What DescribeServices lists as current, newest first: two while a deployment is open, or was left as it was. */
async function revisionsOf(
  client: Clients['ecs'],
  time: Time,
  gates: Gates,
  { currentServiceRevisions = [] }: Service,
): Promise<readonly ServiceRevision[]> {
  const serviceRevisionArns = currentServiceRevisions.flatMap(({ arn }) => arn ?? []);
  if (serviceRevisionArns.length === 0) return [];
  const command = new DescribeServiceRevisionsCommand({ serviceRevisionArns });
  const { serviceRevisions = [] } = await gates.read('DescribeServiceRevisions', () =>
    translated('ecs:DescribeServiceRevisions', () => client.send(command, untilDeadline(time))),
  );
  return serviceRevisions.toSorted((a, b) => timeOf(b.createdAt) - timeOf(a.createdAt));
}

function timeOf(date: Date | undefined): number {
  return date?.getTime() ?? 0;
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

/** By ARN. */
async function describe(
  client: Clients['ecs'],
  time: Time,
  gates: Gates,
  arns: readonly string[],
): Promise<ReadonlyMap<string, ServiceDeployment>> {
  const command = new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [...arns] });
  const { serviceDeployments = [] } = await gates.read('DescribeServiceDeployments', () =>
    translated('ecs:DescribeServiceDeployments', () => client.send(command, untilDeadline(time))),
  );
  return new Map(serviceDeployments.map((one) => [one.serviceDeploymentArn ?? '', one]));
}

async function observedOf(
  one: ServiceDeployment,
  definitions: ReadonlyMap<string, string>,
): Promise<ObservedServiceDeployment> {
  const { status = 'UNKNOWN', statusReason, rollback, deploymentCircuitBreaker, alarms } = one;
  const words = [...new Set([statusReason, rollback?.reason])].flatMap((text) => text ?? []);
  const service = one.serviceArn?.split('/').at(-1) ?? '';
  const { requestedProductionTrafficWeight, requestedTestTrafficWeight, runningTaskCount } =
    one.targetServiceRevision ?? {};
  return {
    arn: one.serviceDeploymentArn ?? '',
    taskDefinition: definitions.get(one.targetServiceRevision?.arn ?? '') ?? '',
    status,
    words,
    ...(await meaningOf(service, words)),
    breaker: deploymentCircuitBreaker?.status === 'TRIGGERED',
    alarms: alarms?.status === 'TRIGGERED' ? (alarms.triggeredAlarmNames ?? alarms.alarmNames ?? []) : [],
    watched: [deploymentCircuitBreaker?.status, alarms?.status].includes('MONITORING'),
    hooks: (one.lifecycleHookDetails ?? []).map(observedHook),
    ...defined({
      returnedTo: definitions.get(rollback?.serviceRevisionArn ?? ''),
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
