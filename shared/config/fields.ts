import semver from 'semver';
import * as z from 'zod';
import { readGlob } from '../domain/glob.ts';
import { TAG_GRAMMAR } from '../domain/image.ts';
import { REGION } from '../domain/partition.ts';
import { REGISTRY_HOST } from '../domain/registry.ts';
import { millisecondsOf } from './duration.ts';

/** The single values in `fairway.yml`. Each error message says what was expected. */

/** A string of one form. The error is the same for a string of another form and for a value of another type. */
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

/** Names of apps and channels become parts of table keys, tags and messages. */
export const ownName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, { error: OWN_NAME });

const ENVIRONMENT = /^[a-z](?:-?[a-z0-9]){0,22}$/;
const AN_ENVIRONMENT =
  'a short name of lowercase letters, digits and -, such as "production", at most 23 characters';

/** The name of an environment as a key of `environments`. */
export const environmentName = z.string().regex(ENVIRONMENT, { error: `expected ${AN_ENVIRONMENT}` });

/** A part of the names of functions and rules, which AWS limits to 64 characters. */
export const environment = text(
  ENVIRONMENT,
  AN_ENVIRONMENT,
  'Name of the environment, shown in every message: `production`, `staging`. The stack and its functions are named after it (`fairway-production-sweep`). Lowercase letters, digits and `-`, at most 23 characters.',
  'production',
);

/** A part of the names of functions and rules, like the environment. */
export const installation = text(
  /^[a-z](?:-?[a-z0-9]){0,14}$/,
  'a short name of lowercase letters, digits and -, such as "payments", at most 15 characters',
  'Needed only where one account and region has several installations with the same `environment`, such as one per team. It becomes part of the names of the stack and its functions (`fairway-payments-production`). Changing it creates a new stack with an empty history. Lowercase letters, digits and `-`, at most 15 characters. Default: none, the stack is `fairway-production`.',
  'payments',
);

export const region = text(
  new RegExp(`^${REGION}$`),
  'the name of an AWS region, such as "eu-west-1"',
  'The AWS region of this installation. If set, every command uses it, whatever the shell or the AWS profile says. Default: `--region`, `AWS_REGION`, `AWS_DEFAULT_REGION`, or the AWS profile, in this order.',
  'eu-west-1',
);

export const account = text(
  /^\d{12}$/,
  'the twelve digits of an AWS account, in quotes',
  'The AWS account of this installation. If set, every command refuses credentials of another account. Write it in quotes.',
  '123456789012',
);

export const command = text(
  /^[^\s`"'][^`\n]{0,99}$/,
  'a command as it is typed, such as "npm run fairway --"',
  "How people in your organization run Fairway's command line. Messages that suggest a command use it: `npm run fairway -- resume web`. In an environment other than the default one, they add `--environment NAME`. Default: `fairway`.",
  'npm run fairway --',
);

/** ECR API, CreateRepository, `repositoryName`. */
const BARE_REPOSITORY =
  '(?=.{2,256}$)(?!\\d{12}\\.dkr[.-]ecr)(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*';

export const repositoryName = text(
  new RegExp(`^${BARE_REPOSITORY}$`),
  'the bare name of an ECR repository, such as "team/app" (no registry, no tag)',
  'Name of the ECR repository, including slashes: `team/app`. No registry, no tag.',
  'team/app',
);

/** The same, behind the host of a private registry if it is another one. */
export const repository = text(
  new RegExp(`^(?:${REGISTRY_HOST}\\/)?${BARE_REPOSITORY}$`),
  'the name of an ECR repository, such as "team/app", or its URI in another account or region, such as "210987654321.dkr.ecr.eu-west-1.amazonaws.com/team/app" (no tag)',
  'Name of the ECR repository, including slashes: `team/app`. Without a registry, it is in the account and region of the stack. The URI of a repository names another account or region: `210987654321.dkr.ecr.eu-west-1.amazonaws.com/team/app`. Its push events must then be forwarded: `fairway forwarding` shows how. No tag.',
  'team/app',
);

