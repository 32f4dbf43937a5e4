import { parseSchedule, type Schedule } from '../../shared/domain/schedules/schedule.ts';
import { authorize } from '../iam/authorize.ts';
import type { StackSchedule } from '../stack/stack.ts';
import { at, type BusState, deliverRule, type EventEnvelope, named } from './busState.ts';
import { scheduledEvent, schedulerInput } from './envelope.ts';

/** The schedules of a bus: those of the stack's rules, and those of EventBridge Scheduler. */

/** Calls at some point within the schedule's flexible window; `due` is the scheduled time. */
function callSchedule(bus: BusState, schedule: StackSchedule, due: number): void {
  const facts = { id: bus.ids.uuid(), account: bus.account, region: bus.region, now: due };
  const { copies, delay } = bus.interfere?.(callOf(schedule, facts)) ?? { copies: 1, delay: 0 };
  const within = Math.floor(bus.ids.random() * schedule.window);
  for (let copy = 0; copy < copies; copy += 1) {
    if (delay + within === 0) deliverSchedule(bus, schedule, facts);
    else at(bus, bus.clock.now() + delay + within, () => deliverSchedule(bus, schedule, facts), true);
  }
}

/** Whether the schedule's role allows an action; EventBridge Scheduler uses the role for dead letters, too. */
function allows(bus: BusState, schedule: StackSchedule, action: string, resource: string): boolean {
  const decision = authorize(schedule.rolePolicies, [{ action, resource, context: {} }], schedule.roleName);
  if (decision.allowed) bus.recorder?.record(schedule.roleName, decision.statements);
  return schedule.trusted && decision.allowed;
}

function deliverSchedule(
  bus: BusState,
  schedule: StackSchedule,
  facts: Parameters<typeof schedulerInput>[1],
): void {
  const payload = schedulerInput(schedule, facts);
  const { deadLetterArn } = schedule;
  bus.send({
    name: schedule.name,
    functionName: schedule.functionName,
    payload,
    permitted: allows(bus, schedule, 'lambda:InvokeFunction', schedule.functionArn),
    retryPolicy: schedule.retryPolicy,
    queueArn: () =>
      deadLetterArn !== undefined && allows(bus, schedule, 'sqs:SendMessage', deadLetterArn)
        ? deadLetterArn
        : undefined,
    body: payload,
    attributes: { SCHEDULE_ARN: schedule.arn, TARGET_ARN: schedule.functionArn },
  });
}

export function startSchedules(bus: BusState): void {
  const start = bus.clock.now();
  for (const rule of bus.rules) {
    const { schedule: expression } = rule;
    if (expression === undefined || rule.state === 'DISABLED') continue;
    // Without the latency of other events, since only periodic entries leave the clock idle.
    every(
      bus,
      named(rule.name, () => parseSchedule(expression, start)),
      start,
      () =>
        deliverRule(
          bus,
          rule,
          scheduledEvent(
            { id: bus.ids.uuid(), account: bus.account, region: bus.region, now: bus.clock.now() },
            rule.arn,
          ),
        ),
    );
  }
  for (const schedule of bus.schedules ?? []) {
    if (schedule.state === 'DISABLED') continue;
    // A rate calls first at its start, or at once (EventBridge Scheduler User Guide, "Schedule types").
    const origin = schedule.start ?? start;
    const times = named(schedule.name, () => parseSchedule(schedule.schedule, origin, schedule.timeZone));
    const after = Math.max(schedule.start === undefined ? start - 1 : start, origin - 1);
    every(bus, within(schedule, times), after, (due) => callSchedule(bus, schedule, due));
  }
}

function every(bus: BusState, schedule: Schedule, after: number, fire: (due: number) => void): void {
  const due = schedule(after);
  if (due === undefined) return;
  at(
    bus,
    due,
    () => {
      every(bus, schedule, due, fire);
      fire(due);
    },
    true,
  );
}

/** A schedule's call as an event, for faults; the call itself has no envelope. */
function callOf(
  { arn }: StackSchedule,
  { id, account, region, now }: { id: string; account: string; region: string; now: number },
): EventEnvelope {
  const time = `${new Date(now).toISOString().slice(0, 19)}Z`;
  const what = { source: 'aws.scheduler', 'detail-type': 'Schedule', resources: [arn], detail: {} };
  return { version: '0', id, ...what, account, time, region };
}

/** The schedule's times up to its end. */
function within({ end = Number.POSITIVE_INFINITY }: StackSchedule, times: Schedule): Schedule {
  return (after) => {
    const due = times(after);
    return due !== undefined && due <= end ? due : undefined;
  };
}
