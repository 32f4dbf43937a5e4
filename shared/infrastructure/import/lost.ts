import { isList, isObject, type Json, type JsonObject, textAt } from '../json.ts';
import { familyOf } from './images.ts';
import { containerOverridesOf, overridesOf, type Start } from './starts.ts';

/** What a rule or schedule sets that a task of an app cannot: the file names it in a comment. */

/** Members that a task has, in its own words. */
const TAKEN = {
  target: ['Arn', 'Id', 'RoleArn', 'Input', 'EcsParameters'],
  parameters: [
    'TaskDefinitionArn',
    'TaskCount',
    'LaunchType',
    'NetworkConfiguration',
    'CapacityProviderStrategy',
    'EnableExecuteCommand',
  ],
  overrides: ['containerOverrides', 'cpu', 'memory', 'ephemeralStorage', 'taskRoleArn', 'executionRoleArn'],
  container: ['name', 'command', 'environment'],
} as const;

/** What GetSchedule answers where none is set. Source: EventBridge Scheduler API reference, RetryPolicy. */
const DEFAULT_RETRIES = { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 };

export interface Lost {
  readonly members: readonly string[];
  readonly sentences: readonly string[];
}

export function lostOf(start: Start): Lost {
  const [override = {}, ...others] = containerOverridesOf(start);
  return {
    members: [
      ...besides(TAKEN.target, start.target),
      ...besides(TAKEN.parameters, start.parameters),
      ...besides(TAKEN.overrides, overridesOf(start)),
      ...besides(TAKEN.container, override).map((member) => `containerOverrides.${member}`),
    ],
    sentences: [
      ...pinnedRevision(start),
      ...unreadableInput(start),
      ...others.map((other) => `Not taken over: the overrides of the container ${textAt(other, 'name')}.`),
    ],
  };
}

function besides(taken: readonly string[], object: JsonObject): readonly string[] {
  return Object.entries(object).flatMap(([member, value]) =>
    taken.includes(member) || isUnset(member, value) ? [] : [member],
  );
}

function isUnset(member: string, value: Json | undefined): boolean {
  if (member === 'RetryPolicy' && isObject(value)) return hasDefaultRetries(value);
  if (isList(value)) return value.length === 0;
  return value === undefined || value === null || value === false || value === '';
}

function hasDefaultRetries({ MaximumEventAgeInSeconds: age, MaximumRetryAttempts: times }: JsonObject) {
  const { MaximumEventAgeInSeconds, MaximumRetryAttempts } = DEFAULT_RETRIES;
  return (
    (age ?? MaximumEventAgeInSeconds) === MaximumEventAgeInSeconds &&
    (times ?? MaximumRetryAttempts) === MaximumRetryAttempts
  );
}

/** Fairway runs the live image, from the revision of the service or the newest one of the family. */
function pinnedRevision({ parameters }: Start): readonly string[] {
  const reference = textAt(parameters, 'TaskDefinitionArn') ?? '';
  const [, revision] = /:(\d+)$/.exec(reference) ?? [];
  return revision === undefined
    ? []
    : [`Not taken over: the revision ${revision} of ${familyOf(reference)}. It runs with the live image.`];
}

function unreadableInput({ input }: Start): readonly string[] {
  if (input === undefined || isObjectText(input)) return [];
  return ['Not taken over: Input, which is no JSON object.'];
}

function isObjectText(text: string): boolean {
  try {
    return isObject(JSON.parse(text));
  } catch {
    return false;
  }
}
