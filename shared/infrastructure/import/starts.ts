import { type JsonObject, listAt, objectAt, objectsAt, textAt } from '../json.ts';
import type { Aws } from '../kind.ts';
import { pages } from '../reading.ts';

/** What starts tasks in a cluster besides its services: EventBridge rules of every bus, and schedules of Scheduler. */

export interface Start {
  readonly origin: Origin;
  /** EcsParameters of the target: the same in both services. */
  readonly parameters: JsonObject;
  /** The whole target. */
  readonly target: JsonObject;
  /** The target's Input: the overrides of RunTask, as text. */
  readonly input?: string;
}

export interface Origin {
  readonly kind: 'rule' | 'schedule';
  readonly name: string;
  /** The bus of a rule, the group of a schedule. */
  readonly place: string;
  readonly isEnabled: boolean;
  /** Absent: a rule that waits for events. */
  readonly expression?: string;
  readonly timeZone?: string;
  /** Epoch milliseconds. */
  readonly start?: number;
  readonly end?: number;
  /** Length of the flexible time window, minutes. */
  readonly window?: number;
}

export async function readStarts(clusterArn: string, aws: Aws): Promise<readonly Start[]> {
  const [rules, schedules] = await Promise.all([readRules(clusterArn, aws), readSchedules(clusterArn, aws)]);
  return [...rules, ...schedules];
}

async function readRules(clusterArn: string, aws: Aws): Promise<readonly Start[]> {
  const buses = await pages(aws, 'events', 'ListEventBuses', {}, 'EventBuses', 'NextToken');
  const found = await Promise.all(buses.map((bus) => rulesOf(textAt(bus, 'Name') ?? '', clusterArn, aws)));
  return found.flat();
}

/** One call for each bus says which rules there start tasks in the cluster. */
async function rulesOf(bus: string, TargetArn: string, aws: Aws): Promise<readonly Start[]> {
  const names: string[] = [];
  let next: string | undefined;
  do {
    const input = { EventBusName: bus, TargetArn, ...(next === undefined ? {} : { NextToken: next }) };
    const answer = await aws('events', 'ListRuleNamesByTarget', input);
    names.push(...listAt(answer, 'RuleNames').map(String));
    next = textAt(answer, 'NextToken');
  } while (next !== undefined && next !== '');
  const found = await Promise.all(names.map((name) => startsOfRule(name, bus, TargetArn, aws)));
  return found.flat();
}

async function startsOfRule(
  name: string,
  bus: string,
  clusterArn: string,
  aws: Aws,
): Promise<readonly Start[]> {
  const place = { EventBusName: bus };
  const [rule, targets] = await Promise.all([
    aws('events', 'DescribeRule', { Name: name, ...place }),
    pages(aws, 'events', 'ListTargetsByRule', { Rule: name, ...place }, 'Targets', 'NextToken'),
  ]);
  const expression = textAt(rule, 'ScheduleExpression');
  const origin: Origin = {
    kind: 'rule',
    name,
    place: bus,
    isEnabled: textAt(rule, 'State') !== 'DISABLED',
    ...(expression === undefined ? {} : { expression }),
  };
  return targets.filter(({ Arn }) => Arn === clusterArn).flatMap((target) => startOf(origin, target));
}

async function readSchedules(clusterArn: string, aws: Aws): Promise<readonly Start[]> {
  const all = await pages(aws, 'scheduler', 'ListSchedules', {}, 'Schedules', 'NextToken');
  const found = await Promise.all(
    all
      .filter((summary) => objectAt(summary, 'Target').Arn === clusterArn)
      .map(({ Name = '', GroupName = 'default' }) => aws('scheduler', 'GetSchedule', { Name, GroupName })),
  );
  return found.flatMap((schedule) => startOf(originOf(schedule), objectAt(schedule, 'Target')));
}

function originOf(schedule: JsonObject): Origin {
  const { MaximumWindowInMinutes: window } = objectAt(schedule, 'FlexibleTimeWindow');
  const [start, end] = [momentOf(schedule.StartDate), momentOf(schedule.EndDate)];
  return {
    kind: 'schedule',
    name: textAt(schedule, 'Name') ?? '',
    place: textAt(schedule, 'GroupName') ?? 'default',
    isEnabled: textAt(schedule, 'State') !== 'DISABLED',
    expression: textAt(schedule, 'ScheduleExpression') ?? '',
    timeZone: textAt(schedule, 'ScheduleExpressionTimezone') ?? 'UTC',
    ...(start === undefined ? {} : { start }),
    ...(end === undefined ? {} : { end }),
    ...(typeof window === 'number' ? { window } : {}),
  };
}

/** Epoch seconds on the wire, a text from the SDK. */
function momentOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value * 1000;
  return typeof value === 'string' ? Date.parse(value) : undefined;
}

/** A target that is no task of ECS has no EcsParameters: the cluster can also be a target of an API call. */
function startOf(origin: Origin, target: JsonObject): readonly Start[] {
  if (target.EcsParameters === undefined) return [];
  const input = textAt(target, 'Input');
  return [
    {
      origin,
      target,
      parameters: objectAt(target, 'EcsParameters'),
      ...(input === undefined ? {} : { input }),
    },
  ];
}

/** What the overrides of a start change, where its input is JSON. */
export function overridesOf({ input }: Start): JsonObject {
  try {
    const value: unknown = JSON.parse(input ?? '{}');
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {};
  }
}

export function containerOverridesOf(start: Start): readonly JsonObject[] {
  return objectsAt(overridesOf(start), 'containerOverrides');
}
