import * as z from 'zod';
import * as field from './fields.ts';
import { capacity, command, exec, network, roles, wholeNumber } from './placementSchema.ts';
import { stack } from './stackSchema.ts';
import { task } from './taskSchema.ts';

/** What people write in `fairway.yml`. `compile.ts` makes the configuration of it that functions see. */

const tags = z
  .union([
    z.strictObject({ semver: field.versionRange }).describe('Versions: the highest in the range wins.'),
    z
      .strictObject({
        newest: field.tagGlob(
          'The newest push among the tags that this glob matches wins. A glob has `*`, `?`, `[a-f]`, `[!a-f]` and `{main,dev}`, and is compared with the whole tag.',
          'main-*',
        ),
      })
      .describe('Pushes: the newest among the matching tags wins.'),
    z.strictObject({ digest: field.movingTag }).describe('A moving tag: what it points at wins.'),
  ])
  .meta({
    description:
      'Which tags count, and which of them wins. Default: none, every app needs one, its own or that of `defaults`.',
    examples: [{ semver: '>=1.0.0' }],
  });

const ignore = z
  .array(field.tagGlob('Glob over tags.', '*-dev'), { error: 'expected a list of globs, such as ["*-dev"]' })
  .meta({ description: 'Tags that never count, as globs.', default: [], examples: [['*-dev']] });

const timeouts = z
  .strictObject({
    rollout: field
      .duration('1m', '6h', 'From UpdateService until ECS calls the deployment completed, per wave.', '1h')
      .meta({ default: '30m' })
      .optional(),
    putBack: field
      .duration('1m', '6h', 'From the order to go back until ECS calls that completed.', '1h')
      .meta({ default: '30m' })
      .optional(),
    capacity: field
      .duration('10s', '30m', 'How long a release task may fail to find capacity.', '5m')
      .meta({ default: '10m' })
      .optional(),
    task: field
      .duration(
        '10s',
        '12h',
        'From RunTask until a release task has stopped, unless the task says otherwise.',
        '1h30m',
      )
      .meta({ default: '15m' })
      .optional(),
  })
  .describe('When to give up.');

const releaseTask = z
  .strictObject({
    name: field.ecsName('the release task', 'What messages call it.', 'db-migrate'),
    taskDefinition: field
      .ecsName(
        'a task definition family',
        'Task-definition family. Default: the name of the release task.',
        'db-migrate',
      )
      .optional(),
    container: field.ecsName('a container', 'The container whose exit code counts.', 'migrate'),
    command: command('migrate').optional(),
    timeout: field
      .duration('10s', '12h', 'From RunTask until it has stopped. Default: `timeouts.task`.', '15m')
      .optional(),
    reversible: z
      .boolean({ error: 'expected true or false' })
      .optional()
      .meta({
        description:
          'False: once this task has run, a failed release is left to a person instead of being put back.',
        default: true,
        examples: [false],
      }),
    network: network.optional(),
    capacity: capacity.optional(),
    exec,
    ...roles('that of `defaults`, if there is one'),
    logGroup: field.logGroup.optional(),
  })
  .describe('A one-off ECS task that belongs to a release.');

const service = z
  .strictObject({
    name: field.ecsName('an ECS service', 'Name of the ECS service.', 'web-app'),
    taskDefinition: field
      .ecsName(
        'a task definition family',
        'Task-definition family. Default: the name of the service.',
        'web-app',
      )
      .optional(),
    containers: z
      .array(field.ecsName('a container', 'Container name.', 'web'), {
        error: 'expected a list of container names',
      })
      .optional()
      .meta({
        description:
          "Containers that take the new image. Default: every container whose image is of the app's repository.",
        examples: [['web']],
      }),
    wave: wholeNumber(1, 50)
      .optional()
      .meta({
        description: 'Services of a lower wave are live before those of a higher one change.',
        default: 1,
        examples: [2],
      }),
    ...roles('that of `defaults`, if there is one'),
    logGroup: field.logGroup.optional(),
  })
  .describe('An ECS service that runs the image.');

