import type { Clock, Ids } from '../contract.ts';
import type { RetryPolicy } from '../stack/stack.ts';

/** An event that could not be delivered. `attributes`: the message attributes that EventBridge sets. */
export interface DeadLetter {
  /** Undefined: the event is lost, as on AWS. */
  readonly queueArn: string | undefined;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
}

interface Delivery {
  /** Name of the rule or schedule. */
  readonly name: string;
  readonly functionName: string;
  readonly payload: string;
  readonly permitted: boolean;
  readonly retryPolicy: RetryPolicy;
  /** Called only for a dead letter: whether it may be sent is decided then. */
  readonly queueArn: () => string | undefined;
  /** The body of a dead letter: the event. */
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
}

interface DelivererOptions {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly deliver: (functionName: string, payload: string, trigger: string) => void;
  readonly onDeadLetter: (letter: DeadLetter) => void;
  readonly later: (milliseconds: number, run: () => void) => void;
}

const LONGEST_WAIT = 300_000;

/**
 * Delivers to targets: a refused permission ends at once in the dead-letter queue; any other failure is retried with
 * exponential backoff and jitter within the target's retry policy (EventBridge user guide, "How EventBridge retries
 * delivering events" and "Using dead-letter queues").
 */
export function createDeliverer(options: DelivererOptions): (delivery: Delivery) => void {
  const { clock, ids } = options;
  return (delivery) => {
    const since = clock.now();
    if (!delivery.permitted) {
      giveUp(delivery, 'NO_PERMISSIONS', 'EventBridge is not allowed to invoke the function', 0);
      return;
    }
    attempt(delivery, since, 0);
  };

  function attempt(delivery: Delivery, since: number, retries: number): void {
    try {
      options.deliver(delivery.functionName, delivery.payload, delivery.name);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const wait = Math.min(LONGEST_WAIT, 1000 * 2 ** retries) * (0.5 + ids.random() / 2);
      const exhausted = exhaustedBy(delivery.retryPolicy, retries, clock.now() + wait - since);
      if (exhausted) giveUp(delivery, 'SDK_CLIENT_ERROR', why, retries, exhausted);
      else options.later(wait, () => attempt(delivery, since, retries + 1));
    }
  }

  function giveUp(delivery: Delivery, code: string, why: string, retries: number, condition?: string): void {
    options.onDeadLetter({
      queueArn: delivery.queueArn(),
      body: delivery.body,
      attributes: {
        ...delivery.attributes,
        ERROR_CODE: code,
        ERROR_MESSAGE: why,
        RETRY_ATTEMPTS: String(retries),
        ...(condition === undefined ? {} : { EXHAUSTED_RETRY_CONDITION: condition }),
      },
    });
  }
}

function exhaustedBy(policy: RetryPolicy, retries: number, age: number): string | undefined {
  if (retries >= policy.maximumRetryAttempts) return 'MaximumRetryAttempts';
  return age > policy.maximumEventAgeSeconds * 1000 ? 'MaximumEventAgeInSeconds' : undefined;
}
