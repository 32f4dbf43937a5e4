import type { SimClock } from './clock.ts';

export type Speed = number | 'max';

/** Drives the simulated clock in real time. */
interface Pace {
  /** Advances the clock to the current time. Call before the clock is read from outside. */
  sync(): void;
  /** Call after a change: an invocation started or ended, or work was scheduled. */
  notify(): void;
  /** Runs everything due in that span, waiting for invocations in between; resolves when all is done. Milliseconds. */
  advance(milliseconds: number): Promise<void>;
  speed(): Speed;
  /** Throws when the speed is below 1: the clock would fall behind real time. */
  setSpeed(speed: Speed): void;
  stop(): void;
}

interface PaceOptions {
  readonly clock: SimClock;
  /** Default 20. */
  readonly speed?: Speed;
  /** Whether an invocation runs: the clock then runs at 1×. Must be true as soon as the entry that starts it has run. */
  readonly busy: () => boolean;
  /** Real time, epoch milliseconds. */
  readonly realTime?: () => number;
}

/** Eleven simulated days in a second: what is due by then can still be done in that second. */
export const FASTEST = 1_000_000;

/** The clock may be read between timers; this is how stale it can be, in real milliseconds. */
const LONGEST_SLEEP = 250;

/**
 * Starts driving `clock`. It never falls behind real time. At `max` it jumps from one due thing to the next
 * whenever nothing runs, and rests (1×) when only periodic things are due.
 */
export function createPace(options: PaceOptions): Pace {
  const { clock, busy, realTime = Date.now } = options;
  const pace: PaceState = {
    clock,
    busy,
    realTime,
    speed: checked(options.speed ?? 20),
    last: realTime(),
    rate: 1,
    advancing: 0,
    stopped: false,
    waiting: new Set(),
  };
  let queue: Promise<void> = Promise.resolve();
  clock.setNow(pace.last);
  pace.rate = rateNow(pace);
  arm(pace);
  return {
    sync: () => settle(pace),
    notify: () => notify(pace),
    advance(milliseconds) {
      const done = queue.then(() => runSpan(pace, milliseconds));
      queue = done.catch(() => undefined);
      return done;
    },
    speed: () => pace.speed,
    setSpeed(next) {
      const accepted = checked(next);
      settle(pace);
      pace.speed = accepted;
      pace.rate = rateNow(pace);
      arm(pace);
    },
    stop() {
      pace.stopped = true;
      disarm(pace);
      wake(pace);
    },
  };
}

interface PaceState {
  readonly clock: SimClock;
  readonly busy: () => boolean;
  readonly realTime: () => number;
  speed: Speed;
  /** Real time of the last look at the clock. */
  last: number;
  /** Simulated milliseconds per real millisecond. */
  rate: number;
  /** Advances that are running. */
  advancing: number;
  stopped: boolean;
  /** Cancels the next turn. */
  cancel?: (() => void) | undefined;
  /** Resumes what waits for the end of invocations. */
  readonly waiting: Set<() => void>;
}

function rateNow(pace: PaceState): number {
  if (pace.busy()) return 1;
  // An advance moves the clock itself; otherwise only the time of invocations passes.
  if (pace.advancing > 0) return 0;
  return pace.speed === 'max' ? 1 : pace.speed;
}

function settle(pace: PaceState): void {
  const real = pace.realTime();
  const target = Math.max(pace.clock.now() + Math.max(0, real - pace.last) * pace.rate, real);
  pace.last = real;
  const wasBusy = pace.busy();
  while (pace.clock.runNext(target)) {
    // An invocation has just started: the rest of the span has not passed yet.
    if (!wasBusy && pace.busy() && pace.clock.now() >= real) break;
  }
  if (wasBusy || !pace.busy()) pace.clock.setNow(target);
  pace.clock.setNow(real);
  pace.rate = rateNow(pace);
}

function jump(pace: PaceState): void {
  const due = pace.clock.nextDue();
  if (due !== undefined) while (!pace.busy() && pace.clock.runNext(Math.max(due, pace.clock.now())));
  settle(pace);
}

function canJump(pace: PaceState): boolean {
  return pace.speed === 'max' && pace.advancing === 0 && !pace.busy() && !pace.clock.idle();
}

function turn(pace: PaceState): void {
  pace.cancel = undefined;
  if (canJump(pace)) jump(pace);
  else settle(pace);
  wake(pace);
  arm(pace);
}

function disarm(pace: PaceState): void {
  pace.cancel?.();
  pace.cancel = undefined;
}

function arm(pace: PaceState): void {
  disarm(pace);
  if (pace.stopped) return;
  if (canJump(pace)) {
    const immediate = setImmediate(() => turn(pace));
    pace.cancel = () => clearImmediate(immediate);
    return;
  }
  const due = pace.clock.nextDue();
  const wait = due === undefined || pace.rate === 0 ? LONGEST_SLEEP : (due - pace.clock.now()) / pace.rate;
  const timer = setTimeout(() => turn(pace), Math.min(LONGEST_SLEEP, Math.max(0, Math.ceil(wait))));
  pace.cancel = () => clearTimeout(timer);
}

function wake(pace: PaceState): void {
  if (pace.busy() && !pace.stopped) return;
  for (const resume of [...pace.waiting]) resume();
  pace.waiting.clear();
}

function notify(pace: PaceState): void {
  if (pace.stopped) return;
  settle(pace);
  wake(pace);
  arm(pace);
}

async function calm(pace: PaceState): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
  while (pace.busy() && !pace.stopped) {
    await new Promise<void>((resolve) => pace.waiting.add(resolve));
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

async function runSpan(pace: PaceState, milliseconds: number): Promise<void> {
  settle(pace);
  pace.advancing += 1;
  pace.rate = rateNow(pace);
  const end = pace.clock.now() + milliseconds;
  try {
    await calm(pace);
    for (;;) {
      const due = pace.clock.nextDue();
      if (pace.stopped || due === undefined || due > end) break;
      pace.clock.runNext(due);
      notify(pace);
      await calm(pace);
    }
    pace.clock.setNow(end);
    await calm(pace);
  } finally {
    pace.advancing -= 1;
    notify(pace);
  }
}

function checked(speed: Speed): Speed {
  if (speed === 'max' || (speed >= 1 && speed <= FASTEST)) return speed;
  throw new Error(`failed to set the speed: ${speed} is neither a number from 1 to ${FASTEST} nor "max"`);
}
