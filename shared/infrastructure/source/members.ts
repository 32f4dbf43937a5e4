import * as z from 'zod';
import { nearestOf } from '../../domain/nearest.ts';

/** The parts that the schemas of all kinds have in common. */

/** JSON that AWS's API takes: it is passed on as it is. */
export const raw = (description: string, example: unknown) =>
  z
    .unknown()
    .optional()
    .meta({ description, examples: [example] });

/** `null` resets a member that the file no longer sets. */
export const resettable = <Schema extends z.ZodType>(schema: Schema, description: string, example: unknown) =>
  schema
    .nullable()
    .optional()
    .meta({ description, examples: [example] });

export const TRUE_OR_FALSE = { error: 'expected true or false' };

export const wholeNumber = (least: number, most: number) => {
  const error = `expected a whole number from ${least} to ${most}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
};

export const tags = z
  .record(
    z.string().regex(/^(?!aws:|fairway:).{1,128}$/, {
      error: 'expected a tag of at most 128 characters that does not start with "aws:" or "fairway:"',
    }),
    z.string({ error: 'expected the value of a tag as a string: put numbers in quotes' }).nullable(),
  )
  .optional()
  .meta({
    description: 'Tags. Other tags of the resource stay; `null` removes one.',
    examples: [{ team: 'platform' }],
  });

export const ignore = z
  .array(z.string({ error: 'expected the path of a member' }), { error: 'expected a list of paths' })
  .optional()
  .meta({
    description: 'Members that `plan` does not compare, by path.',
    default: [],
    examples: [['networkConfiguration.awsvpcConfiguration.subnets']],
  });

/** A name or an ARN, or a reference: `fairway plan` looks it up. */
export const named = (description: string, example: unknown) =>
  z
    .union([z.string(), z.record(z.string(), z.unknown())], {
      error: 'expected a name, an ARN or a reference',
    })
    .optional()
    .meta({ description, examples: [example] });

/**
 * A mapping whose unknown members are passed on to AWS, save those that look like a mistyped one: AWS would ignore
 * them.
 * @param others members of AWS's API that the schema does not list
 */
export function passing<Shape extends z.core.$ZodLooseShape>(shape: Shape, others: readonly string[] = []) {
  const known = [...Object.keys(shape), ...others];
  return z.looseObject(shape).superRefine((value, context) => {
    for (const member of Object.keys(value)) {
      const nearest = known.includes(member) ? undefined : nearestOf(member, known);
      if (nearest === undefined) continue;
      context.addIssue({
        code: 'custom',
        path: [member],
        message: `expected another member: did you mean "${nearest}"?`,
      });
    }
  });
}

/** CloudWatch Logs API, PutRetentionPolicy. */
const RETENTIONS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

export const retention = wholeNumber(1, 3653).refine((days) => RETENTIONS.includes(days), {
  error: `expected one of the numbers of days that CloudWatch Logs takes: ${RETENTIONS.join(', ')}`,
});
