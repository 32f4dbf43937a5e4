import { AwsError, type Cancel, type Clock, type Json, type JsonObject } from '../contract.ts';
import { list, object, objects, text } from '../ecs/read.ts';
import { parseJson } from '../json.ts';
import type { Place } from '../place.ts';
import { isObject } from '../stack/json.ts';

/** Targets of rules and schedules that people make: ECS clusters, in which a task is started. */

/** Starts tasks, as RunTask does. Throws an AwsError. */
export type RunTask = (input: JsonObject) => void;

/** Refuses targets that the local cloud does not start anything for. */
export function checkTarget(target: JsonObject): void {
  const arn = text(target, 'Arn') ?? '';
  if (busOfTarget(target) !== undefined) {
    checkRole(target);
    return;
  }
  if (!/^arn:[^:]+:ecs:[^:]*:[^:]*:cluster\/.+/.test(arn))
    throw new AwsError(
      'ValidationException',
      `The local cloud starts tasks of ECS clusters only, and sends events to default buses of other accounts and regions: nothing for the target ${arn}.`,
    );
  if (text(object(target, 'EcsParameters') ?? {}, 'TaskDefinitionArn') === undefined)
    throw new AwsError('ValidationException', 'Parameter(s) EcsParameters not valid.');
}

/** A target in another account needs a role. Source: EventBridge User Guide, "Sending and receiving events between AWS accounts". */
function checkRole(target: JsonObject): void {
  if (text(target, 'RoleArn') !== undefined) return;
  throw new AwsError('ValidationException', `RoleArn is required for target ${text(target, 'Arn')}.`);
}

/** The place of a default event bus; undefined for a target of another kind. */
export function busOfTarget(target: JsonObject): Place | undefined {
  const parts = /^arn:[^:]+:events:([^:]+):(\d{12}):event-bus\/default$/.exec(text(target, 'Arn') ?? '');
  const [, region, account] = parts ?? [];
  return region === undefined || account === undefined ? undefined : { account, region };
}

/** Starts the tasks of a target. A target that cannot run is lost, as with EventBridge without a dead-letter queue. */
export function runTarget(run: RunTask, target: JsonObject, startedBy: string): void {
  try {
    run(runTaskInput(target, startedBy));
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
  }
}

/** EcsParameters with the target's Input, as RunTask takes them. Source: EventBridge API reference, EcsParameters. */
function runTaskInput(target: JsonObject, startedBy: string): JsonObject {
  const parameters = object(target, 'EcsParameters') ?? {};
  const awsvpc = object(object(parameters, 'NetworkConfiguration') ?? {}, 'awsvpcConfiguration');
  const overrides = overridesIn(text(target, 'Input'));
  const strategy = objects(parameters, 'CapacityProviderStrategy');
  const tags = objects(parameters, 'Tags');
  return {
    cluster: text(target, 'Arn'),
    taskDefinition: text(parameters, 'TaskDefinitionArn'),
    startedBy,
    count: parameters.TaskCount ?? 1,
    launchType: parameters.LaunchType,
    platformVersion: parameters.PlatformVersion,
    group: parameters.Group,
    enableExecuteCommand: parameters.EnableExecuteCommand,
    propagateTags: parameters.PropagateTags,
    ...(strategy.length > 0 ? { capacityProviderStrategy: strategy } : {}),
    ...(tags.length > 0 ? { tags: tags.map(({ Key, Value }) => ({ key: Key, value: Value })) } : {}),
    ...(awsvpc === undefined ? {} : { networkConfiguration: { awsvpcConfiguration: lowerCase(awsvpc) } }),
    ...(overrides === undefined ? {} : { overrides }),
  };
}

function lowerCase(awsvpc: JsonObject): JsonObject {
  return {
    subnets: list(awsvpc, 'Subnets'),
    securityGroups: list(awsvpc, 'SecurityGroups'),
    assignPublicIp: awsvpc.AssignPublicIp ?? 'DISABLED',
  };
}

function overridesIn(input: string | undefined): JsonObject | undefined {
  try {
    const value: Json = parseJson(input ?? '');
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Calls `fire` whenever the schedule is due, until it is canceled. */
export function repeat(
  clock: Clock,
  schedule: (after: number) => number | undefined,
  after: number,
  fire: () => void,
): Cancel {
  let cancel: Cancel = () => {};
  const next = (from: number) => {
    const due = schedule(from);
    if (due === undefined) return;
    const run = () => {
      next(due);
      fire();
    };
    cancel = clock.at(due, run, { periodic: true });
  };
  next(after);
  return () => cancel();
}
