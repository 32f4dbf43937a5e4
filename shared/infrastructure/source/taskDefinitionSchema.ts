import * as z from 'zod';
import { ignore, named, passing, retention, tags, wholeNumber } from './members.ts';

/** `infrastructure.taskDefinitions` in `fairway.yml`. */

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

export const taskDefinition = z
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

export type TaskDefinitionSource = z.infer<typeof taskDefinition>;

export type ContainerSource = z.infer<typeof container>;
