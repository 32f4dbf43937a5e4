import * as z from 'zod';
import { SEVERITIES } from '../audit/rule.ts';
import * as field from './fields.ts';
import { timeZone } from './timeZone.ts';

/** A day that exists: `z.iso.date` refuses others. */
const day = z.iso.date({ error: 'expected a day such as "2027-03-31", in quotes' }).meta({
  description:
    'The last day on which it is accepted, in UTC. Write it in quotes. After it, the finding counts again.',
  examples: ['2027-03-31'],
});

const acceptance = z
  .strictObject({
    rule: field.text(
      /^[a-z]+(?:-[a-z]+)*$/,
      'the id of a rule, such as "exec-in-production"',
      'Id of a rule of the [audit](audit.md).',
      'exec-in-production',
    ),
    app: field.ownName.optional().meta({
      description: 'The app whose findings are accepted. Default: every app.',
      examples: ['web'],
    }),
    resource: field
      .text(
        /^\S[^\n]{0,299}$/,
        'the resource of a finding as the audit prints it, such as "service app-prod/web-*"',
        'The resource of the finding, as the audit prints it. `*` stands for any characters. Default: every resource.',
        'service app-prod/web-*',
      )
      .optional(),
    reason: field.text(
      /^\S[^\n]{0,299}$/,
      'why it is accepted, in one line of at most 300 characters',
      'Why it is accepted. Shown with the finding.',
      'the on-call team debugs with it until the tracing is there',
    ),
    until: day,
  })
  .describe('Findings that do not count until a day.');

const daily = z
  .strictObject({
    at: field
      .text(
        /^(?:[01]\d|2[0-3]):[0-5]\d$/,
        'a time of day such as "06:00", in quotes',
        'Time of day. Write it in quotes.',
        '06:00',
      )
      .optional()
      .meta({ description: 'Time of day. Write it in quotes.', default: '06:00', examples: ['06:00'] }),
    timeZone: timeZone.optional().meta({
      description: 'IANA time zone of `at`.',
      default: 'UTC',
      examples: ['Europe/Berlin'],
    }),
    severity: z
      .enum(SEVERITIES)
      .optional()
      .meta({
        description: 'Findings below this severity are not announced.',
        default: 'low',
        examples: ['medium'],
      }),
  })
  .describe(
    'Runs the audit every day in the function `audit`, with a role that only reads, and announces to the channels of the apps what is new and what is gone. `{}` is enough. Default: off.',
  );

export const audit = z
  .strictObject({
    daily: daily.optional(),
    accept: z
      .array(acceptance, { error: 'expected a list of acceptances' })
      .max(200, { error: 'expected at most 200 acceptances' })
      .optional()
      .describe('Findings that are accepted, each with a reason and a last day.'),
  })
  .describe('The [audit](audit.md) of what runs.');
