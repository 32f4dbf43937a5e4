import type { Cancel, Clock } from '../contract.ts';
import type { StackFunction } from '../stack/stack.ts';
import type { Outcome } from './environment.ts';

/** An event in a function's asynchronous queue. */
export interface QueuedEvent {
  readonly definition: StackFunction;
  readonly payload: string;
  readonly trigger: string;
  /** The same for all tries. */
  readonly requestId: string;
  /** The alias, or $LATEST, that it was sent to; absent for the function itself. */
  readonly qualifier?: string;
  /** Epoch milliseconds, simulated. */
  readonly acceptedAt: number;
  /** Invocations so far. */
  readonly tries: number;
  readonly throttles: number;
  readonly lastOutcome?: Outcome;
}

export type Abandoned = 'RetriesExhausted' | 'EventAgeExceeded';

interface QueueOptions {
  readonly clock: Clock;
  /** Starts an invocation; false if the function has no concurrency left. `settle` is called before the invocation ends. */
  readonly start: (event: QueuedEvent, settle: (outcome: Outcome) => void) => boolean;
  readonly abandon: (event: QueuedEvent, why: Abandoned) => void;
}

interface AsyncQueue {
  submit(event: Pick<QueuedEvent, 'definition' | 'payload' | 'trigger' | 'requestId' | 'qualifier'>): void;
  /** Drops all waiting events. */
  reset(): void;
}

/** Delays before the first and the second retry after a function error, in milliseconds. */
const RETRY_WAITS = [60_000, 120_000];
/** Backoff while throttled: from one second to five minutes. */
const THROTTLE_WAIT = { first: 1000, longest: 300_000 };

/**
 * Lambda's queue for asynchronous invocations (Lambda developer guide, "How Lambda handles errors and retries with
 * asynchronous invocation"): function errors are retried after one and two minutes, throttled events return to the
 * queue until they are too old, and the remaining ones go to the on-failure destination and the dead-letter queue.
 */
export function createQueue({ clock, start, abandon }: QueueOptions): AsyncQueue {
  const waiting = new Set<{ cancel?: Cancel }>();
  let generation = 0;

  function attempt(event: QueuedEvent): void {
    const current = generation;
    const started = start(event, (outcome) => {
      if (current === generation && !outcome.ok)
        failed({ ...event, tries: event.tries + 1, lastOutcome: outcome });
    });
    if (started) return;
    const wait = Math.min(THROTTLE_WAIT.longest, THROTTLE_WAIT.first * 2 ** event.throttles);
    again({ ...event, throttles: event.throttles + 1 }, wait);
  }

  function failed(event: QueuedEvent): void {
    const wait = RETRY_WAITS[event.tries - 1];
    if (wait === undefined || event.tries > event.definition.eventInvoke.maximumRetryAttempts) {
      abandon(event, 'RetriesExhausted');
      return;
    }
    again(event, wait);
  }

  function again(event: QueuedEvent, wait: number): void {
    const age = clock.now() + wait - event.acceptedAt;
    if (age > event.definition.eventInvoke.maximumEventAgeSeconds * 1000) {
      abandon(event, 'EventAgeExceeded');
      return;
    }
    const entry: { cancel?: Cancel } = {};
    waiting.add(entry);
    entry.cancel = clock.after(wait, () => {
      waiting.delete(entry);
      attempt(event);
    });
  }

  return {
    submit: (event) => attempt({ ...event, acceptedAt: clock.now(), tries: 0, throttles: 0 }),
    reset() {
      generation += 1;
      for (const entry of waiting) entry.cancel?.();
      waiting.clear();
    },
  };
}
