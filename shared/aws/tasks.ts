import {
  DescribeTasksCommand,
  ListTasksCommand,
  RunTaskCommand,
  type RunTaskCommandOutput,
  StopTaskCommand,
  type StopTaskCommandInput,
  type Task,
} from '@aws-sdk/client-ecs';
import type { ObservedTask } from '../domain/observations.ts';
import { essentialByName } from '../domain/revision.ts';
import { AwsFault, type Ecs, type RunTaskInput } from '../ports.ts';
import { orAgain } from '../repeating.ts';
import { type Clients, type Time, untilDeadline } from './clients.ts';
import { translated } from './faults.ts';
import type { Gates } from './gate.ts';
import { capacityInput, launchInput, networkInput, overridesInput } from './networkAndCapacity.ts';
import { observedTask, stoppedTask } from './observations.ts';
import { BELOW_RETRIES, sendOnce } from './once.ts';

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
  gates: Gates,
  taskDefinition: Ecs['taskDefinition'],
): Tasks {
  const ecs: EcsTasks = { client, time, gates, taskDefinition };
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
        observations.push(await observedTask(id, task, await essentialsOf(ecs, task)));
      }
      return observations;
    },

    async tasksStartedBy(cluster, startedBy) {
      const running = await tasksOf(ecs, cluster, startedBy, 'RUNNING');
      const stopped = await tasksOf(ecs, cluster, startedBy, 'STOPPED');
      // A task that stopped between the two calls is in both.
      const byArn = new Map([...running, ...stopped].map((task) => [task.taskArn ?? '', task]));
      return Promise.all([...byArn].map(([taskArn, task]) => observedTask(taskArn, task)));
    },

    async stop(cluster, taskArn, reason) {
      const send = () => stopTask(ecs, { cluster, task: taskArn, reason });
      await orAgain(send, send);
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
  readonly gates: Gates;
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
  // The token makes ECS answer a repeat with the tasks of the first call.
  const send = () => sendRunTask(ecs, input);
  const answer = await orAgain(send, send);
  const taskArns = (answer.tasks ?? []).flatMap(({ taskArn }) => taskArn ?? []);
  if (taskArns.length >= (input.count ?? 1)) return { taskArns };
  const [failure] = answer.failures ?? [];
  const words = [failure?.reason, failure?.detail].filter(Boolean).join(': ');
  return { taskArns, failure: words || 'ECS started too few tasks and gave no reason' };
}

function sendRunTask(ecs: EcsTasks, input: RunTaskInput): Promise<RunTaskCommandOutput> {
  const command = new RunTaskCommand({
    cluster: input.cluster,
    taskDefinition: input.taskDefinition,
    clientToken: input.clientToken,
    startedBy: input.startedBy,
    count: input.count ?? 1,
    ...overridesInput(input),
    ...networkInput(input.network),
    ...capacityInput(input.capacity),
    ...launchInput(input.launch),
  });
  command.middlewareStack.add(sendOnce('ecs:RunTask'), BELOW_RETRIES);
  return ecs.gates.pass('RunTask', () =>
    translated('ecs:RunTask', () => ecs.client.send(command, untilDeadline(ecs.time))),
  );
}

function stopTask(ecs: EcsTasks, input: StopTaskCommandInput): Promise<unknown> {
  const command = new StopTaskCommand(input);
  command.middlewareStack.add(sendOnce('ecs:StopTask'), BELOW_RETRIES);
  return ecs.gates.pass('StopTask', () =>
    translated('ecs:StopTask', () => ecs.client.send(command, untilDeadline(ecs.time))),
  );
}

/** `name`: an ID or an ARN. */
function isNamed({ taskArn }: Task, name: string): boolean {
  return taskArn === name || taskArn?.endsWith(`/${name}`) === true;
}
