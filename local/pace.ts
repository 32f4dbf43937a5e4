import type { SimClock } from './clock.ts';

export type Speed = number | 'max';

/** Drives the simulated clock in real time. */
export interface Pace {
  /** Brings the clock to what time it is by now. Call before reading the clock for somebody outside. */
  sync(): void;
  /** Something changed: an invocation began or ended, or new work was scheduled. */
  notify(): void;
  /** Runs everything due in that span, waiting for invocations in between; resolves when all is done. Milliseconds. */
  advance(milliseconds: number): Promise<void>;
  speed(): Speed;
  /** Throws when the speed is below 1: the clock would fall behind real time. */
  setSpeed(speed: Speed): void;
  stop(): void;
}

export interface PaceOptions {
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
  const { clock, busy } = options;
  const realTime = options.realTime ?? Date.now;
  let speed = checked(options.speed ?? 20);
  let last = realTime();
  let rate = 1;
  let advancing = 0;
  let queue: Promise<void> = Promise.resolve();
  let cancel: (() => void) | undefined;
  let stopped = false;
  const waiting = new Set<() => void>();

  clock.setNow(last);
  rate = rateNow();
  arm();

  function rateNow(): number {
    if (busy()) return 1;
    // An advance moves the clock itself; beside it only the time of invocations passes.
    if (advancing > 0) return 0;
    return speed === 'max' ? 1 : speed;
  }

  function settle(): void {
    const real = realTime();
    const target = Math.max(clock.now() + Math.max(0, real - last) * rate, real);
    last = real;
    const wasBusy = busy();
    while (clock.runNext(target)) {
      // An invocation has begun at this very moment: the rest of the span has not happened yet.
      if (!wasBusy && busy() && clock.now() >= real) break;
    }
    if (wasBusy || !busy()) clock.setNow(target);
    clock.setNow(real);
    rate = rateNow();
  }

  function jump(): void {
    const due = clock.nextDue();
    if (due !== undefined) while (!busy() && clock.runNext(Math.max(due, clock.now())));
    settle();
  }

  function canJump(): boolean {
    return speed === 'max' && advancing === 0 && !busy() && !clock.idle();
  }

  function turn(): void {
    cancel = undefined;
    if (canJump()) jump();
    else settle();
    wake();
    arm();
  }

  function arm(): void {
    cancel?.();
    cancel = undefined;
    if (stopped) return;
    if (canJump()) {
      const immediate = setImmediate(turn);
      cancel = () => clearImmediate(immediate);
      return;
    }
    const due = clock.nextDue();
    const wait = due === undefined || rate === 0 ? LONGEST_SLEEP : (due - clock.now()) / rate;
    const timer = setTimeout(turn, Math.min(LONGEST_SLEEP, Math.max(0, Math.ceil(wait))));
    cancel = () => clearTimeout(timer);
  }

  function wake(): void {
    if (busy() && !stopped) return;
    for (const resume of [...waiting]) resume();
    waiting.clear();
  }

  function notify(): void {
    if (stopped) return;
    settle();
    wake();
    arm();
  }

  async function calm(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (busy() && !stopped) {
      await new Promise<void>((resolve) => waiting.add(resolve));
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }

  async function runSpan(milliseconds: number): Promise<void> {
    settle();
    advancing += 1;
    rate = rateNow();
    const end = clock.now() + milliseconds;
    try {
      await calm();
      for (;;) {
        const due = clock.nextDue();
        if (stopped || due === undefined || due > end) break;
        clock.runNext(due);
        notify();
        await calm();
      }
      clock.setNow(end);
      await calm();
    } finally {
      advancing -= 1;
      notify();
    }
  }

  return {
    sync: settle,
    notify,
    advance(milliseconds) {
      const done = queue.then(() => runSpan(milliseconds));
      queue = done.catch(() => undefined);
      return done;
    },
    speed: () => speed,
    setSpeed(next) {
      const accepted = checked(next);
      settle();
      speed = accepted;
      rate = rateNow();
      arm();
    },
    stop() {
      stopped = true;
      cancel?.();
      cancel = undefined;
      wake();
    },
  };
}

function checked(speed: Speed): Speed {
  if (speed === 'max' || (speed >= 1 && speed <= FASTEST)) return speed;
  throw new Error(`failed to set the speed: ${speed} is neither a number from 1 to ${FASTEST} nor "max"`);
}
