import { imagePushed } from '../../shared/handle.ts';
import { onInvocation } from '../../shared/lambda.ts';

/** An image was pushed to ECR. */
export const handler = onInvocation(({ event, world }) => imagePushed(world, event));
