import type { Cancel, Clock } from './contract.ts';

/** A clock that others advance: `pace.ts` in real time, tests by hand. Epoch milliseconds. */
export interface SimClock extends Clock {
  /** Runs everything due up to and including `time`, in order, each at its own time; then sets the clock to `time`. */
  runUntil(time: number): void;
  /** Runs the first due entry if it is due by `time`. Returns whether there was one. */
  runNext(time: number): boolean;
  /** When the next entry is due, periodic or not. */
  nextDue(): number | undefined;
  /** When the next entry that is not periodic is due. */
  nextWork(): number | undefined;
  /** Whether only periodic entries are left. */
  idle(): boolean;
  /** Moves the clock without running anything; never backwards. */
  setNow(time: number): void;
}

interface Entry {
  readonly time: number;
  readonly order: number;
  run: (() => void) | undefined;
}

/** A simulated clock that starts at `start`. Synchronous and deterministic. */
export function createClock(start: number): SimClock {
  const work = createQueue();
  const periodic = createQueue();
  let current = start;
  let scheduled = 0;

  function at(time: number, run: () => void, options: { readonly periodic?: boolean } = {}): Cancel {
    if (!Number.isFinite(time)) throw new Error(`failed to schedule: ${time} is not a time`);
    const entry: Entry = { time: Math.max(time, current), order: scheduled++, run };
    (options.periodic === true ? periodic : work).add(entry);
    return () => {
      entry.run = undefined;
    };
  }

  function first(): Queue | undefined {
    const a = work.peek();
    const b = periodic.peek();
    if (a === undefined) return b === undefined ? undefined : periodic;
    if (b === undefined) return work;
    return before(a, b) ? work : periodic;
  }

  function runNext(time: number): boolean {
    const queue = first();
    const entry = queue?.peek();
    if (queue === undefined || entry === undefined || entry.time > time) return false;
    queue.take();
    current = Math.max(current, entry.time);
    const { run } = entry;
    entry.run = undefined;
    run?.();
    return true;
  }

  return {
    now: () => current,
    at,
    after: (milliseconds, run, options) => at(current + milliseconds, run, options),
    runNext,
    runUntil(time) {
      while (runNext(time));
      current = Math.max(current, time);
    },
    nextDue: () => first()?.peek()?.time,
    nextWork: () => work.peek()?.time,
    idle: () => work.peek() === undefined,
    setNow(time) {
      current = Math.max(current, time);
    },
  };
}

interface Queue {
  add(entry: Entry): void;
  peek(): Entry | undefined;
  take(): void;
}

/** A binary heap. Canceled entries stay until they reach the top. */
function createQueue(): Queue {
  const heap: Entry[] = [];

  function take(): void {
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const leftEntry = heap[left];
      if (leftEntry === undefined) break;
      const rightEntry = heap[left + 1];
      const rightFirst = rightEntry !== undefined && before(rightEntry, leftEntry);
      const child = rightFirst ? rightEntry : leftEntry;
      if (!before(child, last)) break;
      heap[index] = child;
      index = rightFirst ? left + 1 : left;
    }
    heap[index] = last;
  }

  return {
    take,
    add(entry) {
      let index = heap.length;
      heap.push(entry);
      while (index > 0) {
        const parentIndex = (index - 1) >> 1;
        const parent = heap[parentIndex];
        if (parent === undefined || !before(entry, parent)) break;
        heap[index] = parent;
        index = parentIndex;
      }
      heap[index] = entry;
    },
    peek() {
      while (heap[0] !== undefined && heap[0].run === undefined) take();
      return heap[0];
    },
  };
}

function before(a: Entry, b: Entry): boolean {
  return a.time < b.time || (a.time === b.time && a.order < b.order);
}
