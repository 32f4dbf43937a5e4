import {
  DescribeTasksCommand,
  ListTasksCommand,
  RunTaskCommand,
  StopTaskCommand,
  type Task,
} from '@aws-sdk/client-ecs';
import type { ObservedTask } from '../domain/observations.ts';
import { essentialByName } from '../domain/revision.ts';
import { AwsFault, type Ecs, type RunTaskInput } from '../ports.ts';
import { type Clients, type Time, untilDeadline } from './clients.ts';
import { translated } from './faults.ts';
import { capacityInput, launchInput, networkInput, overridesInput } from './networkAndCapacity.ts';
import { observedTask, stoppedTask } from './observations.ts';

/** Limit of DescribeTasks, IDs or ARNs. Source: ECS API reference. */
const TASKS_PER_CALL = 100;

type StoppedTask = ReturnType<typeof stoppedTask> & { readonly taskArn: string };

interface Tasks extends Pick<Ecs, 'run' | 'task' | 'tasks' | 'tasksStartedBy' | 'stop'> {
  /** The running tasks of a deployment. */
  running(cluster: string, deploymentId: string): Promise<readonly Task[]>;
  /** The recently stopped tasks of a deployment: ECS keeps them for about an hour. */
  stopped(cluster: string, deploymentId: string): Promise<readonly StoppedTask[]>;
}

/** The part of the ECS port for tasks. */
export function createTasks(
  client: Clients['ecs'],
  time: Time,
  taskDefinition: Ecs['taskDefinition'],
): Tasks {
  const ecs: EcsTasks = { client, time, taskDefinition };
  return {
    run: (input) => runTask(ecs, input),

    async task(cluster, taskArn) {
      const [task] = await describe(ecs, cluster, [taskArn]);
      return observedTask(taskArn, task, await essentialsOf(ecs, task));
    },

    async tasks(cluster, ids) {
      const described = await describe(ecs, cluster, ids);
      const observations: ObservedTask[] = [];
      for (const id of ids) {
        const task = described.find((one) => isNamed(one, id));
        observations.push(observedTask(id, task, await essentialsOf(ecs, task)));
      }
      return observations;
    },

    async tasksStartedBy(cluster, startedBy) {
      const running = await tasksOf(ecs, cluster, startedBy, 'RUNNING');
      const stopped = await tasksOf(ecs, cluster, startedBy, 'STOPPED');
      // A task that stopped between the two calls is in both.
      const byArn = new Map([...running, ...stopped].map((task) => [task.taskArn ?? '', task]));
      return [...byArn].map(([taskArn, task]) => observedTask(taskArn, task));
    },

    async stop(cluster, taskArn, reason) {
      await translated('ecs:StopTask', () =>
        client.send(new StopTaskCommand({ cluster, task: taskArn, reason }), untilDeadline(time)),
      );
    },

    async running(cluster, deploymentId) {
      const tasks = await tasksOf(ecs, cluster, deploymentId, 'RUNNING');
      return tasks.filter((task) => task.lastStatus === 'RUNNING');
    },

    async stopped(cluster, deploymentId) {
      const stopped: StoppedTask[] = [];
      for (const task of await tasksOf(ecs, cluster, deploymentId, 'STOPPED'))
        stopped.push({ ...stoppedTask(task, await essentialsOf(ecs, task)), taskArn: task.taskArn ?? '' });
      return stopped;
    },
  };
}

interface EcsTasks {
  readonly client: Clients['ecs'];
  readonly time: Time;
  readonly taskDefinition: Ecs['taskDefinition'];
}

async function describe(ecs: EcsTasks, cluster: string, ids: readonly string[]): Promise<readonly Task[]> {
  const found: Task[] = [];
  for (let from = 0; from < ids.length; from += TASKS_PER_CALL) {
    const tasks = ids.slice(from, from + TASKS_PER_CALL);
    const answer = await translated('ecs:DescribeTasks', () =>
      ecs.client.send(new DescribeTasksCommand({ cluster, tasks }), untilDeadline(ecs.time)),
    );
    found.push(...(answer.tasks ?? []));
  }
  return found;
}

async function tasksOf(
  ecs: EcsTasks,
  cluster: string,
  startedBy: string,
  desiredStatus: 'RUNNING' | 'STOPPED',
): Promise<readonly Task[]> {
  const found: Task[] = [];
  let nextToken: string | undefined;
  do {
    const command = new ListTasksCommand({ cluster, startedBy, desiredStatus, nextToken });
    const page = await translated('ecs:ListTasks', () => ecs.client.send(command, untilDeadline(ecs.time)));
    found.push(...(await describe(ecs, cluster, page.taskArns ?? [])));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return found;
}

/**
 * Which containers are essential. Read only if one of several containers failed: a sidecar that is not essential can
 * exit with any code. Undefined if it cannot be read.
 */
async function essentialsOf(
  ecs: EcsTasks,
  task: Task | undefined,
): Promise<ReadonlyMap<string, boolean> | undefined> {
  const { containers = [], taskDefinitionArn } = task ?? {};
  const isWrong = containers.some(({ exitCode }) => exitCode !== undefined && exitCode !== 0);
  if (taskDefinitionArn === undefined || containers.length < 2 || !isWrong) return undefined;
  try {
    return essentialByName((await ecs.taskDefinition(taskDefinitionArn)).taskDefinition);
  } catch (error) {
    if (error instanceof AwsFault) return undefined;
    throw error;
  }
}

async function runTask(
  ecs: EcsTasks,
  input: RunTaskInput,
): Promise<{ taskArns: readonly string[]; failure?: string }> {
  const answer = await translated('ecs:RunTask', () =>
    ecs.client.send(
      new RunTaskCommand({
        cluster: input.cluster,
        taskDefinition: input.taskDefinition,
        clientToken: input.clientToken,
        startedBy: input.startedBy,
        count: input.count ?? 1,
        ...overridesInput(input),
        ...networkInput(input.network),
        ...capacityInput(input.capacity),
        ...launchInput(input.launch),
      }),
      untilDeadline(ecs.time),
    ),
  );
  const taskArns = (answer.tasks ?? []).flatMap(({ taskArn }) => taskArn ?? []);
  if (taskArns.length >= (input.count ?? 1)) return { taskArns };
  const [failure] = answer.failures ?? [];
  const words = [failure?.reason, failure?.detail].filter(Boolean).join(': ');
  return { taskArns, failure: words || 'ECS started too few tasks and gave no reason' };
}

/** `name`: an ID or an ARN. */
function isNamed({ taskArn }: Task, name: string): boolean {
  return taskArn === name || taskArn?.endsWith(`/${name}`) === true;
}
