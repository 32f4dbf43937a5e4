import * as z from 'zod';
import { text } from './fields.ts';

const permissionsBoundary = text(
  /^(?:arn:aws[a-z-]*:iam::(?:\d{12}|aws):policy\/[\w+=,.@/-]+|[\w+=,.@-]{1,128})$/,
  'the name or ARN of a managed policy',
  'Name or ARN of the managed policy that is set as permissions boundary on every role of the stack. Default: none.',
  'fairway-boundary',
);

const rolePath = text(
  /^\/(?:[\w+=,.@-]+\/)*$/,
  'a path that starts and ends with a slash, such as "/fairway/"',
  "IAM path of the stack's roles and managed policies. A stack that reads images of other accounts or regions adds its name: `/fairway/fairway-production/`. Default: `/`.",
  '/fairway/',
);

const TAG_VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u;

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
  .refine((all) => Object.keys(all).length <= 50, { error: 'expected at most 50 tags' })
  .meta({
    description:
      'Tags of the stack. CloudFormation adds them to every resource that supports tags. At most 50.',
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
