import { onInvocation } from '../../shared/lambda.ts';
import { ecsChanged } from '../../shared/triggers/events.ts';

/** ECS says that a task stopped, a deployment ended, or how a service is doing. */
export const handler = onInvocation(({ event, runtime }) => ecsChanged(runtime, event));
