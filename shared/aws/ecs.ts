import { DescribeServicesCommand, type Service, type Task, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { TARGET_HEALTH } from '../domain/diagnosis/weight.ts';
import type { ObservedService } from '../domain/observations.ts';
import { shiftsTraffic } from '../domain/strategies/shifting.ts';
import { causesOfEcs } from '../later.ts';
import { AwsFault, type Ecs, type Pacing, type StartedDeployment } from '../ports.ts';
import { type Clients, type Time, untilDeadline } from './clients.ts';
import { translated } from './faults.ts';
import { createGates, type Gates } from './gate.ts';
import { networkAndCapacityOf } from './networkAndCapacity.ts';
import { missingService, observedService, strategyOf } from './observations.ts';
import { BELOW_RETRIES, sendOnce } from './once.ts';
import { BEFORE_SENDING, replaceBody } from './rawJson.ts';
import { runningDigests } from './runningDigests.ts';
import {
  answerPause,
  createServiceDeployments,
  platformOverride,
  stopDeployment,
  trafficPaths,
} from './serviceDeployments.ts';
import { createTaskDefinitions } from './taskDefinitions.ts';
import { createTasks } from './tasks.ts';

/** Limit of DescribeServices. Source: ECS API reference. */
const SERVICES_PER_CALL = 10;
/** How long a task without a health check must run to be considered healthy. */
const SETTLED = 60_000;
/**
 * The ECS port, with the SDK. Lives for one invocation.
 * `persists`: waits for ECS's rates even if other invocations use them up.
 */
export function createEcs(clients: Pick<Clients, 'ecs'>, time: Time, persists = false): Ecs & Pacing {
  const client = clients.ecs;
  const gates = createGates(time, persists);
  const taskDefinitions = createTaskDefinitions(client, time, gates);
  const { running, stopped, ...tasks } = createTasks(client, time, gates, taskDefinitions.taskDefinition);
  const read: Services = { client, time, seen: new Map() };

  return {
    ...taskDefinitions,
    ...tasks,
    ...createServiceDeployments(client, time, gates),
    services: (cluster, names) => services(read, cluster, names),

    async networkAndCapacity(cluster, name) {
      return networkAndCapacityOf(await service(read, cluster, name));
    },

    async platformOverride(cluster, name) {
      const seen = await service(read, cluster, name);
      return seen?.resourceManagementType === 'ECS' ? platformOverride(client, time, gates, seen) : undefined;
    },

    async traffic(cluster, name) {
      const seen = await service(read, cluster, name);
      const shifts = seen !== undefined && shiftsTraffic({ strategy: strategyOf(seen) });
      return shifts ? trafficPaths(client, time, gates, seen) : [];
    },

    pace: gates.pace,
    update: update(read, gates),
    stopDeployment: (arn) => stopDeployment(client, time, arn),
    answerPause: (...given) => answerPause(client, time, given),

    async countHealthy(cluster, deploymentId) {
      const tasks = await running(cluster, deploymentId);
      const healthy = tasks.filter((task) => isHealthy(task, time.now()));
      return { running: tasks.length, healthy: healthy.length };
    },

    async firstCause(cluster, name, deploymentId) {
      const { causeOfDeployment } = await causesOfEcs();
      const tasks = await stopped(cluster, deploymentId);
      return causeOfDeployment(tasks, deploymentId, time.now(), () => service(read, cluster, name));
    },

    async targetHealth(cluster, name, cause, since) {
      if (cause.kind !== TARGET_HEALTH) return cause;
      const { targetHealth } = await causesOfEcs();
      return targetHealth(await service(read, cluster, name), name, cause, since);
    },

    async troubleOf(cluster, name, since) {
      const { troubleOf } = await causesOfEcs();
      return troubleOf(await service(read, cluster, name), name, since);
    },

    async runningDigests(cluster, name) {
      return runningDigests(client, time, await service(read, cluster, name), (id) => running(cluster, id));
    },
  };
}

function isHealthy({ startedAt, healthStatus }: Task, now: number): boolean {
  const settled = (startedAt?.getTime() ?? now) <= now - SETTLED;
  return healthStatus === 'HEALTHY' || (healthStatus !== 'UNHEALTHY' && settled);
}

interface Services {
  readonly client: Clients['ecs'];
  readonly time: Time;
  /** Services that were read, by cluster and name. */
  readonly seen: Map<string, Service>;
}

async function services(
  read: Services,
  cluster: string,
  names: readonly string[],
): Promise<readonly ObservedService[]> {
  const observations: ObservedService[] = [];
  for (let from = 0; from < names.length; from += SERVICES_PER_CALL) {
    const batch = names.slice(from, from + SERVICES_PER_CALL);
    const answer = await translated('ecs:DescribeServices', () =>
      read.client.send(
        new DescribeServicesCommand({ cluster, services: batch, include: ['TAGS'] }),
        untilDeadline(read.time),
      ),
    );
    for (const name of batch) {
      const service = answer.services?.find((other) => other.serviceName === name);
      if (service) read.seen.set(`${cluster}/${name}`, service);
      observations.push(service ? await observedService(name, service) : missingService(name));
    }
  }
  return observations;
}

async function service(read: Services, cluster: string, name: string): Promise<Service | undefined> {
  if (!read.seen.has(`${cluster}/${name}`)) await services(read, cluster, [name]);
  return read.seen.get(`${cluster}/${name}`);
}

function update(read: Services, gates: Gates): Ecs['update'] {
  return async (cluster, name, revision, settings) => {
    const input = { cluster, service: name, taskDefinition: revision };
    const command = new UpdateServiceCommand(input);
    if (settings !== undefined)
      command.middlewareStack.add(replaceBody({ ...Object(JSON.parse(settings)), ...input }), BEFORE_SENDING);
    command.middlewareStack.add(sendOnce('ecs:UpdateService'), BELOW_RETRIES);
    const answer = await gates.pass('UpdateService', () =>
      translated('ecs:UpdateService', () => read.client.send(command, untilDeadline(read.time))),
    );
    return startedOf(answer.service, revision);
  };
}

/**
 * The PRIMARY deployment. ECS does not say what it lists while traffic shifts: what has another revision is not ours, and
 * the service deployment takes its place.
 */
function startedOf(service: Service | undefined, revision: string): StartedDeployment {
  const { deployments = [], currentServiceDeployment } = service ?? {};
  const primary = deployments.find(({ status }) => status === 'PRIMARY');
  const isShift = service !== undefined && shiftsTraffic({ strategy: strategyOf(service) });
  const isOurs = !isShift || primary?.taskDefinition === revision;
  const deploymentId = (isOurs ? primary?.id : undefined) ?? (isShift ? currentServiceDeployment : undefined);
  if (deploymentId === undefined)
    throw new AwsFault('NoPrimary', 'ecs:UpdateService answered without a PRIMARY deployment', true);
  const createdAt = isOurs ? primary?.createdAt?.getTime() : undefined;
  return { deploymentId, ...(createdAt === undefined ? {} : { createdAt }) };
}
