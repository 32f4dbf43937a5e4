import type { JsonObject } from '../contract.ts';
import type { TaskDefinition } from './definition.ts';
import { flag, invalid, object, objects, required, text } from './read.ts';

/** What a request must contain for its task definition. */

/** Throws InvalidParameterException for settings of a service or RunTask that ECS refuses. */
export function checkLaunch(settings: JsonObject, definition: TaskDefinition): void {
  checkVolumes(settings, definition);
  checkExec(settings, definition);
}

/**
 * Each volume that is configured at launch needs its configuration. AWS API: Volume, configuredAtLaunch; the words of
 * the refusal are an assumption.
 */
function checkVolumes(settings: JsonObject, definition: TaskDefinition): void {
  const given = namesOf(settings);
  const missing = atLaunch(definition).find((name) => !given.includes(name));
  if (missing === undefined) return;
  throw invalid(
    `Volume configuration must be provided for volume '${missing}', which is configuredAtLaunch in the task definition.`,
  );
}

/** A volume configuration needs its volume. The error is ECS's, as reported. */
export function checkGivenVolumes(input: JsonObject, definition: TaskDefinition): void {
  const known = atLaunch(definition);
  if (namesOf(input).every((name) => known.includes(name))) return;
  throw invalid(
    'Volume configuration provided but no matching configuredAtLaunch volume found in task definition.',
  );
}

function atLaunch(definition: TaskDefinition): readonly string[] {
  const volumes = objects(definition.document, 'volumes');
  return volumes
    .filter((each) => flag(each, 'configuredAtLaunch') === true)
    .map((each) => required(each, 'name'));
}

function namesOf(input: JsonObject): readonly string[] {
  return objects(input, 'volumeConfigurations').map((each) => required(each, 'name'));
}

/** AWS docs: ecs-exec, "Prerequisites". The error is ECS's, as reported for services. */
function checkExec(settings: JsonObject, definition: TaskDefinition): void {
  if (flag(settings, 'enableExecuteCommand') !== true) return;
  const overridden = text(object(settings, 'overrides') ?? {}, 'taskRoleArn');
  if ((overridden ?? text(definition.document, 'taskRoleArn')) !== undefined) return;
  throw invalid(
    'The request cannot be carried out because a valid taskRoleArn is not being used. Specify a valid task role in your task definition and try again.',
  );
}
