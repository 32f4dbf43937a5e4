import semver from 'semver';
import * as z from 'zod';
import { readGlob } from '../domain/glob.ts';
import { millisecondsOf } from './duration.ts';
import { globInsteadOf } from './patternToGlob.ts';
import { canMatch, TAG_GRAMMAR } from './tagGlobs.ts';

/** The leaves of `fairway.yml`. Every message is what was expected, as people would say it. */

/** Text of one form; `expected` is said whether the text has another form or there is no text at all. */
export function text(form: RegExp, expected: string, description: string, example: string) {
  return z
    .string({ error: `expected ${expected}` })
    .regex(form, { error: `expected ${expected}` })
    .meta({ description, examples: [example] });
}

const ECS_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,254}$/;
const ROLE =
  /^(?:arn:aws[a-z-]*:iam::\d{12}:role\/(?:[\w+=,.@-]+\/)*[\w+=,.@-]{1,64}|(?:[\w+=,.@-]+\/)*[\w+=,.@-]{1,64})$/;

export const ecsName = (what: string, description: string, example: string) =>
  text(ECS_NAME, `the name of ${what} (letters, digits, - and _; not an ARN)`, description, example);

export const OWN_NAME = 'expected a name of letters, digits, - and _, at most 64';

/** Names of apps and channels: they become parts of table keys, tags and messages. */
export const ownName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, { error: OWN_NAME });

/** Becomes a part of the functions' and rules' names, which AWS keeps to 64 characters. */
export const environment = text(
  /^[a-z](?:-?[a-z0-9]){0,22}$/,
  'a short name of small letters, digits and -, such as "production", at most 23',
  'What people call the place, shown in every message: `production`, `staging`. The stack and its functions are named after it (`fairway-production-sweep`). Small letters, digits and `-`, at most 23.',
  'production',
);

/** Becomes a part of the functions' and rules' names, like the environment. */
export const installation = text(
  /^[a-z](?:-?[a-z0-9]){0,14}$/,
  'a short name of small letters, digits and -, such as "payments", at most 15',
  'Set this where several installations share one environment in one account and region, such as one per team: it becomes part of the name of the stack and its functions (`fairway-payments-production`). Changing it makes a new stack with an empty history. Small letters, digits and `-`, at most 15. Default: none, the stack is `fairway-production`.',
  'payments',
);

export const region = text(
  /^[a-z]{2}(?:-[a-z]+)+-\d$/,
  'the name of an AWS region, such as "eu-west-1"',
  'The AWS region of this installation. With it, every command works in this region, whatever the shell or the AWS profile says. Default: `--region`, `AWS_REGION`, `AWS_DEFAULT_REGION`, or the AWS profile, in this order.',
  'eu-west-1',
);

export const command = text(
  /^[^\s`"'][^`\n]{0,99}$/,
  'a command as people type it, such as "npm run fairway --"',
  "How your people call Fairway's command. Messages that advise one use it: `npm run fairway -- resume web`. Default: `fairway`.",
  'npm run fairway --',
);

