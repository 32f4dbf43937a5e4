import type { Aws } from './kind.ts';

/** Repeats what AWS throttled, which was not carried out, and reads that had no answer. */

const ATTEMPTS = 8;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 20_000;
const READS = /^(?:Describe|List|Get|BatchGet)/;
const THROTTLED = /Throttl|TooManyRequests|RequestLimitExceeded|ConcurrentUpdate|SlowDown/;
/** Not carried out either: two requests for one family or target at the same time. */
const RACE = /Too many concurrent attempts|concurrent update/i;
const PASSING = /ServerException|InternalServer|InternalFailure|ServiceUnavailable|Timeout|ECONN|socket/i;

export function isRead(operation: string): boolean {
  return READS.test(operation);
}

/** @param sleep waits that many milliseconds */
export function retrying(
  aws: Aws,
  sleep: (milliseconds: number) => Promise<void>,
  random: () => number = Math.random,
): Aws {
  return async (service, operation, input) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await aws(service, operation, input);
      } catch (error) {
        if (attempt === ATTEMPTS || !isWorthRetrying(operation, error)) throw error;
        await sleep(Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempt - 1)) * (0.5 + random()));
      }
    }
  };
}

function isWorthRetrying(operation: string, error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (THROTTLED.test(error.name) || RACE.test(error.message)) return true;
  return isRead(operation) && PASSING.test(`${error.name} ${error.message}`);
}
