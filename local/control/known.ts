import { SLACK_METHODS } from '../services/slack.ts';
import { isList, isObject } from '../stack/json.ts';
import type { Stack } from '../stack/stack.ts';
import type { KnownNames } from './requests.ts';

/** Detail types that the local cloud sends; "Schedule" is a call of EventBridge Scheduler. */
const OWN_EVENTS = [
  'ECR Image Action',
  'ECS Deployment State Change',
  'ECS Hook State Change',
  'ECS Service Action',
  'ECS Task State Change',
  'Schedule',
] as const;

/** The names that faults accept for this package. */
export function knownNames(stack: Stack, operations: ReadonlySet<string>): KnownNames {
  return {
    operations: new Set([...operations, ...SLACK_METHODS]),
    callers: new Set(['external', ...stack.functions.map(({ name }) => name)]),
    events: new Set([...OWN_EVENTS, ...stack.rules.flatMap(({ pattern }) => detailTypes(pattern))]),
  };
}

/** Events that clients send with PutEvents. */
function detailTypes(pattern: unknown): readonly string[] {
  const types = isObject(pattern) ? pattern['detail-type'] : undefined;
  return isList(types) ? types.filter((type) => typeof type === 'string') : [];
}
