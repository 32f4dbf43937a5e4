import * as z from 'zod';
import * as field from './fields.ts';

/** What services and tasks have in common: network, capacity, roles and command. */

export const wholeNumber = (least: number, most: number) => {
  const error = `expected a whole number from ${least} to ${most}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
};

export const network = z
  .strictObject({
    subnets: z
      .array(field.subnet, { error: 'expected a list of subnet IDs' })
      .min(1, { error: 'expected at least one subnet' })
      .meta({ description: 'Subnet IDs, at least one.', examples: [['subnet-0a1b2c3d']] }),
    securityGroups: z
      .array(field.securityGroup, { error: 'expected a list of security group IDs' })
      .meta({
        description: "Security group IDs. Default: the VPC's default security group.",
        examples: [['sg-0a1b2c3d']],
      })
      .optional(),
    assignPublicIp: z
      .boolean({ error: 'expected true or false' })
      .meta({ description: 'Whether the task gets a public IP address.', default: false, examples: [true] })
      .optional(),
  })
  .describe("Network configuration of the task (awsvpc). Default: that of the app's first service.");

export const capacity = z
  .union([
    z
      .strictObject({
        launchType: z
          .enum(['FARGATE', 'EC2', 'EXTERNAL'])
          .meta({ description: 'A launch type.', examples: ['FARGATE'] }),
      })
      .describe('A launch type.'),
    z
      .strictObject({
        providers: z
          .array(
            z.strictObject({
              provider: field.ecsName(
                'a capacity provider',
                'Name of the capacity provider.',
                'FARGATE_SPOT',
              ),
              weight: wholeNumber(0, 1000)
                .meta({ description: 'Relative share of the tasks.', default: 1, examples: [1] })
                .optional(),
              base: wholeNumber(0, 100_000)
                .meta({
                  description: 'Minimum number of tasks on this provider, before weights apply.',
                  default: 0,
                  examples: [0],
                })
                .optional(),
            }),
          )
          .min(1, { error: 'expected at least one capacity provider' })
          .meta({ description: 'Capacity providers, instead of a launch type.' }),
      })
      .describe('Capacity providers.'),
  ])
  .describe(
    "Where the task runs: exactly one of `launchType` and `providers`. Default: that of the app's first service.",
  );

export const roles = (otherwise: string) => ({
  taskRole: field
    .role(
      `Name or ARN of the task role. Fairway gets \`iam:PassRole\` for it. Default: ${otherwise}.`,
      'web-app-task',
    )
    .optional(),
  executionRole: field
    .role(
      `Name or ARN of the task execution role. Fairway gets \`iam:PassRole\` for it. Default: ${otherwise}.`,
      'web-app-execution',
    )
    .optional(),
  volumeRole: field
    .role(
      `Name or ARN of the infrastructure role with which ECS creates EBS volumes, for task definitions with volumes that are configured at launch: the role that the service uses. Fairway gets \`iam:PassRole\` for it. Default: ${otherwise}.`,
      'ecs-volumes',
    )
    .optional(),
});

export const exec = z
  .boolean({ error: 'expected true or false' })
  .optional()
  .meta({
    description:
      'Whether ECS Exec is enabled, to open a shell in the containers. The task role then needs the `ssmmessages` permissions.',
    default: false,
    examples: [true],
  });

export const command = (script: string) =>
  z
    .array(z.string({ error: 'expected a string' }), {
      error: `expected the command as a list, such as [npm, run, ${script}]`,
    })
    .min(1, { error: 'expected at least one string' })
    .meta({
      description: "Command that overrides the task definition's. Default: the task definition's.",
      examples: [['npm', 'run', script]],
    });
