import * as z from 'zod';
import { parseSchedule } from '../domain/schedules/schedule.ts';
import * as field from './fields.ts';
import { capacity, command, exec, network, roles, wholeNumber } from './placementSchema.ts';

/** Tasks of an app that are apart from its releases. */

const EXPRESSION =
  'expected a schedule of EventBridge, such as "cron(0 3 * * ? *)" (minutes, hours, day of month, month, day of week, year) or "rate(15 minutes)"';

const expression = z
  .string({ error: EXPRESSION })
  .regex(/^(cron|rate)\(.*\)$/, { error: EXPRESSION, abort: true })
  .superRefine((value, context) => {
    try {
      if (parseSchedule(value, 0)(0) !== undefined) return;
      context.addIssue({ code: 'custom', message: `${EXPRESSION}; no day is ever meant by ${value}` });
    } catch (error) {
      const why =
        error instanceof Error ? error.message.replace(/^invalid schedule expression .*?\): /, '') : '';
      context.addIssue({ code: 'custom', message: `${EXPRESSION}; ${why}` });
    }
  })
  .meta({
    description:
      "When it runs, in EventBridge Scheduler's words: `cron(minutes hours day-of-month month day-of-week year)` or `rate(15 minutes)`.",
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
      timeZone: z
        .string({ error: 'expected a time zone such as "Europe/Berlin"' })
        .refine(isTimeZone, {
          error: 'expected a time zone of the IANA database, as that writes it, such as "Europe/Berlin"',
        })
        .optional()
        .meta({
          description:
            'IANA time zone that a `cron` expression is meant in. When clocks go forward, a time that does not exist is skipped; when they go back, a time that comes twice runs once.',
          default: 'UTC',
          examples: ['Europe/Berlin'],
        }),
      start: moment(
        'Not before this time; a `rate` calls then for the first time, and counts from it. AWS takes no change to a `rate` whose start is over: give it a new one then. Default: at once.',
      ).optional(),
      end: moment('Not after this time. Default: for ever.').optional(),
      jitter: field
        .duration(
          '1m',
          '24h',
          'It begins somewhen within this span after its time, in whole minutes, and no longer than the time between two calls: for many tasks that should not begin together. Default: at its time.',
          '15m',
        )
        .refine((value) => !/[1-9]\d*s/.test(value), { error: 'expected whole minutes, such as "15m"' })
        .optional(),
    }),
  ])
  .describe(
    'When it runs by itself: an expression, or a mapping with more than that. Default: only on demand, by `fairway run`.',
  );

/** JavaScript takes names in any spelling, and offsets such as +02:00 as well: other systems take neither. */
function isTimeZone(name: string): boolean {
  if (!/^[A-Z][\w+-]*(\/[A-Z][\w+-]*)*$/.test(name)) return false;
  try {
    const known = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
    return known === name || known.toLowerCase() !== name.toLowerCase();
  } catch {
    return false;
  }
}

const retries = z
  .strictObject({
    times: wholeNumber(0, 10)
      .optional()
      .meta({ description: 'Attempts after the first one.', default: 2, examples: [3] }),
    backoff: field
      .duration('1s', '30m', 'Before the first repeat; doubled for each further one.', '1m')
      .meta({ default: '30s' })
      .optional(),
    exitCodes: z
      .union([
        z.literal('any', { error: 'expected "any" or a list of exit codes' }),
        z.array(wholeNumber(1, 255), { error: 'expected "any" or a list of exit codes' }),
      ])
      .optional()
      .meta({
        description:
          'Exit codes that are worth another attempt: a list, or `any`. Default: none, a task that has run is not run again.',
        examples: [[75]],
      }),
  })
  .describe(
    'What is worth another attempt. What kept the container from running and may pass (a registry that did not answer, an interrupted Spot instance) is; an exit code only if it is named here. A run that Fargate Spot interrupted starts again on demand, once, apart from this.',
  );

