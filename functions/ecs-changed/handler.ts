import { onInvocation } from '../../shared/lambda.ts';
import { ecsChanged } from '../../shared/triggers/events.ts';

/** ECS reports that a task stopped, a deployment ended, or the state of a service changed. */
export const handler = onInvocation(({ event, runtime }) => ecsChanged(runtime, event));
