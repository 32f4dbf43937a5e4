import * as z from 'zod';
import * as field from './fields.ts';
import { wholeNumber } from './placementSchema.ts';

/** What release tasks and other tasks change of their task definition, and how they are repeated. */

const VARIABLE = 'expected the name of an environment variable';

export const overrides = {
  environment: z
    .record(
      z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: VARIABLE }),
      z.string({ error: 'expected a string: put numbers, true and false in quotes' }).meta({
        description: 'Value of the environment variable.',
        examples: ['nightly'],
      }),
    )
    .optional()
    .meta({
      description:
        "Environment variables, added to the task definition's; they override those of the same name. Not for secrets: use `secrets` in the task definition.",
      examples: [{ REPORT: 'nightly' }],
    }),
  cpu: wholeNumber(128, 196_608)
    .optional()
    .meta({
      description: "CPU units of the whole task (1,024 units are one vCPU). Default: the task definition's.",
      examples: [1024],
    }),
  memory: wholeNumber(4, 1_048_576)
    .optional()
    .meta({
      description: "Memory of the whole task in MiB. Default: the task definition's.",
      examples: [2048],
    }),
  ephemeralStorage: wholeNumber(21, 200)
    .optional()
    .meta({
      description: "Ephemeral storage in GiB (Fargate). Default: the task definition's.",
      examples: [50],
    }),
};

const members = z.strictObject({
  times: wholeNumber(0, 10)
    .optional()
    .meta({ description: 'How many times a failed task is retried.', default: 2, examples: [3] }),
  backoff: field
    .duration('1s', '30m', 'Delay before the first retry; doubled for each further retry.', '1m')
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
        'Exit codes that are retried: a list, or `any`. Default: none, a task that has run is not retried.',
      examples: [[75]],
    }),
});

export const retries = (when: string, more: string) =>
  members.describe(
    `${when} A temporary cause that kept the container from running, such as a registry that did not answer or an interrupted Spot instance, is always retried. An exit code is retried only if \`exitCodes\` names it. ${more}`,
  );
