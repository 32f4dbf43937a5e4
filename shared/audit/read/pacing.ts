import type { Aws } from '../../infrastructure/kind.ts';

/**
 * Reads of an audit are spread over time, since releases share their quotas: ECS refills 20 reads of each kind a second.
 * Source: Amazon ECS API reference, "Request throttling for the Amazon ECS API". Rates of the other services are not
 * published, or higher.
 */

/** Calls a second. */
const RATES: Readonly<Record<string, number>> = { ecs: 10, ecr: 10, logs: 5 };
const USUAL_RATE = 5;

interface Time {
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** Starts at most so many calls of a service a second. */
export function paced(aws: Aws, { now, sleep }: Time): Aws {
  const nextAt = new Map<string, number>();
  return async (service, operation, input) => {
    const turn = Math.max(now(), nextAt.get(service) ?? 0);
    nextAt.set(service, turn + 1_000 / (RATES[service] ?? USUAL_RATE));
    if (turn > now()) await sleep(turn - now());
    return aws(service, operation, input);
  };
}
