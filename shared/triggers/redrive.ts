import { counted } from '../domain/counted.ts';
import type { OperatorAnswer } from '../domain/operator.ts';
import { parseParked } from '../intake/parked.ts';
import type { ParkedEvents } from '../ports.ts';
import type { Runtime } from '../runtime.ts';
import { ecsChanged, imagePushed, scheduleCalled } from './events.ts';

/** Starts no further batch if less time than this is left, milliseconds. */
const ENOUGH = 20_000;

/**
 * Retries the events in the dead-letter queues as if they had just arrived: harmless where the sweep has dealt with
 * them since. Events that fail again, or cannot be read, stay in their queue.
 */
export async function redrive(runtime: Runtime, parked: ParkedEvents): Promise<OperatorAnswer> {
  let done = 0;
  const faults: string[] = [];
  while (runtime.deadline() - runtime.now() > ENOUGH && faults.length === 0) {
    const letters = await parked.take();
    if (letters.length === 0) break;
    for (const letter of letters) {
      try {
        await handle(runtime, letter.body);
        await letter.done();
        done += 1;
      } catch (error) {
        faults.push(error instanceof Error ? error.message : String(error));
      }
    }
  }
  const retried = `${counted(done, 'parked event')} retried`;
  if (faults.length === 0) return { ok: true, sentence: `${retried}; no more are available now` };
  const message = `${retried}, ${faults.length} failed again and stay parked: ${[...new Set(faults)].join('; ')}`;
  return { ok: false, error: 'refused', message };
}

function handle(runtime: Runtime, body: string): Promise<void> {
  const { source, event } = parseParked(body);
  runtime.log('redriven', { source });
  switch (source) {
    case 'aws.ecr':
      return imagePushed(runtime, event);
    case 'aws.ecs':
      return ecsChanged(runtime, event);
    case 'fairway.schedule':
      return scheduleCalled(runtime, event);
  }
}
