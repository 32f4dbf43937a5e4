import * as z from 'zod';
import * as field from './fields.ts';
import { overrides, retries } from './overridesSchema.ts';
import { capacity, command, exec, network, roles } from './placementSchema.ts';

/** `before` and `after` of an app: release tasks. */

export const releaseTask = z
  .strictObject({
    name: field.ecsName('the release task', 'Name of the release task, shown in messages.', 'db-migrate'),
    taskDefinition: field
      .ecsName(
        'a task definition family',
        'Task definition family. Default: the name of the release task.',
        'db-migrate',
      )
      .optional(),
    container: field.ecsName(
      'a container',
      'The container whose exit code decides whether the task succeeded.',
      'migrate',
    ),
    command: command('migrate').optional(),
    ...overrides,
    timeout: field
      .duration(
        '10s',
        '12h',
        'Time from RunTask until the task has stopped. Default: `timeouts.task`.',
        '15m',
      )
      .optional(),
    reversible: z
      .boolean({ error: 'expected true or false' })
      .optional()
      .meta({
        description:
          'Set to `false` for a task whose changes the previous version cannot run with. If a release fails after this task has run, Fairway does not roll back: the app is held until someone decides.',
        default: true,
        examples: [false],
      }),
    retries: retries(
      'Whether a failed release task is retried, so that it can run more than once per release: for tasks that are harmless when they are repeated. An attempt starts only when the one before it has stopped.',
      'After an interruption of Fargate Spot the task also starts once more on demand, which does not count as a retry. Default: it is not retried.',
    ).optional(),
    network: network.optional(),
    capacity: capacity.optional(),
    exec,
    ...roles('the role in `defaults`, if any'),
    logGroup: field.logGroup.optional(),
  })
  .describe('An ECS task that runs as a part of each release: once, unless `retries` is set.');

export type ReleaseTaskSource = z.infer<typeof releaseTask>;
