import { scheduleCalled } from '../../shared/handle.ts';
import { onInvocation } from '../../shared/lambda.ts';

/** The schedule of a task calls. */
export const handler = onInvocation(({ event, world }) => scheduleCalled(world, event));