const shared = {
  cluster: field
    .ecsName(
      'an ECS cluster',
      'Name of the ECS cluster. Default: none, every app needs one, its own or that of `defaults`.',
      'app-prod',
    )
    .optional(),
  channels: z
    .array(z.string({ error: 'expected the name of a channel' }), {
      error: 'expected a list of channel names',
    })
    .optional()
    .meta({ description: 'Names of the channels that are told.', default: [], examples: [['deploys']] }),
  timeouts: timeouts.optional(),
  baseRevision: z
    .enum(['live', 'latest'])
    .optional()
    .describe(
      "What a new revision is made from: the one the service runs (`live`), or the family's newest ACTIVE one that Fairway did not make (`latest`).",
    )
    .meta({ default: 'live', examples: ['latest'] }),
  onFailure: z
    .enum(['putBack', 'leave'])
    .optional()
    .describe(
      'What a failed release does to services that changed: all go back (`putBack`), or stay as they are, and the app is held, until a person decides (`leave`).',
    )
    .meta({ default: 'putBack', examples: ['leave'] }),
};

const defaults = z
  .strictObject({
    ...shared,
    image: z
      .strictObject({ tags: tags.optional(), ignore: ignore.optional() })
      .optional()
      .describe('Which tags count.'),
    ...roles('none'),
  })
  .describe(
    'What every app takes unless it says otherwise. `timeouts` are merged one by one; lists are replaced.',
  );

const app = z
  .strictObject({
    ...shared,
    image: z
      .strictObject({ repository: field.repository, tags: tags.optional(), ignore: ignore.optional() })
      .describe('The image repository, and which of its tags count.'),
    before: z
      .array(releaseTask, { error: 'expected a list of release tasks' })
      .optional()
      .describe(
        'Release tasks before any service changes, in order: migrations. No service is touched unless each ended with 0.',
      ),
    services: z
      .array(service, { error: 'expected a list of services' })
      .max(50, { error: 'expected at most 50 services: split the app' })
      .optional()
      .describe(
        'The services that run the image, at most 50. An app of `tasks` alone needs none: an image is live as soon as its release tasks have succeeded.',
      ),
    after: z
      .array(releaseTask, { error: 'expected a list of release tasks' })
      .optional()
      .describe(
        'Release tasks after the rollout, in order: smoke tests. One that fails puts the services back.',
      ),
    tasks: z
      .array(task, { error: 'expected a list of tasks' })
      .max(50, { error: 'expected at most 50 tasks: split the app' })
      .optional()
      .describe('Tasks that run on a schedule or on demand, on the image that is live. At most 50.'),
    gates: z
      .array(z.never({ error: 'expected no gate: none exist yet' }), { error: 'expected a list' })
      .optional()
      .describe('Conditions a release waits for. None exist yet: leave it empty.')
      .meta({ default: [], examples: [[]] }),
  })
  .describe('An image repository, the services that run it, and what belongs to a release.');

const token = z
  .union([z.strictObject({ ssm: field.parameterName }), z.strictObject({ secretsManager: field.secretName })])
  .describe(
    'Where the bot token stands: exactly one of `ssm` and `secretsManager`. A secret encrypted with a KMS key of your own needs a key policy that lets the roles of the functions decrypt.',
  );

const channel = z
  .union([
    z
      .strictObject({
        slack: z
          .strictObject({ channel: field.slackChannel, token })
          .describe('A Slack channel, written to with a bot token.'),
      })
      .describe('Slack.'),
    z
      .strictObject({
        sns: z
          .strictObject({ topic: field.topicArn.optional() })
          .describe('An SNS topic; `{}` for the one of the stack.'),
      })
      .describe('SNS.'),
  ])
  .describe('Where people are told.');

export const source = z
  .strictObject({
    environment: field.environment,
    installation: field.installation.optional(),
    region: field.region.optional(),
    stack: stack.optional(),
    command: field.command.optional(),
    channels: z.record(field.ownName, channel).optional().describe('Channels by name.'),
    defaults: defaults.optional(),
    apps: z
      .record(field.ownName, app)
      .refine((apps) => Object.keys(apps).length > 0, { error: 'expected at least one app' })
      .describe('Apps by name.'),
  })
  .describe('Which images go live where: the one file to edit.');

/** `fairway.yml` as it is written. */
export type Source = z.infer<typeof source>;
export type AppSource = z.infer<typeof app>;
export type DefaultsSource = z.infer<typeof defaults>;
export type ReleaseTaskSource = z.infer<typeof releaseTask>;
export type ServiceSource = z.infer<typeof service>;
export type TaskSource = z.infer<typeof task>;
export type TagsSource = z.infer<typeof tags>;
export type ChannelSource = z.infer<typeof channel>;
