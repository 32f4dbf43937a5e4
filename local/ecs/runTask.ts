import { AwsError, type Json, type JsonObject } from '../contract.ts';
import type { Tag, TaskDefinition } from './definition.ts';
import { checkGivenVolumes, checkLaunch } from './launchRules.ts';
import type { Cluster, Context, Task } from './model.ts';
import { clusterOf, mergeTags, tagsOf, usableDefinition } from './names.ts';
import { flag, invalid, number, object, objects, oneOf, required, stableText, text } from './read.ts';
import { whereOf } from './serviceLaunch.ts';
import { launchTask } from './tasks.ts';
import { taskView } from './taskViews.ts';

const DAY = 24 * 3_600_000;
/** Characters of JSON. Source: ECS API reference, TaskOverride; the error is that of RunTask. */
const LONGEST_OVERRIDES = 8_192;

/** Starts tasks: the same ones where a `clientToken` repeats. Source: ECS API reference, RunTask. */
export function runTask(ctx: Context, input: JsonObject): Json {
  const cluster = clusterOf(ctx, input);
  const definition = usableDefinition(ctx, required(input, 'taskDefinition'), 'InvalidParameterException');
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
}

function started(tasks: readonly Task[]): Json {
  return { tasks: tasks.map((task) => taskView(task, { tags: true })), failures: [] };
}

/** AWS API: RunTask, propagateTags. There is no service to copy tags from. */
function taskTags(input: JsonObject, definition: TaskDefinition, cluster: Cluster): readonly Tag[] {
  const propagated = oneOf(text(input, 'propagateTags') ?? 'NONE', ['TASK_DEFINITION', 'NONE']);
  const given = tagsOf(input);
  if (given.length < objects(input, 'tags').length) throw invalid('Duplicate tag keys are not allowed.');
  const own = mergeTags(propagated === 'NONE' ? [] : definition.tags, given);
  if (flag(input, 'enableECSManagedTags') !== true) return own;
  return [...own, { key: 'aws:ecs:clusterName', value: cluster.name }];
}
