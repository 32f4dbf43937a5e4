import { parseOperatorRequest } from '../../shared/intake/operator.ts';
import { onInvocation } from '../../shared/lambda.ts';
import { operate } from '../../shared/operate.ts';

/** A person asks, through `npx fairway`. */
export const handler = onInvocation(({ event, world }) => operate(world, parseOperatorRequest(event)));
