import { ecsChanged } from '../../shared/handle.ts';
import { onInvocation } from '../../shared/lambda.ts';

/** ECS says that a task stopped or a deployment ended. */
export const handler = onInvocation(({ event, world }) => ecsChanged(world, event));
