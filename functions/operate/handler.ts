import { createParkedEvents } from '../../shared/aws/queues.ts';
import { parseOperatorRequest } from '../../shared/intake/operator.ts';
import { onInvocation, queuesOfParkedEvents } from '../../shared/lambda.ts';
import { operate } from '../../shared/operate.ts';

/** A person asks, through `npx fairway`. */
export const handler = onInvocation(({ event, world, logs, ecs }) =>
  operate(world, parseOperatorRequest(event), {
    parked: createParkedEvents(queuesOfParkedEvents(), world),
    logs,
    ecs,
  }),
);
