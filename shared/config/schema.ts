import * as z from 'zod';
import { CHANNELS } from '../announce/channels.ts';
import { infrastructure } from '../infrastructure/source/schema.ts';
import { audit } from './auditSchema.ts';
import * as field from './fields.ts';
import { roles, wholeNumber } from './placementSchema.ts';
import { releaseTask } from './releaseTaskSchema.ts';
import { stack } from './stackSchema.ts';
import { task } from './taskSchema.ts';

/** What people write in `fairway.yml`. `compile.ts` turns it into the configuration that the functions read. */

const tags = z
  .union([
    z.strictObject({ semver: field.versionRange }).describe('The highest version in the range wins.'),
    z
      .strictObject({
        newest: field.tagGlob(
          'Of the tags that match this glob, the one pushed last wins. A glob can contain `*`, `?`, `[a-f]`, `[!a-f]` and `{main,dev}`. It must match the whole tag.',
          'main-*',
        ),
      })
      .describe('The newest push among the matching tags wins.'),
    z.strictObject({ digest: field.movingTag }).describe('A moving tag: the image that it points to wins.'),
  ])
  .meta({
    description: 'Which tags are eligible, and which of them wins. Required, here or in `defaults`.',
    examples: [{ semver: '>=1.0.0' }],
  });

const ignore = z
  .array(field.tagGlob('A glob that tags are matched against.', '*-dev'), {
    error: 'expected a list of globs, such as ["*-dev"]',
  })
  .meta({
    description: 'Globs. Tags that match one of them are never released.',
    default: [],
    examples: [['*-dev']],
  });

const timeouts = z
  .strictObject({
    rollout: field
      .duration(
        '1m',
        '6h',
        'Time from UpdateService until ECS reports the deployment as completed, per wave.',
        '1h',
      )
      .meta({ default: '30m' })
      .optional(),
    rollBack: field
      .duration('1m', '6h', 'Time from the start of a rollback until ECS reports it as completed.', '1h')
      .meta({ default: '30m' })
      .optional(),
    putBack: field
      .duration('1m', '6h', 'Earlier name of `rollBack`.', '1h')
      .meta({ deprecated: true })
      .optional(),
    capacity: field
      .duration('10s', '30m', 'How long Fairway retries a release task for which ECS has no capacity.', '5m')
      .meta({ default: '10m' })
      .optional(),
    task: field
      .duration(
        '10s',
        '12h',
        'Time from RunTask until a release task has stopped. A task can set its own `timeout`.',
        '1h30m',
      )
      .meta({ default: '15m' })
      .optional(),
  })
  .describe('How long each step may take before it fails.');

const service = z
  .strictObject({
    name: field.ecsName('an ECS service', 'Name of the ECS service.', 'web-app'),
    taskDefinition: field
      .ecsName(
        'a task definition family',
        'Task definition family. Default: the name of the service.',
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
          "Containers that get the new image. Default: every container whose image is from the app's repository.",
        examples: [['web']],
      }),
    wave: wholeNumber(1, 50)
      .optional()
      .meta({
        description:
          'Order of the rollout. Services of one wave are updated together, after all lower waves are live.',
        default: 1,
        examples: [2],
      }),
    ...roles('the role in `defaults`, if any'),
    logGroup: field.logGroup.optional(),
  })
  .describe('An ECS service that runs the image.');

const shared = {
  cluster: field
    .ecsName('an ECS cluster', 'Name of the ECS cluster. Required, here or in `defaults`.', 'app-prod')
    .optional(),
  channels: z
    .array(z.string({ error: 'expected the name of a channel' }), {
      error: 'expected a list of channel names',
    })
    .optional()
    .meta({ description: 'Names of the channels that are notified.', default: [], examples: [['deploys']] }),
  timeouts: timeouts.optional(),
  baseRevision: z
    .enum(['live', 'latest'])
    .optional()
    .describe(
      "The revision that a new revision is copied from: the one that the service runs (`live`), or the family's newest ACTIVE revision that Fairway did not register (`latest`).",
    )
    .meta({ default: 'live', examples: ['latest'] }),
  onFailure: z
    .enum(['rollBack', 'leave', 'putBack'])
    .optional()
    .describe(
      'What happens to the updated services when a release fails: all of them roll back (`rollBack`), or they stay as they are and the app is held until someone decides (`leave`). `putBack` is an earlier name of `rollBack`.',
    )
    .meta({ default: 'rollBack', examples: ['leave'] }),
  onResetWeights: z
    .enum(['warn', 'refuse'])
    .optional()
    .describe(
      'What happens before a release of services whose deployments shift traffic when their production listener rule does not point at the target group of what runs, such as after infrastructure code has reset the weights: a warning in the message (`warn`), or the release fails before anything is changed (`refuse`). Needs `diagnosis: { loadBalancers: true }`.',
    )
    .meta({ default: 'warn', examples: ['refuse'] }),
};

