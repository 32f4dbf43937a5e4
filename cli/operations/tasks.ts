import type { App } from '../../shared/domain/app.ts';
import { revisionName } from '../../shared/domain/revision.ts';
import { type JsonObject, listAt, objectsAt, textAt } from '../../shared/infrastructure/json.ts';
import type { Aws } from '../../shared/infrastructure/kind.ts';
import { batches } from '../../shared/infrastructure/reading.ts';

/** Tasks of an app's services, as ECS describes them. */

export interface RunningTask {
  readonly id: string;
  readonly arn: string;
  readonly service: string;
  /** "web-app:11" */
  readonly revision: string;
  readonly status: string;
  /** "healthy", "unhealthy", or "unknown" where no container has a health check. */
  readonly health: string;
  /** Epoch milliseconds; absent: it has not started yet. */
  readonly startedAt?: number;
  readonly zone?: string;
  /** Capacity provider or launch type. */
  readonly capacity: string;
  /** Whether ECS Exec can reach it. */
  readonly exec: boolean;
  /** Digests of its images, by container. */
  readonly images: Readonly<Record<string, string>>;
}

export const TASK_CALLS = ['ecs:ListTasks', 'ecs:DescribeTasks'];

/** DescribeTasks takes 100. Source: ECS API reference. */
const MOST_DESCRIBED = 100;

/** Tasks that run or are starting, oldest first in each service. */
export async function readTasks({ cluster, services }: App, aws: Aws): Promise<readonly RunningTask[]> {
  const byService = await Promise.all(
    services.map(async ({ name }) => {
      const arns = await taskArns(cluster, name, aws);
      const answers = await Promise.all(
        batches(arns, MOST_DESCRIBED).map((tasks) => aws('ecs', 'DescribeTasks', { cluster, tasks })),
      );
      const tasks = answers.flatMap((answer) => objectsAt(answer, 'tasks'));
      return tasks.map((task) => taskOf(task, name)).toSorted(oldestFirst);
    }),
  );
  return byService.flat();
}

async function taskArns(cluster: string, serviceName: string, aws: Aws): Promise<readonly string[]> {
  const arns: string[] = [];
  let nextToken: string | undefined;
  do {
    const answer = await aws('ecs', 'ListTasks', { cluster, serviceName, ...(nextToken && { nextToken }) });
    arns.push(...listAt(answer, 'taskArns').map(String));
    nextToken = textAt(answer, 'nextToken');
  } while (nextToken !== undefined);
  return arns;
}

function taskOf(task: JsonObject, service: string): RunningTask {
  const arn = textAt(task, 'taskArn') ?? '';
  const zone = textAt(task, 'availabilityZone');
  const containers = objectsAt(task, 'containers');
  return {
    id: arn.slice(arn.lastIndexOf('/') + 1),
    arn,
    service,
    revision: revisionName(textAt(task, 'taskDefinitionArn') ?? ''),
    status: (textAt(task, 'lastStatus') ?? 'unknown').toLowerCase(),
    health: (textAt(task, 'healthStatus') ?? 'unknown').toLowerCase(),
    ...(typeof task.startedAt === 'number' ? { startedAt: Math.round(task.startedAt * 1000) } : {}),
    ...(zone === undefined ? {} : { zone }),
    capacity: textAt(task, 'capacityProviderName') ?? textAt(task, 'launchType') ?? 'unknown',
    exec: task.enableExecuteCommand === true,
    images: Object.fromEntries(
      containers.flatMap((container) => {
        const digest = textAt(container, 'imageDigest');
        return digest === undefined ? [] : [[textAt(container, 'name') ?? '', digest]];
      }),
    ),
  };
}

/** One that has not started is the newest. */
function oldestFirst(a: RunningTask, b: RunningTask): number {
  const [first, second] = [a, b].map(({ startedAt }) => startedAt ?? Number.MAX_SAFE_INTEGER);
  return (first ?? 0) - (second ?? 0) || (a.id < b.id ? -1 : 1);
}
