import { faultOf, isThrottling } from './faults.ts';

/** Where `sendOnce` belongs: below the SDK's retries. */
export const BELOW_RETRIES = { step: 'finalizeRequest', name: 'sendOnce', priority: 'low' } as const;

/**
 * A middleware that keeps the SDK from repeating a call that changes something: after an answer that was lost, a repeat
 * that is throttled would look as if nothing had been carried out. Who sends it looks first, or repeats it knowingly.
 */
export function sendOnce(operation: string) {
  return <Args, Result>(next: (args: Args) => Promise<Result>) =>
    async (args: Args): Promise<Result> => {
      try {
        return await next(args);
      } catch (error) {
        // The SDK repeats only errors that it knows.
        throw faultOf(operation, error);
      }
    };
}

/** The same for a call that only reads: throttled, it waits for its turn among the others. */
export function sendOnceIfThrottled(operation: string) {
  return <Args, Result>(next: (args: Args) => Promise<Result>) =>
    async (args: Args): Promise<Result> => {
      try {
        return await next(args);
      } catch (error) {
        throw isThrottling(error) ? faultOf(operation, error) : error;
      }
    };
}
