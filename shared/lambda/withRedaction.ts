import { Logger } from '@aws-lambda-powertools/logger';
import { redactError } from '../domain/redaction/errors.ts';
import { redactMember, withoutSecrets } from '../domain/redaction/structures.ts';

/** The one logger: what it writes, messages, facts and errors, holds no secrets. */
export function createLogger(): Logger {
  return new Logger({ jsonReplacerFn: redactMember });
}

/**
 * Does the work of an invocation of which nothing leaves with secrets in it: neither what it answers nor what it
 * throws, which Lambda logs once more and hands to the caller and to the dead-letter queue.
 */
export async function leaving<Result>(
  logger: Pick<Logger, 'error'>,
  event: unknown,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return withoutSecrets(await work());
  } catch (error) {
    logger.error('invocation failed', { event, error });
    throw redactError(error);
  }
}
