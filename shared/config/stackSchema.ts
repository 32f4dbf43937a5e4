import * as z from 'zod';
import { text } from './fields.ts';

const permissionsBoundary = text(
  /^(?:arn:aws[a-z-]*:iam::(?:\d{12}|aws):policy\/(?:[\w+=,.@/-]{0,510}\/)?[\w+=,.@-]{1,128}|[\w+=,.@-]{1,128})$/,
  'the name or ARN of a managed policy',
  'Name or ARN of the managed policy that is set as permissions boundary on every role of the stack. Default: none.',
  'fairway-boundary',
);

/** IAM API, `path`: at most 512 characters, of which the longest name of a stack needs 48. */
const rolePath = text(
  /^(?=.{1,464}$)\/(?:[\w+=,.@-]+\/)*$/,
  'a path of at most 464 characters that starts and ends with a slash, such as "/fairway/"',
  "IAM path of the stack's roles and managed policies. A stack that reads images of other accounts or regions adds its name: `/fairway/fairway-production/`. Default: `/`.",
  '/fairway/',
);

const TAG_VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u;

/** CloudFormation quotas, tags of a stack. */
const MOST_TAGS = 50;

/** CloudFormation API, `Tag`: keys of 1 to 128 characters, not starting with "aws:". */
const tags = z
  .record(
    z.string().regex(/^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u, {
      error:
        'expected a tag of at most 128 letters, digits, spaces and _ . : / = + - @, not starting with "aws:"',
    }),
    z
      .string({ error: 'expected the value of a tag as a string: put numbers in quotes' })
      .regex(TAG_VALUE, { error: 'expected at most 256 letters, digits, spaces and _ . : / = + - @' }),
  )
  .refine((all) => Object.keys(all).filter((key) => key.toLowerCase() !== 'stage').length < MOST_TAGS, {
    error: `expected at most ${MOST_TAGS - 1} tags: CloudFormation allows ${MOST_TAGS}, and the stack has also \`STAGE\`, the environment`,
  })
  .meta({
    description:
      'Tags of the stack. CloudFormation adds them to every resource that supports tags. At most 49, beside `STAGE`, which is the environment.',
    examples: [{ team: 'platform' }],
  });

/** Settings of the stack that the rules of an AWS account may require. */
export const stack = z
  .strictObject({
    permissionsBoundary: permissionsBoundary.optional(),
    rolePath: rolePath.optional(),
    tags: tags.optional(),
  })
  .describe("Settings of Fairway's own stack, for accounts that require them.");
