import * as z from 'zod/mini';

/** A payload that is not what it should be: says where, and what was expected. Trying again cannot help. */
export class IntakeError extends Error {
  constructor(what: string, faults: readonly string[]) {
    super(`failed to read ${what}: ${faults.join('; ')}`);
    this.name = 'IntakeError';
  }
}

/** Parses a payload; every fault is in the one error. Members that the schema does not name are let through unread. */
export function parse<Schema extends z.ZodMiniType>(
  what: string,
  schema: Schema,
  payload: unknown,
): z.output<Schema> {
  const result = z.safeParse(schema, payload);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => {
    const path = issue.path.map(String).join('.') || 'the payload';
    return `${path} ${issue.message || `should be ${'expected' in issue ? String(issue.expected) : issue.code}`}`;
  });
  throw new IntakeError(what, faults);
}
