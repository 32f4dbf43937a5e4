import { onInvocation } from '../../shared/lambda.ts';
import { scheduleCalled } from '../../shared/triggers/events.ts';

/** The schedule of a task calls. */
export const handler = onInvocation(({ event, runtime }) => scheduleCalled(runtime, event));
