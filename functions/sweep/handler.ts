import { onInvocation } from '../../shared/lambda.ts';
import { emptyMemory, sweep } from '../../shared/sweep.ts';

const memory = emptyMemory();

/** Every minute: whatever is due, and every few minutes the pushes whose event was lost. */
export const handler = onInvocation(({ runtime, images }) => sweep(runtime, images, memory));
