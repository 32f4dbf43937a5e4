import * as z from 'zod';
import * as field from '../../config/fields.ts';
import { ignore, passing, raw, resettable, retention, TRUE_OR_FALSE, tags } from './members.ts';
import { service } from './serviceSchema.ts';
import { taskDefinition } from './taskDefinitionSchema.ts';

/** `infrastructure:` in `fairway.yml`, as it is written. Members that it does not list are passed on to AWS. */

const names = z.array(z.string({ error: 'expected a name' }), { error: 'expected a list of names' });

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
