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
/** A call that is later than this would be ignored: it is reported as missed. */
const RETRIES = { MaximumRetryAttempts: 10, MaximumEventAgeInSeconds: 300 };

const CALLER = 'SchedulerRole';

/**
 * The schedules of tasks, and the role with which EventBridge Scheduler invokes the function. Schedules that have
 * ended by `now` (epoch milliseconds) are left out.
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
 * Leaves out the start of a cron schedule when it has passed: the scheduler refuses a start that is older than five
 * minutes, even if only something else of the schedule changes ("The StartDate you specify cannot be earlier than 5
 * minutes ago"). A rate keeps its start: without it, the next deployment would restart the interval.
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
 * The role of EventBridge Scheduler. The condition on the account prevents other accounts from using the role.
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
 * "fairway-production.web.nightly-report". If that is too long, a hash of the whole name replaces its end. All
 * schedules of an account share one group, so names must be unique: the dot is in none of the three parts, and keeps
 * "a-b" and "c" apart from "a" and "b-c".
 */
function nameOf(configuration: Configuration, app: App, task: Task): string {
  const name = `${stackName(configuration)}.${app.name}.${task.name}`;
  if (name.length <= LONGEST_NAME) return name;
  return `${name.slice(0, LONGEST_NAME - 11)}-${hashOf(name).slice(0, 10)}`;
}

/** A hash, since logical IDs have only letters and digits, and "a-b" + "c" must differ from "a" + "b-c". */
function logicalId(app: App, task: Task): string {
  return `Schedule${hashOf(`${app.name}/${task.name}`).slice(0, 16)}`;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
