import * as z from 'zod';
import * as field from '../../config/fields.ts';
import { ignore, named, passing, raw, resettable, TRUE_OR_FALSE, tags, wholeNumber } from './members.ts';

/** `infrastructure:` in `fairway.yml`, as it is written. Members that it does not list are passed on to AWS. */

const names = z.array(z.string({ error: 'expected a name' }), { error: 'expected a list of names' });
/** CloudWatch Logs API, PutRetentionPolicy. */
const RETENTIONS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const cluster = passing(
  {
    capacityProviders: names.optional().meta({
      description: 'Capacity providers. Others that the cluster has stay.',
      examples: [['FARGATE', 'FARGATE_SPOT']],
    }),
    defaultCapacityProviderStrategy: raw('The strategy of services that name none.', [
      { capacityProvider: 'FARGATE', weight: 1 },
    ]),
    containerInsights: z
      .enum(['enabled', 'enhanced', 'disabled'])
      .optional()
      .meta({ description: 'CloudWatch Container Insights.', examples: ['enabled'] }),
    configuration: raw('Configuration, such as the logging of ECS Exec.', {
      executeCommandConfiguration: { logging: 'DEFAULT' },
    }),
    tags,
    ignore,
  },
  ['settings', 'serviceConnectDefaults'],
).describe('An ECS cluster. Further members are those of `CreateCluster`.');

const repository = passing(
  {
    scanOnPush: resettable(z.boolean(TRUE_OR_FALSE), 'Whether basic scanning scans each pushed image.', true),
    tagMutability: resettable(
      z.enum(['MUTABLE', 'IMMUTABLE', 'MUTABLE_WITH_EXCLUSION', 'IMMUTABLE_WITH_EXCLUSION']),
      'Whether a tag can be pushed again.',
      'IMMUTABLE_WITH_EXCLUSION',
    ),
    except: names.optional().meta({
      description: 'Tags that are excluded from `tagMutability`: at most 5 patterns with `*`.',
      examples: [['latest']],
    }),
    encryption: raw('Encryption. It is fixed when the repository is created.', { encryptionType: 'KMS' }),
    lifecyclePolicy: raw('Lifecycle policy, as JSON.', {
      rules: [{ rulePriority: 1, selection: { tagStatus: 'untagged' }, action: { type: 'expire' } }],
    }),
    policy: raw('Repository policy, as JSON, such as for pulls from other accounts.', {
      Version: '2012-10-17',
      Statement: [],
    }),
    tags,
    ignore,
  },
  ['imageTagMutability', 'imageScanningConfiguration', 'encryptionConfiguration'],
).describe('An ECR repository. Further members are those of `CreateRepository`.');

const retention = wholeNumber(1, 3653).refine((days) => RETENTIONS.includes(days), {
  error: `expected one of the numbers of days that CloudWatch Logs takes: ${RETENTIONS.join(', ')}`,
});

const logGroup = z
  .strictObject({
    retentionInDays: resettable(
      retention,
      'How long lines are kept, in days. Without it they are kept for ever.',
      30,
    ),
    kmsKeyId: z
      .string()
      .optional()
      .meta({ description: 'KMS key.', examples: ['alias/logs'] }),
    logGroupClass: z
      .enum(['STANDARD', 'INFREQUENT_ACCESS', 'DELIVERY'])
      .optional()
      .meta({ description: 'Class of the log group.', default: 'STANDARD', examples: ['INFREQUENT_ACCESS'] }),
    tags,
    ignore,
  })
  .describe('A CloudWatch log group.');

const LIVE = z.strictObject({
  fromLive: z
    .literal(true)
    .meta({ description: 'Keeps the value that is in AWS, such as of a secret.', examples: [true] }),
});

