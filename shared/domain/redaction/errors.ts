import { redact } from './redact.ts';
import { redactAll } from './structures.ts';

/** Causes of causes that are followed. */
const DEEPEST = 8;

/**
 * What may be thrown where others see it: an error of the same name without secrets in its message, its stack and its
 * causes. Whatever else it carries stays behind. What is none is a copy without secrets.
 */
export function redactError(error: unknown, depth = 0): unknown {
  if (typeof error === 'string') return redact(error);
  if (!(error instanceof Error)) return redactAll(error);
  if (depth > DEEPEST) return undefined;
  const cause = redactError(error.cause, depth + 1);
  const options = error.cause === undefined ? {} : { cause };
  const message = redact(error.message);
  const copy =
    error instanceof AggregateError
      ? new AggregateError(
          error.errors.map((one) => redactError(one, depth + 1)),
          message,
          options,
        )
      : new Error(message, options);
  copy.name = error.name;
  if (error.stack !== undefined) copy.stack = redact(error.stack);
  return copy;
}
