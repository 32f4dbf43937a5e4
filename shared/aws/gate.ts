import { AwsFault, type Pace, type PacedOperation } from '../ports.ts';
import type { Time } from './clients.ts';

/**
 * How calls are sent to ECS by one invocation: side by side until ECS throttles one, and from then on one after the other
 * at the rate of ECS's bucket.
 */
export interface Gates {
  /** Makes a call that changes something, once. Throws a fault, with nothing sent, if its turn would come too late. */
  pass<Output>(operation: PacedOperation, call: () => Promise<Output>): Promise<Output>;
  /** Makes a call that only reads, and again while it is throttled: then before those that have not been sent yet. */
  read<Output>(operation: ReadOperation, call: () => Promise<Output>): Promise<Output>;
  pace(operation: PacedOperation): Pace;
}

/** Reads of which a release of many services needs as many, or every open one needs some each minute. */
type ReadOperation = 'DescribeTaskDefinition' | 'DescribeServiceDeployments' | 'DescribeServiceRevisions';
type Operation = PacedOperation | ReadOperation;

/**
 * Milliseconds in which ECS refills one token. Source: Amazon ECS API reference, "Request throttling for the Amazon
 * ECS API".
 */
const REFILL: Readonly<Record<Operation, number>> = {
  DescribeTaskDefinition: 50,
  DescribeServiceDeployments: 50,
  DescribeServiceRevisions: 50,
  RegisterTaskDefinition: 1_000,
  UpdateService: 200,
  RunTask: 25,
  StopTask: 25,
};

/** Calls of one operation at the same time. */
const WIDTH = 20;
/** A call that would wait longer than this is not sent: its app's other answers must be saved. */
const PATIENCE = 10_000;
/** As long as a read is repeated while it is throttled, milliseconds: what was read beside it is not asked for again. */
const READS_FOR = 20_000;
/** No call starts when less than this is left of the invocation. */
const LAST_MOMENT = 5_000;
const LONGEST_BACKOFF = 8_000;

interface Lane {
  readonly operation: Operation;
  /** How long a call waits for its turn. */
  readonly patience: number;
  /** Calls that wait for one in flight to end, before ECS has throttled any. */
  readonly waiting: (() => void)[];
  inFlight: number;
  /** ECS has throttled a call. */
  isPaced: boolean;
  /** When the next call may be sent, epoch milliseconds. */
  readyAt: number;
  /** Calls that wait for their turn, and the turn of the last of them. */
  queued: number;
  lastTurn: Promise<void>;
  /** Those among them that ECS has throttled before. */
  repeated: number;
  successes: number;
  throttledInARow: number;
}

/**
 * `persists`: keeps trying although ECS throttles every call. Others leave the rest to the sweep then: of hundreds of
 * invocations one has to wait.
 */
export function createGates(time: Time, persists: boolean): Gates {
  const lanes = new Map<Operation, Lane>();
  const laneOf = (operation: Operation, patience: number): Lane => {
    const lane = lanes.get(operation) ?? emptyLane(operation, patience);
    lanes.set(operation, lane);
    return lane;
  };
  return {
    pass: (operation, call) => passOnce(laneOf(operation, PATIENCE), { time, persists }, call),
    async read(operation, call) {
      const lane = laneOf(operation, Number.POSITIVE_INFINITY);
      const until = time.now() + READS_FOR;
      for (let isRepeat = false; ; isRepeat = true) {
        try {
          return await passOnce(lane, { time, persists: true, isRepeat }, call);
        } catch (error) {
          const isThrottled = error instanceof AwsFault && error.throttling === 'sent';
          if (!isThrottled || time.now() >= until) throw error;
        }
      }
    },
    pace: (operation) => paceOf(laneOf(operation, PATIENCE), time, persists),
  };
}

interface Passing {
  readonly time: Time;
  readonly persists: boolean;
  readonly isRepeat?: boolean;
}

async function passOnce<Output>(lane: Lane, passing: Passing, call: () => Promise<Output>): Promise<Output> {
  await turn(lane, passing);
  try {
    const output = await call();
    lane.successes += 1;
    lane.throttledInARow = 0;
    return output;
  } catch (error) {
    if (error instanceof AwsFault && error.throttling) throttled(lane, passing.time);
    throw error;
  } finally {
    lane.inFlight -= 1;
    wake(lane);
  }
}