const told = (of: string, otherwise: string) =>
  z
    .array(z.string({ error: 'expected the name of a channel' }), {
      error: 'expected a list of channel names',
    })
    .optional()
    .meta({
      description: `Names of the channels that are told of ${of}. Default: ${otherwise}.`,
      examples: [['deploys']],
    });

const notify = z
  .strictObject({
    success: told('runs that succeeded', 'none'),
    failure: told('runs that failed, never started, timed out or were stopped', "the app's"),
    missed: told('runs that were missed, skipped or replaced', "the app's"),
  })
  .describe('Who is told of its runs.');

const LIKE = "that of the service it is like, else that of the app's first service";

const VARIABLE = 'expected the name of an environment variable';

export const task = z
  .strictObject({
    name: field.ecsName('the task', 'What messages and `fairway run` call it.', 'nightly-report'),
    like: field
      .ecsName(
        'a service of this app',
        'A service of this app whose revision, network, capacity, platform version, placement, tags, volumes, roles and log group it takes: the code that serves by day. Not together with `taskDefinition`.',
        'web-app',
      )
      .optional(),
    taskDefinition: field
      .ecsName(
        'a task definition family',
        'Task-definition family of its own. Default: the name of the task.',
        'nightly-report',
      )
      .optional(),
    container: field.ecsName(
      'a container',
      'The container that takes the command and the environment, and whose exit code counts.',
      'web',
    ),
    command: command('report').optional(),
    environment: z
      .record(
        z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: VARIABLE }),
        z.string({ error: 'expected a text: put numbers, true and false in quotes' }).meta({
          description: 'Its value.',
          examples: ['nightly'],
        }),
      )
      .optional()
      .meta({
        description:
          "Environment variables beside the task definition's, and instead of those of the same name. No secrets: those belong into the task definition's `secrets`.",
        examples: [{ REPORT: 'nightly' }],
      }),
    cpu: wholeNumber(128, 196_608)
      .optional()
      .meta({
        description: "CPU units of the whole task (1024 are one vCPU). Default: the task definition's.",
        examples: [1024],
      }),
    memory: wholeNumber(4, 1_048_576)
      .optional()
      .meta({ description: "MiB of the whole task. Default: the task definition's.", examples: [2048] }),
    ephemeralStorage: wholeNumber(21, 200)
      .optional()
      .meta({
        description: "GiB of ephemeral storage (Fargate). Default: the task definition's.",
        examples: [50],
      }),
    image: z
      .string({ error: 'expected "live" or "pinned TAG"' })
      .regex(/^(live|pinned [A-Za-z0-9_][A-Za-z0-9_.-]{0,127})$/, {
        error: 'expected "live" or "pinned TAG"',
      })
      .optional()
      .meta({
        description:
          'The digest that is live for the app (`live`), or what a tag points at (`pinned 1.4.2`).',
        default: 'live',
        examples: ['pinned 1.4.2'],
      }),
    schedule: schedule.optional(),
    count: wholeNumber(1, 10)
      .optional()
      .meta({ description: 'Tasks that one run starts.', default: 1, examples: [2] }),
    timeout: field
      .duration('10s', '24h', 'From RunTask until it has stopped. Then it is stopped.', '2h')
      .meta({ default: '1h' })
      .optional(),
    overlap: z
      .enum(['skip', 'queue', 'replace'], { error: 'expected "skip", "queue" or "replace"' })
      .optional()
      .meta({
        description:
          'What happens when it is due while it still runs: the new run is left out (`skip`), waits (`queue`, at most 10), or takes the place of the old one, which is stopped (`replace`).',
        default: 'skip',
        examples: ['queue'],
      }),
    retries: retries.optional(),
    notify: notify.optional(),
    network: network.describe(`Network of the task. Default: ${LIKE}.`).optional(),
    capacity: capacity
      .describe(`Where the task runs: exactly one of \`launchType\` and \`providers\`. Default: ${LIKE}.`)
      .optional(),
    exec,
    ...roles('that of the service it is like, else that of `defaults`, if there is one'),
    logGroup: field.logGroup.optional(),
  })
  .describe('A one-off task that runs on a schedule or on demand, apart from releases.');