/** ECR API, CreateRepository, `repositoryName`. */
export const repository = text(
  /^(?=.{2,256}$)(?!\d{12}\.dkr[.-]ecr)(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/,
  'the bare name of an ECR repository, such as "team/app" (no registry, no tag)',
  'Bare name of the ECR repository, slashes included: `team/app`. No registry, no tag.',
  'team/app',
);

export const role = (description: string, example: string) =>
  text(ROLE, 'the name of an IAM role, with its path if it has one, or its ARN', description, example);

/** CloudWatch Logs API, CreateLogGroup, `logGroupName`. */
export const logGroup = text(
  /^[A-Za-z0-9_/.#-]{1,512}$/,
  'the name of a log group, such as "/ecs/web-app"',
  'CloudWatch log group that the containers write to (`awslogs`): where the last lines of a failed container are read. Default: none are read.',
  '/ecs/web-app',
);

/** A duration between two bounds, both in milliseconds and both allowed. */
export const duration = (least: string, most: string, description: string, example: string) => {
  const expected = `expected a duration between ${least} and ${most}, such as "90s", "30m" or "1h30m"`;
  return z
    .string({ error: expected })
    .regex(/^(?=\d)(?:\d+h)?(?:\d+m)?(?:\d+s)?$/, { error: expected, abort: true })
    .refine((value) => within(value, least, most), { error: expected })
    .meta({ description: `Between ${least} and ${most}. ${description}`, examples: [example] });
};

function within(value: string, least: string, most: string): boolean {
  const span = millisecondsOf(value) ?? Number.NaN;
  return span >= (millisecondsOf(least) ?? 0) && span <= (millisecondsOf(most) ?? 0);
}

export const versionRange = z
  .string({ error: 'expected a range of versions, such as ">=1.0.0"' })
  .refine((value) => semver.validRange(value) !== null, {
    error: 'expected a range of versions as npm writes them, such as ">=1.0.0", "^2.1" or "1.x"',
    abort: true,
  })
  .refine(someVersionSatisfies, {
    error: 'expected a range that some version satisfies, this one contradicts itself',
  })
  .meta({
    description:
      'The highest version in this range wins (npm ranges: `>=1.0.0`, `^2.1`, `1.x`). Prereleases count only when the range names them.',
    examples: ['>=1.0.0'],
  });

function someVersionSatisfies(range: string): boolean {
  try {
    return semver.minVersion(range) !== null;
  } catch {
    return false;
  }
}

const A_GLOB = 'expected a glob over tags, such as "main-*"';

/** A glob over tags that can match one at all. */
export const tagGlob = (description: string, example: string) =>
  z
    .string({ error: ({ input }) => insteadOfPattern(input) ?? A_GLOB })
    .min(1, { error: `${A_GLOB}, not an empty text`, abort: true })
    .refine((value) => !('fault' in readGlob(value)), {
      error: ({ input }) => faultOfGlob(input),
      abort: true,
    })
    .refine((value) => canMatch(value), {
      error:
        'expected a glob that some tag can match: tags have letters, digits, _ . -, do not start with . or -, and end at 128 characters',
    })
    .meta({ description, examples: [example] });

function faultOfGlob(glob: unknown): string {
  if (typeof glob !== 'string') return A_GLOB;
  const read = readGlob(glob);
  return 'fault' in read ? read.fault : A_GLOB;
}

/** Earlier versions took `{ pattern: "^main-" }`, a regular expression. */
function insteadOfPattern(input: unknown): string | undefined {
  if (typeof input !== 'object' || input === null || !('pattern' in input)) return undefined;
  const glob = typeof input.pattern === 'string' ? globInsteadOf(input.pattern) : undefined;
  return `${A_GLOB}: regular expressions are no longer supported${glob === undefined ? '' : `, write "${glob}" instead`}`;
}

export const movingTag = text(
  TAG_GRAMMAR,
  'a tag, such as "latest": letters, digits, _ . -, not starting with . or -',
  'A moving tag, such as `latest`: whatever digest it points at wins.',
  'latest',
);

export const slackChannel = text(
  /^[CGD][A-Z0-9]{6,20}$/,
  'the id of a Slack channel, such as "C0123456789" (in Slack: channel details, at the bottom)',
  'Id of the Slack channel, such as `C0123456789` (not its name).',
  'C0123456789',
);

export const topicArn = text(
  /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/,
  'the ARN of an SNS topic',
  "ARN of an SNS topic. Default: the topic that Fairway's stack creates.",
  'arn:aws:sns:eu-central-1:123456789012:deploys',
);

/** Messages never repeat the value: someone may have written the secret itself here. */
export const parameterName = text(
  /^(?!xox)\/?[A-Za-z0-9_.-]+(?:\/[A-Za-z0-9_.-]+)*$/,
  'the name of a parameter in SSM Parameter Store, such as "/fairway/slack-token", not the secret itself',
  'Name of a parameter in SSM Parameter Store, such as `/fairway/slack-token`.',
  '/fairway/slack-token',
);

export const secretName = text(
  /^(?!xox)[A-Za-z0-9/_+=.@:-]{1,512}$/,
  'the name or ARN of a secret in Secrets Manager, not the secret itself',
  'Name or ARN of a secret in Secrets Manager.',
  'fairway/slack-token',
);

export const subnet = text(
  /^subnet-[0-9a-f]+$/,
  'the id of a subnet, such as "subnet-0a1b2c3d"',
  'Subnet id.',
  'subnet-0a1b2c3d',
);
export const securityGroup = text(
  /^sg-[0-9a-f]+$/,
  'the id of a security group, such as "sg-0a1b2c3d"',
  'Security group id.',
  'sg-0a1b2c3d',
);
