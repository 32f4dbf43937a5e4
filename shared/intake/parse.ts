import * as z from 'zod/mini';

/** An invalid payload: where it is wrong, and what was expected. A retry cannot succeed. */
export class IntakeError extends Error {
  constructor(what: string, faults: readonly string[]) {
    super(`failed to read ${what}: ${faults.join('; ')}`);
    this.name = 'IntakeError';
  }
}

/**
 * Parses a payload. One error lists every fault, with its path and what was expected, but no values: a payload can
 * contain what must not be logged. Members that are not in the schema are ignored.
 */
export function parse<Schema extends z.ZodMiniType>(
  what: string,
  schema: Schema,
  payload: unknown,
): z.output<Schema> {
  const result = z.safeParse(schema, payload, { reportInput: true });
  if (result.success) return result.data;
  throw new IntakeError(what, result.error.issues.map(describe));
}

/** A time in ISO 8601, as in events of EventBridge → epoch milliseconds. */
export const instant = z.pipe(
  z.string().check(z.refine((text) => !Number.isNaN(Date.parse(text)), 'should be a time in ISO 8601')),
  z.transform((text: string) => Date.parse(text)),
);

function describe(issue: z.core.$ZodIssue): string {
  const path = issue.path.length === 0 ? 'the payload' : issue.path.map(String).join('.');
  return `${path} ${expectation(issue)}`;
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? `is missing: it should be ${kind(issue.expected)}`
        : `should be ${kind(issue.expected)}`;
    case 'too_small':
      if (issue.origin === 'string') return 'should not be empty';
      return `should be ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`;
    case 'unrecognized_keys':
      return `should not have ${issue.keys.join(', ')}`;
    case 'invalid_union':
      return `should be one of ${optionsOf(issue).join(', ')}`;
    default:
      return issue.message;
  }
}

function kind(expected: string): string {
  if (expected === 'int') return 'a whole number';
  return /^[aeio]/.test(expected) ? `an ${expected}` : `a ${expected}`;
}

function optionsOf(issue: z.core.$ZodIssueInvalidUnion): string[] {
  return 'options' in issue && Array.isArray(issue.options) ? issue.options.map(String) : [];
}
