import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  type ECSClient,
  ListTasksCommand,
  type Task,
} from '@aws-sdk/client-ecs';
import type { Snapshot, TaskSeen } from './chapter.ts';

/** Reads a service and every task of its cluster, as any client of ECS does. */
export async function look(ecs: ECSClient, cluster: string, service: string, now: number): Promise<Snapshot> {
  const described = await ecs.send(new DescribeServicesCommand({ cluster, services: [service] }));
  const seen = described.services?.[0];
  if (seen === undefined)
    throw new Error(`the local cloud has no service "${service}" in the cluster "${cluster}"`);
  return {
    now,
    desired: seen.desiredCount ?? 0,
    deployments: (seen.deployments ?? []).map((deployment) => ({
      primary: deployment.status === 'PRIMARY',
      revision: revisionName(deployment.taskDefinition),
      completed: deployment.rolloutState === 'COMPLETED',
    })),
    tasks: await tasksOf(ecs, cluster),
  };
}

async function tasksOf(ecs: ECSClient, cluster: string): Promise<TaskSeen[]> {
  const arns = [...(await list(ecs, cluster, 'RUNNING')), ...(await list(ecs, cluster, 'STOPPED'))];
  const tasks: TaskSeen[] = [];
  // DescribeTasks takes at most 100.
  for (let start = 0; start < arns.length; start += 100) {
    const answer = await ecs.send(
      new DescribeTasksCommand({ cluster, tasks: arns.slice(start, start + 100) }),
    );
    tasks.push(...(answer.tasks ?? []).map(taskSeen));
  }
  return tasks.sort((a, b) => a.createdAt - b.createdAt);
}

async function list(
  ecs: ECSClient,
  cluster: string,
  desiredStatus: 'RUNNING' | 'STOPPED',
): Promise<string[]> {
  const arns: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await ecs.send(
      new ListTasksCommand({ cluster, desiredStatus, ...(nextToken === undefined ? {} : { nextToken }) }),
    );
    arns.push(...(page.taskArns ?? []));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return arns;
}

function taskSeen(task: Task): TaskSeen {
  const codes = (task.containers ?? []).flatMap(({ name, exitCode }): [string, number][] =>
    name === undefined || exitCode === undefined ? [] : [[name, exitCode]],
  );
  return {
    arn: task.taskArn ?? '',
    group: task.group ?? '',
    revision: revisionName(task.taskDefinitionArn),
    createdAt: task.createdAt?.getTime() ?? 0,
    ...(task.stoppedAt === undefined ? {} : { stoppedAt: task.stoppedAt.getTime() }),
    lastStatus: task.lastStatus ?? '',
    desiredStatus: task.desiredStatus ?? '',
    healthy: task.healthStatus === 'HEALTHY',
    ...(task.stopCode === undefined ? {} : { stopCode: task.stopCode }),
    exitCodes: Object.fromEntries(codes),
  };
}

/** `family:number` of a task definition's ARN. */
function revisionName(arn: string | undefined): string {
  return arn?.split('/').at(-1) ?? '';
}