function emptyLane(operation: Operation, patience: number): Lane {
  return {
    operation,
    patience,
    waiting: [],
    inFlight: 0,
    isPaced: false,
    readyAt: 0,
    queued: 0,
    lastTurn: Promise.resolve(),
    repeated: 0,
    successes: 0,
    throttledInARow: 0,
  };
}

/** Waits until the call may be sent; it is in flight then. */
async function turn(lane: Lane, passing: Passing): Promise<void> {
  while (!lane.isPaced) {
    if (lane.inFlight < WIDTH) {
      lane.inFlight += 1;
      return;
    }
    await new Promise<void>((resolve) => lane.waiting.push(resolve));
  }
  if (paceOf(lane, passing.time, passing.persists).room === 0) throw held(lane.operation);
  lane.queued += 1;
  try {
    await (passing.isRepeat ? repeatedTurn(lane, passing) : newTurn(lane, passing));
    lane.inFlight += 1;
  } finally {
    lane.queued -= 1;
  }
}

async function newTurn(lane: Lane, passing: Passing): Promise<void> {
  const before = lane.lastTurn;
  let pass = () => {};
  lane.lastTurn = new Promise((resolve) => {
    pass = resolve;
  });
  try {
    await before;
    await ready(lane, passing);
  } finally {
    pass();
  }
}

async function repeatedTurn(lane: Lane, passing: Passing): Promise<void> {
  lane.repeated += 1;
  try {
    await ready(lane, passing);
  } finally {
    lane.repeated -= 1;
  }
}

/** A call that was throttled meanwhile puts off all that wait; those that are repeated go first. */
async function ready(lane: Lane, { time, persists, isRepeat = false }: Passing): Promise<void> {
  while (time.now() < lane.readyAt || (lane.repeated > 0 && !isRepeat)) {
    if (isClosed(lane, persists) || lane.readyAt > latest(time)) throw held(lane.operation);
    await time.sleep(Math.max(lane.readyAt - time.now(), isRepeat ? 0 : 1));
  }
  lane.readyAt = time.now() + intervalOf(lane);
}

function wake(lane: Lane): void {
  if (lane.isPaced) for (const resolve of lane.waiting.splice(0)) resolve();
  else lane.waiting.shift()?.();
}

/** Calls that were sent side by side are throttled together: that counts once. */
function throttled(lane: Lane, time: Time): void {
  if (lane.isPaced && lane.throttledInARow > 0 && time.now() < lane.readyAt) return;
  lane.isPaced = true;
  lane.throttledInARow += 1;
  const backoff = REFILL[lane.operation] * 2 ** (lane.throttledInARow - 1) * (0.5 + Math.random() / 2);
  lane.readyAt = Math.max(lane.readyAt, time.now() + Math.min(backoff, LONGEST_BACKOFF));
}

function intervalOf({ operation }: Lane): number {
  return REFILL[operation];
}

function latest(time: Time): number {
  return time.deadline() - LAST_MOMENT;
}

/** Every call of this invocation was throttled: others are using the rate. */
function isClosed({ isPaced, successes, inFlight }: Lane, persists: boolean): boolean {
  return isPaced && !persists && successes === 0 && inFlight === 0;
}

function held(operation: Operation): AwsFault {
  const message = `ecs:${operation}: waits for ECS's rate limit`;
  return new AwsFault('ThrottlingException', message, true, [], { throttling: 'held' });
}

function paceOf(lane: Lane, time: Time, persists: boolean): Pace {
  if (!lane.isPaced) return { room: Number.POSITIVE_INFINITY };
  if (isClosed(lane, persists)) return { room: 0 };
  const now = time.now();
  const interval = intervalOf(lane);
  const next = Math.max(now, lane.readyAt) + lane.queued * interval;
  const room = Math.floor((Math.min(now + lane.patience, latest(time)) - next) / interval) + 1;
  if (room > 0) return { room };
  return next < latest(time)
    ? { room: 0, wait: Math.max(interval, next - now - lane.patience) }
    : { room: 0 };
}
