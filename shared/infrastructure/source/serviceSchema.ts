import * as z from 'zod';
import * as field from '../../config/fields.ts';
import { ignore, passing, raw, TRUE_OR_FALSE, tags, wholeNumber } from './members.ts';

/** `infrastructure.services` in `fairway.yml`. */

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
    min: wholeNumber(0, 5_000).meta({ description: 'Minimum number of tasks.', examples: [2] }),
    max: wholeNumber(0, 5_000).meta({ description: 'Maximum number of tasks.', examples: [20] }),
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

export const service = passing(
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

export type ServiceSource = z.infer<typeof service>;

export type ScalingSource = z.infer<typeof scaling>;

export type TrackingSource = z.infer<typeof tracking>;
