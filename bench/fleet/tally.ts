import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Announcement } from '../../shared/domain/announcement.ts';

/** What is counted while a scenario is played. */
export interface Tally {
  invocations: number;
  failedInvocations: number;
  /** How long functions ran, all together. */
  functionSeconds: number;
  /** Of the table. */
  writes: number;
  writeUnits: number;
  /** Announcements that something does not work although nothing but ECS's rates is in the way. */
  falseAnnouncements: number;
  /** Pushes that were taken for lost: no event of them was. */
  lostPushes: number;
  readonly calls: Map<string, number>;
  /** The same without the calls of the sweep. */
  readonly callsOfReleases: Map<string, number>;
  /** When the first function started that was not the sweep, epoch milliseconds. */
  startedAt?: number;
  readonly throttles: Map<string, number>;
  /** When calls were answered, epoch milliseconds. */
  readonly times: Map<string, number[]>;
  invoked(name: string, at: number): void;
  /** `by`: the name of the function. */
  called(by: string, service: string, operation: string): void;
  throttled(operation: string): void;
  succeeded(operation: string, at: number): void;
  wrote(units: number): void;
  announced(announcement: Announcement): void;
  logged(message: string): void;
}

const SWEEP = 'sweep';

export function emptyTally(): Tally {
  const tally: Tally = {
    invocations: 0,
    failedInvocations: 0,
    functionSeconds: 0,
    writes: 0,
    writeUnits: 0,
    falseAnnouncements: 0,
    lostPushes: 0,
    calls: new Map(),
    callsOfReleases: new Map(),
    throttles: new Map(),
    times: new Map(),
    invoked(name, at) {
      tally.invocations += 1;
      if (name !== SWEEP) tally.startedAt ??= at;
    },
    called(by, service, operation) {
      add(tally.calls, `${service}:${operation}`);
      if (by !== SWEEP) add(tally.callsOfReleases, `${service}:${operation}`);
    },
    throttled: (operation) => add(tally.throttles, operation),
    succeeded(operation, at) {
      const times = tally.times.get(operation) ?? [];
      tally.times.set(operation, times);
      times.push(at);
    },
    wrote(units) {
      tally.writes += 1;
      tally.writeUnits += units;
    },
    announced(announcement) {
      if (announcement.kind === 'app') tally.falseAnnouncements += 1;
    },
    logged(message) {
      if (message === 'a push was found whose event was lost') tally.lostPushes += 1;
    },
  };
  return tally;
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** One for each begun kilobyte of the item. Source: DynamoDB developer guide, "Read and write capacity". */
export function writeUnitsOf(item: Readonly<Record<string, AttributeValue>>): number {
  const bytes = Object.entries(item).map(([name, value]) => Buffer.byteLength(name) + sizeOf(value));
  return Math.max(1, Math.ceil(bytes.reduce((sum, size) => sum + size, 0) / 1_024));
}

/** Bytes of an attribute. Source: DynamoDB developer guide, "Item sizes and formats". */
function sizeOf({ S, N, B }: AttributeValue): number {
  if (S !== undefined) return Buffer.byteLength(S);
  if (B !== undefined) return B.byteLength;
  return N === undefined ? 1 : Math.ceil(N.length / 2) + 1;
}
