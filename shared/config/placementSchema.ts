import * as z from 'zod';
import * as field from './fields.ts';

/** What services and tasks have in common: where they run, and as whom. */

export const wholeNumber = (least: number, most: number) => {
  const error = `expected a whole number from ${least} to ${most}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
};

export const network = z
  .strictObject({
    subnets: z
      .array(field.subnet, { error: 'expected a list of subnet ids' })
      .min(1, { error: 'expected at least one subnet' })
      .meta({ description: 'Subnet ids, at least one.', examples: [['subnet-0a1b2c3d']] }),
    securityGroups: z
      .array(field.securityGroup, { error: 'expected a list of security group ids' })
      .meta({
        description: "Security group ids. Default: none named, ECS takes the VPC's own.",
        examples: [['sg-0a1b2c3d']],
      })
      .optional(),
    assignPublicIp: z
      .boolean({ error: 'expected true or false' })
      .meta({ description: 'Whether the task gets a public address.', default: false, examples: [true] })
      .optional(),
  })
  .describe("Network of the task. Default: that of the app's first service.");

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
                .meta({ description: 'Its share of the tasks.', default: 1, examples: [1] })
                .optional(),
              base: wholeNumber(0, 100_000)
                .meta({
                  description: 'How many tasks it takes before shares count.',
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
    "Where the task runs: exactly one of `launchType` and `providers`. Default: like the app's first service.",
  );

export const roles = (otherwise: string) => ({
  taskRole: field
    .role(
      `Role of the containers: name or ARN. What \`iam:PassRole\` is granted for. Default: ${otherwise}.`,
      'web-app-task',
    )
    .optional(),
  executionRole: field
    .role(
      `Role that ECS itself uses to pull and log: name or ARN. What \`iam:PassRole\` is granted for. Default: ${otherwise}.`,
      'web-app-execution',
    )
    .optional(),
  volumeRole: field
    .role(
      `Role that ECS creates EBS volumes with, for tasks whose definition configures volumes at launch: name or ARN, the one that the service uses. What \`iam:PassRole\` is granted for. Default: ${otherwise}.`,
      'ecs-volumes',
    )
    .optional(),
});

export const exec = z
  .boolean({ error: 'expected true or false' })
  .optional()
  .meta({
    description:
      'Whether people may open a shell in its containers with ECS Exec. Its task role needs the permissions of Systems Manager for that.',
    default: false,
    examples: [true],
  });

export const command = (script: string) =>
  z
    .array(z.string({ error: 'expected a text' }), {
      error: `expected the command as a list, such as [npm, run, ${script}]`,
    })
    .min(1, { error: 'expected at least one word' })
    .meta({
      description: "Command to run instead of the task definition's. Default: the task definition's.",
      examples: [['npm', 'run', script]],
    });
