import { onInvocation } from '../../shared/lambda.ts';
import { imagePushed } from '../../shared/triggers/events.ts';

/** An image was pushed to ECR. */
export const handler = onInvocation(({ event, runtime }) => imagePushed(runtime, event));