const container = passing(
  {
    image: z.string({ error: 'expected an image' }).meta({
      description:
        'The image: the name of a repository, whose tag the releases of its app decide, or an image with registry and tag.',
      examples: ['web-app'],
    }),
    port: wholeNumber(1, 65_535)
      .optional()
      .meta({ description: 'The port that it listens on.', examples: [8080] }),
    environment: z
      .record(z.string(), z.union([z.string(), LIVE], { error: 'expected a string: put numbers in quotes' }))
      .optional()
      .meta({
        description: 'Environment variables. `{ fromLive: true }` keeps the value that is in AWS.',
        examples: [{ LOG_LEVEL: 'info' }],
      }),
    secrets: z
      .record(z.string(), z.union([z.string(), z.record(z.string(), z.unknown())]))
      .optional()
      .meta({
        description:
          'Environment variables by the name or ARN of the parameter or secret that has the value.',
        examples: [{ DATABASE_URL: '/web/database-url' }],
      }),
    healthCheck: z
      .union([z.string(), z.record(z.string(), z.unknown())], {
        error: 'expected a command, or a health check',
      })
      .optional()
      .meta({
        description:
          'A shell command that exits with 0 while the container is healthy, or `HealthCheck` of the API.',
        examples: ['curl -f http://localhost:8080/health'],
      }),
    logGroup: z
      .string()
      .optional()
      .meta({
        description: 'The log group. Default: `/ecs/` and the family.',
        examples: ['/ecs/web-app'],
      }),
  },
  ['command', 'essential', 'portMappings', 'logConfiguration', 'dependsOn', 'entryPoint', 'stopTimeout'],
).describe('A container. Further members are those of `ContainerDefinition`.');

const taskDefinition = z
  .union([
    z
      .strictObject({
        file: z.string().meta({
          description:
            'A JSON or YAML file with the input of `RegisterTaskDefinition`, relative to fairway.yml.',
          examples: ['ecs/web-app.json'],
        }),
        tags,
        ignore,
      })
      .describe('From a file.'),
    z
      .strictObject({
        definition: z.record(z.string(), z.unknown()).meta({
          description: 'The input of `RegisterTaskDefinition`.',
          examples: [{ cpu: '256' }],
        }),
        tags,
        ignore,
      })
      .describe('As JSON.'),
    passing(
      {
        cpu: z
          .union([z.string(), z.number()], { error: 'expected CPU units' })
          .optional()
          .meta({ description: 'CPU units.', default: 256, examples: [512] }),
        memory: z
          .union([z.string(), z.number()], { error: 'expected MiB' })
          .optional()
          .meta({ description: 'Memory in MiB.', default: 512, examples: [1024] }),
        architecture: z
          .enum(['X86_64', 'ARM64'])
          .optional()
          .meta({ description: 'Architecture of the image.', default: 'X86_64', examples: ['ARM64'] }),
        executionRole: named('The execution role.', 'web-app-execution'),
        taskRole: named('The task role.', 'web-app-task'),
        retentionInDays: retention.optional().meta({
          description: 'Retention of the log groups that the short form declares.',
          default: 30,
          examples: [90],
        }),
        containers: z
          .record(z.string(), container)
          .refine((all) => Object.keys(all).length > 0, { error: 'expected at least one container' })
          .describe('Containers by name.'),
        tags,
        ignore,
      },
      ['volumes', 'ephemeralStorage', 'runtimePlatform', 'networkMode', 'requiresCompatibilities'],
    ).describe('The short form: Fargate, awsvpc, awslogs.'),
  ])
  .describe('A task definition.');

const tracking = z.union(
  [
    z.number(),
    z.strictObject({
      target: z.number({ error: 'expected a number' }).meta({ description: 'Target value.', examples: [70] }),
      scaleInCooldown: wholeNumber(0, 86_400)
        .optional()
        .meta({ description: 'Seconds between two scale-ins.', default: 300, examples: [300] }),
      scaleOutCooldown: wholeNumber(0, 86_400)
        .optional()
        .meta({ description: 'Seconds between two scale-outs.', default: 60, examples: [60] }),
      resourceLabel: z
        .string()
        .optional()
        .meta({
          description: 'For `requestsPerTarget`: load balancer and target group.',
          examples: ['app/web/0123456789abcdef/targetgroup/web/0123456789abcdef'],
        }),
    }),
  ],
  { error: 'expected a number, or a mapping with "target"' },
);

const scaling = z
  .strictObject({
    min: wholeNumber(0, 5_000).meta({ description: 'Lowest count of tasks.', examples: [2] }),
    max: wholeNumber(0, 5_000).meta({ description: 'Highest count of tasks.', examples: [20] }),
    cpu: tracking
      .optional()
      .meta({ description: 'Target of the average CPU utilization, in percent.', examples: [70] }),
    memory: tracking
      .optional()
      .meta({ description: 'Target of the average memory utilization, in percent.', examples: [80] }),
    requestsPerTarget: tracking
      .optional()
      .meta({ description: 'Target of the requests per target and minute.', examples: [{ target: 1000 }] }),
    policies: raw('Further policies by name: the input of `PutScalingPolicy`.', {}),
    scheduledActions: raw('Scheduled actions by name: the input of `PutScheduledAction`.', {}),
    suspended: raw('What is suspended: `SuspendedState` of the API.', { DynamicScalingInSuspended: true }),
  })
  .refine(({ min, max }) => min <= max, { error: 'expected "min" not above "max"' })
  .describe('Auto scaling of the service.');

