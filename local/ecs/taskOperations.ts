import { AwsError, type Json, type JsonObject, type ServiceApi } from '../contract.ts';
import type { Tag, TaskDefinition } from './definition.ts';
import { checkGivenVolumes, checkLaunch } from './launchRules.ts';
import type { Cluster, Context, Task } from './model.ts';
import { arnOf, clusterOf, findDefinition, mergeTags, tagsOf, taskOf, usableDefinition } from './names.ts';
import {
  flag,
  invalid,
  number,
  object,
  objects,
  oneOf,
  page,
  required,
  stableText,
  text,
  texts,
} from './read.ts';
import { whereOf } from './serviceLaunch.ts';
import { beginStop } from './stopping.ts';
import { launchTask } from './tasks.ts';
import { taskView } from './taskViews.ts';

const DAY = 24 * 3_600_000;
/** Characters of JSON. Source: ECS API reference, TaskOverride; the error is that of RunTask. */
const LONGEST_OVERRIDES = 8_192;

export function taskOperations(ctx: Context): ServiceApi['operations'] {
  return {
    RunTask(input) {
      const cluster = clusterOf(ctx, input);
      const definition = usableDefinition(
        ctx,
        required(input, 'taskDefinition'),
        'InvalidParameterException',
      );
      const where = whereOf(ctx, input, definition, cluster);
      checkGivenVolumes(input, definition);
      checkLaunch(input, definition);
      const count = number(input, 'count') ?? 1;
      if (count < 1 || count > 10) throw invalid('Count must be between 1 and 10.');
      const overrides = object(input, 'overrides') ?? {};
      if (JSON.stringify(overrides).length > LONGEST_OVERRIDES)
        throw invalid(`Container Overrides length must be at most ${LONGEST_OVERRIDES}`);
      const known = definition.containers.map(({ name }) => name);
      const stranger = objects(overrides, 'containerOverrides').find(
        (each) => !known.includes(text(each, 'name') ?? ''),
      );
      if (stranger)
        throw invalid(
          'Override for container named ' +
            `${text(stranger, 'name') ?? ''} is not a container in the TaskDefinition.`,
        );

      const token = text(input, 'clientToken');
      const { clientToken: _, ...rest } = input;
      const parameters = stableText(rest);
      const before = token === undefined ? undefined : cluster.tokens.get(token);
      if (before && ctx.clock.now() - before.at < DAY) {
        if (before.parameters === parameters) return started(before.tasks);
        throw new AwsError('ConflictException', 'The clientToken was used with other parameters.', 400, {
          resourceIds: before.tasks.map(({ arn }) => arn),
        });
      }
      const tags = taskTags(input, definition, cluster);
      const startedBy = text(input, 'startedBy');
      const tasks = Array.from({ length: count }, () =>
        launchTask(ctx, {
          ...where,
          cluster,
          definition,
          group: text(input, 'group') ?? `family:${definition.family}`,
          overrides,
          tags,
          enableExecuteCommand: input.enableExecuteCommand === true,
          ...(startedBy === undefined ? {} : { startedBy }),
        }),
      );
      if (token !== undefined) cluster.tokens.set(token, { parameters, at: ctx.clock.now(), tasks });
      return started(tasks);
    },

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

function started(tasks: readonly Task[]): Json {
  return { tasks: tasks.map((task) => taskView(task, { tags: true })), failures: [] };
}

/** AWS API: RunTask, propagateTags. There is no service to copy tags from. */
function taskTags(input: JsonObject, definition: TaskDefinition, cluster: Cluster): readonly Tag[] {
  const propagated = oneOf(text(input, 'propagateTags') ?? 'NONE', ['TASK_DEFINITION', 'NONE']);
  const own = mergeTags(propagated === 'NONE' ? [] : definition.tags, tagsOf(input));
  if (flag(input, 'enableECSManagedTags') !== true) return own;
  return [...own, { key: 'aws:ecs:clusterName', value: cluster.name }];
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
