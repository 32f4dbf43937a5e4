import { onInvocation } from '../../shared/lambda.ts';
import { emptyMemory, sweep } from '../../shared/sweep.ts';

const memory = emptyMemory();

/** Runs every minute: advances whatever is due, and every few minutes finds pushes whose event was lost. */
export const handler = onInvocation(({ runtime, images }) => sweep(runtime, images, memory), {
  persists: true,
});