const defaults = z
  .strictObject({
    ...shared,
    image: z
      .strictObject({ tags: tags.optional(), ignore: ignore.optional() })
      .optional()
      .describe('Which tags are eligible.'),
    ...roles('none'),
  })
  .describe(
    'Defaults for every app. An app overrides each member of `timeouts` separately, and a list as a whole.',
  );

const app = z
  .strictObject({
    ...shared,
    image: z
      .strictObject({ repository: field.repository, tags: tags.optional(), ignore: ignore.optional() })
      .describe('The ECR repository, and which of its tags are eligible.'),
    before: z
      .array(releaseTask, { error: 'expected a list of release tasks' })
      .optional()
      .describe(
        'Release tasks that run in order before any service is updated, such as migrations. Services are updated only if every one exits with 0.',
      ),
    services: z
      .array(service, { error: 'expected a list of services' })
      .max(50, { error: 'expected at most 50 services: split the app' })
      .optional()
      .describe(
        'The ECS services that run the image, at most 50. An app that has only `tasks` needs none: its image is live as soon as the release tasks have succeeded.',
      ),
    after: z
      .array(releaseTask, { error: 'expected a list of release tasks' })
      .optional()
      .describe(
        'Release tasks that run in order after the rollout, such as smoke tests. If one fails, the services roll back.',
      ),
    tasks: z
      .array(task, { error: 'expected a list of tasks' })
      .max(50, { error: 'expected at most 50 tasks: split the app' })
      .optional()
      .describe('Tasks that run the live image on a schedule or on demand. At most 50.'),
  })
  .describe('An image repository, the services and tasks that run its images, and the release tasks.');

const channel = z
  .union(
    CHANNELS.map(({ kind, options, description }) =>
      z.strictObject({ [kind]: options }).describe(description),
    ),
  )
  .describe('Where notifications are sent.');

const diagnosis = z
  .strictObject({
    loadBalancers: z
      .boolean({ error: 'expected true or false' })
      .optional()
      .meta({
        description:
          'Set to `true` to let Fairway read target groups when a health check of a load balancer fails: the cause then names the path, port, protocol, expected codes and timings of the check, and how many targets are healthy. Before a deployment that shifts traffic, Fairway also checks the weights of its listener rules. This grants `elasticloadbalancing:DescribeTargetGroups`, `DescribeTargetHealth`, `DescribeRules` and `DescribeListeners` on `*`, since AWS offers no narrower resource.',
        default: false,
        examples: [true],
      }),
  })
  .describe('What Fairway can read in addition, to explain failures.');

/** Only its form: what an environment overrides is checked where it applies. */
const overridesOfEnvironment = z
  .looseObject({})
  .describe('Overrides of the file for one environment: any of its members, and `cluster`.');

export const source = z
  .strictObject({
    version: field.version.optional(),
    environment: field.environment,
    installation: field.installation.optional(),
    environments: z
      .record(field.environmentName, z.union([overridesOfEnvironment, z.null()]))
      .optional()
      .describe(
        'Several environments in one file, by name, in the form of `environment`, which names the default. Each overrides parts of the file: mappings member by member, lists and values as a whole, and `null` removes a member. `cluster` is that of apps that name none. `--environment NAME` or FAIRWAY_ENVIRONMENT chooses another. Two environments of the same account and region have different services, and declare a resource that both have alike.',
      ),
    region: field.region.optional(),
    account: field.account.optional(),
    stack: stack.optional(),
    command: field.command.optional(),
    diagnosis: diagnosis.optional(),
    audit: audit.optional(),
    channels: z.record(field.ownName, channel).optional().describe('Notification channels by name.'),
    defaults: defaults.optional(),
    infrastructure: infrastructure.optional(),
    apps: z
      .record(field.ownName, app)
      .refine((apps) => Object.keys(apps).length > 0, { error: 'expected at least one app' })
      .describe('Apps by name.'),
  })
  .describe('The configuration of Fairway: which images are released to which services.');

/** `fairway.yml` as it is written. */
export type Source = z.infer<typeof source>;
export type AuditSource = z.infer<typeof audit>;
export type AppSource = z.infer<typeof app>;
export type DefaultsSource = z.infer<typeof defaults>;
export type ServiceSource = z.infer<typeof service>;
export type TaskSource = z.infer<typeof task>;
export type TagsSource = z.infer<typeof tags>;
export type ChannelSource = z.infer<typeof channel>;
