import {
  CreateServiceCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import { CLUSTER } from './scenarios.ts';

/** What ECS knows of a deployment of the new image. Epoch milliseconds of the local cloud's clock. */
export interface Rollout {
  /** When UpdateService was called. */
  readonly updatedAt?: number;
  /** When ECS ended it, or had rolled it back. */
  readonly finishedAt?: number;
  /** When the first of its tasks stopped. */
  readonly firstStopAt?: number;
  /** Whether all tasks run, and on the image from before. */
  readonly rolledBack: boolean;
}

/** The local cloud, read through ECS and the control endpoint. */
export function observerOf(url: string) {
  const client = new ECSClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIDLOCAL', secretAccessKey: 'local' },
  });

  async function control<Answer>(path: string, body?: object): Promise<Answer> {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const response = await fetch(`${url}/_local/${path}`, init);
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${text}`);
    return JSON.parse(text);
  }

  return {
    control,
    describe: (service: string) => describe(client, service),
    runs: (service: string) => runs(client, service),
    /** The local cloud's clock, epoch milliseconds. */
    async now(): Promise<number> {
      return Date.parse((await control<{ now: string }>('clock')).now);
    },
    taskDefinition: (reference: string | undefined) => taskDefinition(client, reference),
    copy: copy(client),
    rollout: rollout(client),
  };
}

async function describe(client: ECSClient, service: string) {
  const { services } = await client.send(
    new DescribeServicesCommand({ cluster: CLUSTER, services: [service] }),
  );
  const [found] = services ?? [];
  if (!found) throw new Error(`${service} is missing`);
  return found;
}

async function taskDefinition(client: ECSClient, reference: string | undefined) {
  const answer = await client.send(new DescribeTaskDefinitionCommand({ taskDefinition: reference }));
  if (!answer.taskDefinition) throw new Error(`${reference} is missing`);
  return answer.taskDefinition;
}

/** The same service once more, under another name and in a separate family. */
function copy(client: ECSClient): (from: string, name: string) => Promise<void> {
  return async (from: string, name: string) => {
    const model = await describe(client, from);
    const { containerDefinitions, cpu, memory, networkMode, requiresCompatibilities, executionRoleArn } =
      await taskDefinition(client, model.taskDefinition);
    const rest = { containerDefinitions, cpu, memory, networkMode, requiresCompatibilities };
    await client.send(new RegisterTaskDefinitionCommand({ family: name, executionRoleArn, ...rest }));
    await client.send(
      new CreateServiceCommand({
        cluster: CLUSTER,
        serviceName: name,
        taskDefinition: name,
        desiredCount: model.desiredCount,
        launchType: 'FARGATE',
        networkConfiguration: model.networkConfiguration,
        loadBalancers: model.loadBalancers,
        healthCheckGracePeriodSeconds: model.healthCheckGracePeriodSeconds,
        deploymentConfiguration: model.deploymentConfiguration,
      }),
    );
  };
}

/** `before`: the digest that the service ran before. */
function rollout(client: ECSClient): (service: string, before: string, since: number) => Promise<Rollout> {
  return async (service: string, before: string, since: number) => {
    const { serviceDeployments = [] } = await client.send(
      new ListServiceDeploymentsCommand({ cluster: CLUSTER, service }),
    );
    const first = serviceDeployments
      .filter(({ createdAt }) => (createdAt?.getTime() ?? 0) >= since)
      .toSorted((a, b) => Number(a.createdAt) - Number(b.createdAt))[0];
    const described = first?.serviceDeploymentArn
      ? await client.send(
          new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [first.serviceDeploymentArn] }),
        )
      : undefined;
    const [deployment] = described?.serviceDeployments ?? [];
    const now = await describe(client, service);
    const updatedAt = deployment?.createdAt?.getTime();
    const finishedAt = deployment?.finishedAt?.getTime();
    const firstStopAt = await firstStop(client, service, since);
    return {
      ...(updatedAt === undefined ? {} : { updatedAt }),
      ...(finishedAt === undefined ? {} : { finishedAt }),
      ...(firstStopAt === undefined ? {} : { firstStopAt }),
      rolledBack:
        now.runningCount === now.desiredCount &&
        now.deployments?.length === 1 &&
        (await runs(client, service)) === before,
    };
  };
}

/** Of the tasks that stopped on their own: those that were scaled in do not count. */
async function firstStop(client: ECSClient, serviceName: string, since: number): Promise<number | undefined> {
  const tasks = await tasksOf(client, serviceName, 'STOPPED');
  const times = tasks
    .filter(({ stopCode }) => stopCode === 'EssentialContainerExited' || stopCode === 'TaskFailedToStart')
    .map(({ stoppingAt, stoppedAt }) => (stoppingAt ?? stoppedAt)?.getTime() ?? 0)
    .filter((time) => time >= since);
  return times.length === 0 ? undefined : Math.min(...times);
}

/** The digests that its tasks run; one, once a deployment has ended. */
async function runs(client: ECSClient, serviceName: string): Promise<string> {
  const tasks = await tasksOf(client, serviceName, 'RUNNING');
  return [...new Set(tasks.map(({ containers }) => containers?.[0]?.imageDigest))].join(' ');
}

async function tasksOf(client: ECSClient, serviceName: string, desiredStatus: 'RUNNING' | 'STOPPED') {
  const { taskArns: tasks = [] } = await client.send(
    new ListTasksCommand({ cluster: CLUSTER, serviceName, desiredStatus }),
  );
  if (tasks.length === 0) return [];
  return (await client.send(new DescribeTasksCommand({ cluster: CLUSTER, tasks }))).tasks ?? [];
}

export type Observer = ReturnType<typeof observerOf>;