const service = passing(
  {
    name: field
      .ecsName('an ECS service', 'Name of the service. Default: its key here.', 'web-app')
      .optional(),
    cluster: field
      .ecsName('an ECS cluster', 'The cluster. Default: that of `defaults`.', 'app-prod')
      .optional(),
    taskDefinition: z
      .string()
      .optional()
      .meta({
        description: 'Family, or `family:revision`. Default: the name of the service.',
        examples: ['web-app'],
      }),
    desiredCount: wholeNumber(0, 5_000)
      .optional()
      .meta({
        description: 'Count of tasks when the service is created. Later changes are left to scaling.',
        default: 1,
        examples: [3],
      }),
    network: z
      .strictObject({
        subnets: raw('Subnets: IDs, or a reference.', ['subnet-0a1b2c3d']),
        securityGroups: raw('Security groups: IDs, or a reference.', ['sg-0a1b2c3d']),
        assignPublicIp: z
          .boolean(TRUE_OR_FALSE)
          .optional()
          .meta({ description: 'Whether tasks get a public IP address.', default: false, examples: [true] }),
      })
      .optional()
      .describe('Short form of `networkConfiguration`.'),
    express: z
      .literal(true, { error: 'expected true' })
      .optional()
      .meta({
        description:
          'A service of Express Mode. ECS manages its settings, load balancer and scaling, so that `plan` leaves it out, and no other member but `name` and `cluster` can be set.',
        examples: [true],
      }),
    scaling: scaling.optional(),
    tags,
    ignore,
  },
  [
    'availabilityZoneRebalancing',
    'capacityProviderStrategy',
    'deploymentConfiguration',
    'deploymentController',
    'enableECSManagedTags',
    'enableExecuteCommand',
    'gatewayConnectors',
    'healthCheckGracePeriodSeconds',
    'launchType',
    'loadBalancers',
    'monitoring',
    'networkConfiguration',
    'placementConstraints',
    'placementStrategy',
    'platformVersion',
    'propagateTags',
    'role',
    'schedulingStrategy',
    'serviceConnectConfiguration',
    'serviceRegistries',
    'volumeConfigurations',
    'vpcLatticeConfigurations',
  ],
)
  .refine(isManagedByOne, { error: 'expected no other member than "name" and "cluster" beside "express"' })
  .describe('An ECS service. Further members are those of `CreateService`.');

/** ECS manages the settings of an Express Mode service. */
function isManagedByOne(service: { readonly express?: boolean | undefined }): boolean {
  const others = Object.keys(service).filter((member) => !['express', 'name', 'cluster'].includes(member));
  return service.express === undefined || others.length === 0;
}

export const infrastructure = z
  .strictObject({
    include: names.optional().meta({
      description:
        'Files with further parts of `infrastructure`, relative to fairway.yml. The last part of a path may have `*`.',
      examples: [['infrastructure/*.yml']],
    }),
    clusters: z.record(field.ownName, cluster).optional().describe('ECS clusters by name.'),
    repositories: z.record(field.repositoryName, repository).optional().describe('ECR repositories by name.'),
    logGroups: z.record(field.logGroup, logGroup).optional().describe('CloudWatch log groups by name.'),
    taskDefinitions: z
      .record(field.ownName, taskDefinition)
      .optional()
      .describe('Task definitions by family.'),
    services: z.record(field.ownName, service).optional().describe('ECS services by name.'),
  })
  .describe('What `fairway plan` compares and `fairway apply` creates.');

export type InfrastructureSource = z.infer<typeof infrastructure>;
export type ClusterSource = z.infer<typeof cluster>;
export type RepositorySource = z.infer<typeof repository>;
export type LogGroupSource = z.infer<typeof logGroup>;
export type TaskDefinitionSource = z.infer<typeof taskDefinition>;
export type ContainerSource = z.infer<typeof container>;
export type ServiceSource = z.infer<typeof service>;
export type ScalingSource = z.infer<typeof scaling>;
export type TrackingSource = z.infer<typeof tracking>;