export const role = (description: string, example: string) =>
  text(ROLE, 'the name of an IAM role, with its path if it has one, or its ARN', description, example);

/** CloudWatch Logs API, CreateLogGroup, `logGroupName`. */
export const logGroup = text(
  /^[A-Za-z0-9_/.#-]{1,512}$/,
  'the name of a log group, such as "/ecs/web-app"',
  'CloudWatch log group that the containers write to (`awslogs`). Fairway reads the last lines of a failed container from it. Default: no logs are read.',
  '/ecs/web-app',
);

/** A duration between two bounds, both inclusive. */
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
    error: 'expected a range that some version satisfies: this one contradicts itself',
  })
  .meta({
    description:
      'The highest version in this range wins (npm ranges: `>=1.0.0`, `^2.1`, `1.x`). Prereleases are eligible only if the range names one.',
    examples: ['>=1.0.0'],
  });

function someVersionSatisfies(range: string): boolean {
  try {
    return semver.minVersion(range) !== null;
  } catch {
    return false;
  }
}

const A_GLOB = 'expected a glob that matches tags, such as "main-*"';

/** A glob that tags are matched against. */
export const tagGlob = (description: string, example: string) =>
  z
    .string({ error: ({ input }) => insteadOfPattern(input) ?? A_GLOB })
    .min(1, { error: `${A_GLOB}, not an empty string`, abort: true })
    .refine((value) => !('fault' in readGlob(value)), { error: ({ input }) => faultOfGlob(input) })
    .meta({ description, examples: [example] });

function faultOfGlob(glob: unknown): string {
  if (typeof glob !== 'string') return A_GLOB;
  const read = readGlob(glob);
  return 'fault' in read ? read.fault : A_GLOB;
}

/** Earlier versions took `{ pattern: "^main-" }`, a regular expression. */
function insteadOfPattern(input: unknown): string | undefined {
  if (typeof input !== 'object' || input === null || !('pattern' in input)) return undefined;
  const glob = globOf(input.pattern);
  const instead = glob === undefined ? 'a glob' : `"${glob}"`;
  return `${A_GLOB}: regular expressions are no longer supported, write ${instead} instead of the pattern`;
}

/** The glob of a simple regular expression: `^main-` is `main-*`. */
function globOf(pattern: unknown): string | undefined {
  if (typeof pattern !== 'string') return undefined;
  const [, start, word = '', end] = /^(\^?)([\w-]+)(\$?)$/.exec(pattern) ?? [];
  return word === '' ? undefined : `${start ? '' : '*'}${word}${end ? '' : '*'}`;
}

export const movingTag = text(
  TAG_GRAMMAR,
  'a tag, such as "latest": letters, digits, _ . -, not starting with . or -',
  'A moving tag, such as `latest`. The digest that it points to wins.',
  'latest',
);

export const subnet = text(
  /^subnet-[0-9a-f]+$/,
  'the ID of a subnet, such as "subnet-0a1b2c3d"',
  'Subnet ID.',
  'subnet-0a1b2c3d',
);
export const securityGroup = text(
  /^sg-[0-9a-f]+$/,
  'the ID of a security group, such as "sg-0a1b2c3d"',
  'Security group ID.',
  'sg-0a1b2c3d',
);

/**
 * The newest version of the file's form that is read. As with state, only the next minor version may write it, so that
 * a downgrade by one minor version reads the file: decision 18.
 */
const NEWEST_FILE = 2;

const NEWER_FILE = `expected 1 or ${NEWEST_FILE}: install a newer version of Fairway to read this file`;

export const version = z
  .int({ error: NEWER_FILE })
  .min(1, { error: NEWER_FILE })
  .max(NEWEST_FILE, { error: NEWER_FILE })
  .meta({
    description:
      'The version of the form of the file. Leave it out: the form is that of version 1. The next minor version of Fairway may write 2, and this one already reads it.',
    default: 1,
    examples: [1],
  });
