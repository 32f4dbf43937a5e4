/** How fast calls of one kind may come. */
export interface Rate {
  /** How many at once. */
  readonly burst: number;
  /** How many more each second. */
  readonly refill: number;
}

/** A token bucket: full at first, and a call takes one token. */
export interface Bucket {
  /** Takes a token. False: there was none, and none is taken. */
  take(): boolean;
}

/** `now`: epoch milliseconds, never backwards. */
export function createBucket({ burst, refill }: Rate, now: () => number): Bucket {
  let tokens = burst;
  let at = now();
  return {
    take() {
      const time = now();
      tokens = Math.min(burst, tokens + ((time - at) / 1_000) * refill);
      at = time;
      // Sums of fractions may be a trifle less than the whole.
      if (tokens < 1 - 1e-9) return false;
      tokens -= 1;
      return true;
    },
  };
}
