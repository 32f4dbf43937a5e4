import { AwsFault } from './ports.ts';

/**
 * A call after which something may have been carried out already: that it is throttled itself does not prove that
 * nothing was.
 */
export async function uncertain<Output>(call: () => Promise<Output>): Promise<Output> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof AwsFault) || !error.throttling) throw error;
    throw new AwsFault(error.code, error.message, error.passing, error.resourceIds, { cause: error.cause });
  }
}

/** Sends once more, after a look, what may have been carried out without an answer. */
export async function orAgain<Output>(
  call: () => Promise<Output>,
  again: () => Promise<Output>,
): Promise<Output> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof AwsFault) || !error.passing || error.throttling) throw error;
    return uncertain(again);
  }
}
