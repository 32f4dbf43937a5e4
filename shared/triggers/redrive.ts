import type { Runtime } from '../advance.ts';
import { counted } from '../domain/counted.ts';
import type { OperatorAnswer } from '../domain/operator.ts';
import { parseParked } from '../intake/parked.ts';
import type { ParkedEvents } from '../ports.ts';
import { ecsChanged, imagePushed, scheduleCalled } from './events.ts';

/** Begins no more batch when less time than this is left, milliseconds. */
const ENOUGH = 20_000;

/**
 * Takes up what was parked, as if it had just come: harmless for what the sweep has dealt with since.
 * What fails again, or cannot be read, stays in its queue.
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
  const taken = `${counted(done, 'parked event')} taken up`;
  if (faults.length === 0) return { ok: true, sentence: `${taken}; nothing is left that can be` };
  const message = `${taken}, ${faults.length} failed again and stay parked: ${[...new Set(faults)].join('; ')}`;
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
