import type { UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { faultOf, isThrottling } from './faults.ts';

/**
 * Keeps the SDK from sending a call again whose answer was lost: ECS has no condition on UpdateService, and between
 * the two somebody else may have deployed. A throttled call was not carried out and is repeated as usual.
 */
export function sendOnce(operation: string, stack: UpdateServiceCommand['middlewareStack']): void {
  stack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        // The SDK repeats only what it takes for an error of its own.
        throw isThrottling(error) ? error : faultOf(operation, error);
      }
    },
    { step: 'finalizeRequest', name: 'sendOnce', priority: 'low' },
  );
}
