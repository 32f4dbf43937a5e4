import { createParkedEvents } from '../../shared/aws/queues.ts';
import { announceNow, applyLock, onInvocation, queuesOfParkedEvents } from '../../shared/lambda.ts';
import { answer } from '../../shared/operate/operate.ts';

/** Answers the command line, `fairway`. */
export const handler = onInvocation(({ event, invoked, runtime, logs, ecs, images }) =>
  answer(
    runtime,
    event,
    {
      parked: createParkedEvents(queuesOfParkedEvents(), runtime),
      logs,
      ecs,
      images,
      announce: announceNow,
      lock: applyLock(runtime),
    },
    invoked,
  ),
);
