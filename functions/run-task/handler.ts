import { onInvocation } from '../../shared/lambda.ts';
import { scheduleCalled } from '../../shared/triggers/events.ts';

/** A schedule starts a task. */
export const handler = onInvocation(({ event, runtime }) => scheduleCalled(runtime, event));
