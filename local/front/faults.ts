import { parseDuration } from '../duration.ts';
import type { EventEnvelope } from '../events/busState.ts';

/** Injected faults: `POST /_local/faults`. */
export type Fault = CallFault | EventFault;

export interface CallFault {
  readonly operation: string;
  readonly caller?: string;
  readonly skip?: number;
  readonly times: number;
  readonly error?: string;
  readonly status?: number;
  readonly failure?: string;
  readonly latency?: string;
  readonly crash?: 'before' | 'after';
}

interface EventFault {
  readonly event: string;
  readonly do: 'drop' | 'duplicate' | 'delay';
  readonly by?: string;
  readonly times: number;
}

export interface Faults {
  add(fault: Fault): void;
  /** The remaining faults, oldest first. */
  list(): readonly Fault[];
  /** The fault for this call, which uses it up. */
  forCall(operation: string, caller: string): CallFault | undefined;
  forEvent(
    event: Pick<EventEnvelope, 'detail-type'>,
  ): { readonly copies: number; readonly delay: number } | undefined;
  reset(): void;
}

interface Pending<Kind extends Fault = Fault> {
  readonly fault: Kind;
  readonly order: number;
  skip: number;
  left: number;
}

/** As in the request that would inject it again. */
function rest({ fault, skip, left }: Pending): Fault {
  const skipping = 'event' in fault || fault.skip === undefined ? {} : { skip };
  return { ...fault, ...skipping, times: left };
}

export function createFaults(): Faults {
  let order = 0;
  let calls: Pending<CallFault>[] = [];
  let events: Pending<EventFault>[] = [];
  return {
    add(fault) {
      order += 1;
      if ('event' in fault) events.push({ fault, order, skip: 0, left: fault.times });
      else calls.push({ fault, order, skip: fault.skip ?? 0, left: fault.times });
    },
    list() {
      const pending: Pending[] = [...calls, ...events];
      return pending
        .filter(({ left }) => left > 0)
        .toSorted((a, b) => a.order - b.order)
        .map(rest);
    },
    forCall(operation, caller) {
      return use(
        calls,
        (fault) =>
          fault.operation === operation &&
          (fault.caller === undefined || namesFunction(caller, fault.caller)),
      );
    },
    forEvent(event) {
      const fault = use(events, (other) => other.event === event['detail-type']);
      if (!fault) return undefined;
      if (fault.do === 'drop') return { copies: 0, delay: 0 };
      if (fault.do === 'duplicate') return { copies: 2, delay: 0 };
      return { copies: 1, delay: parseDuration(fault.by ?? '30s') };
    },
    reset() {
      calls = [];
      events = [];
    },
  };
}

/** "sweep" names the function "fairway-production-sweep". */
export function namesFunction(caller: string, wanted: string): boolean {
  return caller === wanted || caller.endsWith(`-${wanted}`);
}

function use<Kind extends Fault>(
  pending: Pending<Kind>[],
  matches: (fault: Kind) => boolean,
): Kind | undefined {
  for (const entry of pending) {
    if (entry.left <= 0 || !matches(entry.fault)) continue;
    if (entry.skip > 0) {
      entry.skip -= 1;
      continue;
    }
    entry.left -= 1;
    return entry.fault;
  }
  return undefined;
}
