import type { Json, ServiceApi } from '../contract.ts';
import type { Context, Task } from './model.ts';
import { arnOf, clusterOf, findDefinition, taskOf } from './names.ts';
import { invalid, page, required, text, texts } from './read.ts';
import { runTask } from './runTask.ts';
import { beginStop } from './stopping.ts';
import { taskView } from './taskViews.ts';

export function taskOperations(ctx: Context): ServiceApi['operations'] {
  return {
    RunTask: (input) => runTask(ctx, input),

    StopTask(input) {
      const cluster = clusterOf(ctx, input);
      const task = taskOf(cluster, required(input, 'task'));
      if (!task) throw invalid('The referenced task was not found.');
      if (task.desiredStatus === 'RUNNING') {
        beginStop(ctx, task, {
          stopCode: 'UserInitiated',
          reason: text(input, 'reason') ?? 'Task stopped by user',
        });
      }
      return { task: taskView(task) };
    },

    DescribeTasks(input) {
      const cluster = clusterOf(ctx, input);
      const references = texts(input, 'tasks');
      if (references.length === 0) throw invalid('Tasks cannot be empty.');
      if (references.length > 100) throw invalid('Tasks cannot have more than 100 elements.');
      const tags = texts(input, 'include').includes('TAGS');
      const found: Json[] = [];
      const failures: Json[] = [];
      for (const reference of references) {
        const task = taskOf(cluster, reference);
        if (task) found.push(taskView(task, { tags }));
        else
          failures.push({
            arn: reference.startsWith('arn:') ? reference : arnOf(ctx, `task/${cluster.name}/${reference}`),
            reason: 'MISSING',
          });
      }
      return { tasks: found, failures };
    },

    ListTasks(input) {
      const cluster = clusterOf(ctx, input);
      const startedBy = text(input, 'startedBy');
      const service = text(input, 'serviceName');
      const family = text(input, 'family');
      if (startedBy !== undefined && (service !== undefined || family !== undefined)) {
        throw invalid('startedBy cannot be combined with other filters.');
      }
      const desired = text(input, 'desiredStatus') ?? 'RUNNING';
      const name = service?.slice(service.lastIndexOf('/') + 1);
      const arns = [...cluster.tasks.values()]
        .filter((task) => task.desiredStatus === desired && matches(task, startedBy, name, family))
        .map(({ arn }) => arn);
      const { items, next } = page(arns, input, { usual: 100, most: 100 });
      return { taskArns: items, ...next };
    },

    ListTaskDefinitionFamilies(input) {
      const prefix = text(input, 'familyPrefix') ?? '';
      const families = [...ctx.families.keys()]
        .filter((family) => family.startsWith(prefix) && findDefinition(ctx, family))
        .sort();
      const { items, next } = page(families, input, { usual: 100, most: 100 });
      return { families: items, ...next };
    },
  };
}

function matches(
  task: Task,
  startedBy: string | undefined,
  service: string | undefined,
  family: string | undefined,
): boolean {
  if (startedBy !== undefined && task.startedBy !== startedBy) return false;
  if (service !== undefined && task.group !== `service:${service}`) return false;
  return family === undefined || task.definition.family === family;
}
