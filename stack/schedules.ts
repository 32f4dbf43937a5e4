import { createHash } from 'node:crypto';
import type { App, Configuration, Schedule, Task } from '../shared/domain/app.ts';
import { SCHEDULE_SOURCE } from '../shared/intake/schedule.ts';
import {
  attribute,
  functionLogicalId,
  type Resource,
  type Resources,
  stackName,
  type Template,
} from './names.ts';

/** EventBridge Scheduler quotas, name of a schedule. */
const LONGEST_NAME = 64;
/** A call that is later than this is told as missed, and would be ignored. */
const RETRIES = { MaximumRetryAttempts: 10, MaximumEventAgeInSeconds: 300 };

const CALLER = 'SchedulerRole';

/**
 * The schedules of tasks, and the role by which EventBridge Scheduler calls the function; nothing without schedules.
 * `now`, in epoch milliseconds: those that have ended by then are left out.
 */
export function schedules(configuration: Configuration, now: number): Resources {
  const scheduled = configuration.apps.flatMap((app) =>
    app.tasks.flatMap((task) =>
      task.schedule && (task.schedule.end ?? Number.POSITIVE_INFINITY) > now
        ? [{ app, task, schedule: futureOf(task.schedule, now) }]
        : [],
    ),
  );
  if (scheduled.length === 0) return {};
  const made = scheduled.map(({ app, task, schedule }): [string, Resource] => [
    logicalId(app, task),
    scheduleOf(configuration, app, task, schedule),
  ]);
  return { [CALLER]: caller(), ...Object.fromEntries(made) };
}

/**
 * A start that is over says nothing more, and the scheduler refuses one that is older than five minutes, also when
 * something else of the schedule is changed ("The StartDate you specify cannot be earlier than 5 minutes ago"). Of a
 * rate it stays: without it, the next deployment would have the rate count from itself.
 */
function futureOf({ start, ...schedule }: Schedule, now: number): Schedule {
  const isOver = start !== undefined && start <= now && schedule.expression.startsWith('cron');
  return start === undefined || isOver ? schedule : { ...schedule, start };
}

function scheduleOf(configuration: Configuration, app: App, task: Task, schedule: Schedule): Resource {
  const minutes = Math.round(schedule.jitter / 60_000);
  const input = {
    source: SCHEDULE_SOURCE,
    app: app.name,
    task: task.name,
    time: '<aws.scheduler.scheduled-time>',
  };
  return {
    Type: 'AWS::Scheduler::Schedule',
    Properties: {
      Name: nameOf(configuration, app, task),
      Description: `Runs ${task.name} of ${app.name}`,
      State: 'ENABLED',
      ScheduleExpression: schedule.expression,
      ScheduleExpressionTimezone: schedule.timeZone,
      ...(schedule.start === undefined ? {} : { StartDate: new Date(schedule.start).toISOString() }),
      ...(schedule.end === undefined ? {} : { EndDate: new Date(schedule.end).toISOString() }),
      FlexibleTimeWindow:
        minutes === 0 ? { Mode: 'OFF' } : { Mode: 'FLEXIBLE', MaximumWindowInMinutes: minutes },
      Target: {
        Arn: attribute(functionLogicalId('run-task'), 'Arn'),
        RoleArn: attribute(CALLER, 'Arn'),
        Input: JSON.stringify(input),
        RetryPolicy: RETRIES,
        DeadLetterConfig: { Arn: attribute('UndeliveredEvents', 'Arn') },
      },
    },
  };
}

/**
 * What EventBridge Scheduler may do. The account is the condition that keeps others from using the role through it.
 * Source: EventBridge Scheduler User Guide, "Prevention of confused deputy".
 */
function caller(): Resource {
  const allow = (Sid: string, Action: string, Resource: Template): Template => ({
    Sid,
    Effect: 'Allow',
    Action: [Action],
    Resource: [Resource],
  });
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'scheduler.amazonaws.com' },
            Action: 'sts:AssumeRole',
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          },
        ],
      },
      Policies: [
        {
          PolicyName: 'fairway',
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              allow('Call', 'lambda:InvokeFunction', attribute(functionLogicalId('run-task'), 'Arn')),
              allow('Park', 'sqs:SendMessage', attribute('UndeliveredEvents', 'Arn')),
            ],
          },
        },
      ],
    },
  };
}

/**
 * "fairway-production.web.nightly-report"; where that is too long, its end gives way to a hash of all of it. None of the
 * three has a dot: all schedules of an account share one group, and "a-b" and "c" must not meet "a" and "b-c" there.
 */
function nameOf(configuration: Configuration, app: App, task: Task): string {
  const name = `${stackName(configuration)}.${app.name}.${task.name}`;
  if (name.length <= LONGEST_NAME) return name;
  return `${name.slice(0, LONGEST_NAME - 11)}-${hashOf(name).slice(0, 10)}`;
}

/** Logical ids have letters and digits only, and "a-b" + "c" must not meet "a" + "b-c". */
function logicalId(app: App, task: Task): string {
  return `Schedule${hashOf(`${app.name}/${task.name}`).slice(0, 16)}`;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
