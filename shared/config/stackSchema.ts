import * as z from 'zod';
import { text } from './fields.ts';

const permissionsBoundary = text(
  /^(?:arn:aws[a-z-]*:iam::(?:\d{12}|aws):policy\/[\w+=,.@/-]+|[\w+=,.@-]{1,128})$/,
  'the name or ARN of a managed policy',
  'Name or ARN of the managed policy that limits every role of the stack, for accounts that require a permissions boundary. Default: none.',
  'fairway-boundary',
);

const rolePath = text(
  /^\/(?:[\w+=,.@-]+\/)*$/,
  'a path that starts and ends with a slash, such as "/fairway/"',
  "Path of the stack's roles and managed policies. Default: `/`.",
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
      .string({ error: 'expected the value of a tag as text: quote numbers' })
      .regex(TAG_VALUE, { error: 'expected at most 256 letters, digits, spaces and _ . : / = + - @' }),
  )
  .refine((all) => Object.keys(all).length <= 50, { error: 'expected at most 50 tags' })
  .meta({
    description: 'Tags of the stack. CloudFormation puts them on every resource that takes tags. At most 50.',
    examples: [{ team: 'platform' }],
  });

/** What the account's rules ask of the stack itself. */
export const stack = z
  .strictObject({
    permissionsBoundary: permissionsBoundary.optional(),
    rolePath: rolePath.optional(),
    tags: tags.optional(),
  })
  .describe("What your account's rules require of Fairway's own stack.");
