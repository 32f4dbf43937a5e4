import type { UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { faultOf, isThrottling } from './faults.ts';

/**
 * Keeps the SDK from repeating a call whose answer was lost: UpdateService has no condition, and someone else may have
 * deployed between the two calls. A throttled call was not carried out, and is repeated as usual.
 */
export function sendOnce(operation: string, stack: UpdateServiceCommand['middlewareStack']): void {
  stack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        // The SDK repeats only errors that it knows.
        throw isThrottling(error) ? error : faultOf(operation, error);
      }
    },
    { step: 'finalizeRequest', name: 'sendOnce', priority: 'low' },
  );
}
