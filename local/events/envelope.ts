import type { Json, JsonObject } from '../contract.ts';
import { isObject } from '../stack/json.ts';
import type { RuleTarget, StackSchedule } from '../stack/stack.ts';

interface Facts {
  readonly id: string;
  readonly account: string;
  readonly region: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** The event that a scheduled rule sends (EventBridge user guide, "Creating a rule that runs on a schedule"). */
export function scheduledEvent(facts: Facts, ruleArn: string): JsonObject {
  return {
    version: '0',
    id: facts.id,
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: facts.account,
    time: isoSecond(facts.now),
    region: facts.region,
    resources: [ruleArn],
    detail: {},
  };
}

/** The input of a rule's target as JSON: its constant `input`, a part of the event, or the event. */
export function inputFor({ input, inputPath }: RuleTarget, event: JsonObject): string {
  if (input !== undefined) return input;
  if (inputPath === undefined || inputPath === '$') return JSON.stringify(event);
  let found: Json | undefined = event;
  for (const key of inputPath.replace(/^\$\.?/, '').split('.')) {
    found = isObject(found) ? found[key] : undefined;
  }
  return JSON.stringify(found ?? null);
}

/**
 * The event that EventBridge Scheduler sends: the configured input with its context attributes filled in (EventBridge
 * Scheduler user guide, "Adding context attributes"), otherwise an envelope in which `detail` is a string.
 */
export function schedulerInput(schedule: StackSchedule, facts: Facts): string {
  const time = isoSecond(facts.now);
  if (schedule.input === undefined) {
    return JSON.stringify({
      ...scheduledEvent(facts, schedule.arn),
      source: 'aws.scheduler',
      detail: '{}',
    });
  }
  const attributes: Readonly<Record<string, string>> = {
    '<aws.scheduler.schedule-arn>': schedule.arn,
    '<aws.scheduler.scheduled-time>': time,
    '<aws.scheduler.execution-id>': facts.id,
    '<aws.scheduler.attempt-number>': '1',
  };
  return schedule.input.replaceAll(/<aws\.scheduler\.[a-z-]+>/g, (name) => attributes[name] ?? name);
}

function isoSecond(now: number): string {
  return `${new Date(now).toISOString().slice(0, 19)}Z`;
}
