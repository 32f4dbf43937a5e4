import * as z from 'zod';
import { parseSchedule } from '../domain/schedules/schedule.ts';
import * as field from './fields.ts';
import { overrides, retries } from './overridesSchema.ts';
import { capacity, command, exec, network, roles, wholeNumber } from './placementSchema.ts';
import { timeZone } from './timeZone.ts';

/** Tasks of an app that run on a schedule or on demand, outside its releases. */

const EXPRESSION =
  'expected a schedule expression of EventBridge Scheduler, such as "cron(0 3 * * ? *)" (minutes, hours, day of month, month, day of week, year) or "rate(15 minutes)"';

const expression = z
  .string({ error: EXPRESSION })
  .regex(/^(cron|rate)\(.*\)$/, { error: EXPRESSION, abort: true })
  .superRefine((value, context) => {
    try {
      if (parseSchedule(value, 0)(0) !== undefined) return;
      context.addIssue({ code: 'custom', message: `${EXPRESSION}; ${value} never matches a date` });
    } catch (error) {
      const why =
        error instanceof Error ? error.message.replace(/^invalid schedule expression .*?\): /, '') : '';
      context.addIssue({ code: 'custom', message: `${EXPRESSION}; ${why}` });
    }
  })
  .meta({
    description:
      'When the task runs, as an expression of EventBridge Scheduler: `cron(minutes hours day-of-month month day-of-week year)` or `rate(15 minutes)`.',
    examples: ['cron(0 3 * * ? *)'],
  });

const MOMENT = 'expected a time such as "2026-03-01T00:00:00Z"';

const moment = (description: string) =>
  z.iso.datetime({ offset: true, error: MOMENT }).meta({ description, examples: ['2026-03-01T00:00:00Z'] });

const schedule = z
  .union([
    expression,
    z.strictObject({
      expression,
      timeZone: timeZone.optional().meta({
        description:
          'IANA time zone of a `cron` expression. When clocks go forward, a time that does not exist is skipped. When clocks are set back, a time that occurs twice runs once.',
        default: 'UTC',
        examples: ['Europe/Berlin'],
      }),
      start: moment(
        'The schedule does not run before this time. A `rate` runs for the first time at `start` and counts from it. AWS refuses changes to a `rate` whose `start` has passed: set a new `start` then. Default: immediately.',
      ).optional(),
      end: moment('The schedule does not run after this time. Default: no end.').optional(),
      jitter: field
        .duration(
          '1m',
          '24h',
          'Random delay added to the start time, so that many tasks do not start at once. In whole minutes; at most the interval of the schedule. Default: no delay.',
          '15m',
        )
        .refine((value) => !/[1-9]\d*s/.test(value), { error: 'expected whole minutes, such as "15m"' })
        .optional(),
    }),
  ])
  .describe(
    'When the task runs automatically: an expression, or a mapping with further members. Default: only on demand, with `fairway run`.',
  );

const notified = (of: string, otherwise: string) =>
  z
    .array(z.string({ error: 'expected the name of a channel' }), {
      error: 'expected a list of channel names',
    })
    .optional()
    .meta({
      description: `Names of the channels that are notified of ${of}. Default: ${otherwise}.`,
      examples: [['deploys']],
    });

const notify = z
  .strictObject({
    success: notified('runs that succeeded', 'none'),
    failure: notified('runs that failed, never started, timed out or were stopped', "the app's channels"),
    missed: notified('runs that were missed, skipped or replaced', "the app's channels"),
  })
  .describe('Which channels are notified of its runs.');

const LIKE = "that of the service in `like`, otherwise that of the app's first service";

export const task = z
  .strictObject({
    name: field.ecsName(
      'the task',
      'Name of the task, used by messages and `fairway run`.',
      'nightly-report',
    ),
    like: field
      .ecsName(
        'a service of this app',
        'A service of this app. The task uses its revision, network, capacity, platform version, placement, tags, volumes, roles and log group, and so runs the same code. Not together with `taskDefinition`.',
        'web-app',
      )
      .optional(),
    taskDefinition: field
      .ecsName(
        'a task definition family',
        'Task definition family, for a task without `like`. Default: the name of the task.',
        'nightly-report',
      )
      .optional(),
    container: field.ecsName(
      'a container',
      'The container that gets the command and the environment, and whose exit code decides whether the run succeeded.',
      'web',
    ),
    command: command('report').optional(),
    ...overrides,
    image: z
      .string({ error: 'expected "live" or "pinned TAG"' })
      .regex(/^(live|pinned [A-Za-z0-9_][A-Za-z0-9_.-]{0,127})$/, {
        error: 'expected "live" or "pinned TAG"',
      })
      .optional()
      .meta({
        description:
          'The image that is live for the app (`live`), or the one that a tag points to (`pinned 1.4.2`).',
        default: 'live',
        examples: ['pinned 1.4.2'],
      }),
    schedule: schedule.optional(),
    count: wholeNumber(1, 10)
      .optional()
      .meta({ description: 'How many tasks each run starts.', default: 1, examples: [2] }),
    timeout: field
      .duration(
        '10s',
        '24h',
        'Time from RunTask until the task has stopped. A task that runs longer is stopped.',
        '2h',
      )
      .meta({ default: '1h' })
      .optional(),
    overlap: z
      .enum(['skip', 'queue', 'replace'], { error: 'expected "skip", "queue" or "replace"' })
      .optional()
      .meta({
        description:
          'What happens if a run is due while another one is still running: the new run is skipped (`skip`), waits (`queue`, at most 10 of them), or replaces the old one, which is stopped (`replace`).',
        default: 'skip',
        examples: ['queue'],
      }),
    retries: retries(
      'When a failed task is retried.',
      'A run that Fargate Spot interrupted also starts once more on demand, which does not count as a retry.',
    ).optional(),
    notify: notify.optional(),
    network: network.describe(`Network configuration of the task (awsvpc). Default: ${LIKE}.`).optional(),
    capacity: capacity
      .describe(`Where the task runs: exactly one of \`launchType\` and \`providers\`. Default: ${LIKE}.`)
      .optional(),
    exec,
    ...roles('that of the service in `like`, otherwise that of `defaults`, if any'),
    logGroup: field.logGroup.optional(),
  })
  .describe('An ECS task that runs on a schedule or on demand, outside releases.');
