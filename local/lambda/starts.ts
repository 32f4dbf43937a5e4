import type { Environment } from './environment.ts';

/**
 * Limits how many environments start at the same time. Loading a function is bound by the processor: fifty at once
 * would all exceed the limit of the init phase, while one after the other takes no longer in total. A waiting
 * invocation accepts an environment of its function that becomes free.
 */
interface Starts {
  /** Returns a free environment, or a turn to start one; undefined after a reset. */
  turn(functionName: string): Promise<Environment | Turn | undefined>;
  /** Gives an environment to the first waiting invocation of its function; false if there is none. */
  offer(environment: Environment): boolean;
  /** Ends all waiting. */
  reset(): void;
}

/** Ends the turn once the environment has started, or failed to start. */
interface Turn {
  end(): void;
}

interface Waiting {
  readonly functionName: string;
  readonly resolve: (place: Environment | Turn | undefined) => void;
}

export function createStarts(most: number): Starts {
  let starting = new Set<Turn>();
  let waiting: Waiting[] = [];

  function begin(): Turn {
    const mine = starting;
    const turn: Turn = {
      end() {
        if (!mine.delete(turn) || mine !== starting) return;
        const [next, ...others] = waiting;
        waiting = others;
        next?.resolve(begin());
      },
    };
    mine.add(turn);
    return turn;
  }

  return {
    turn(functionName) {
      if (starting.size < most) return Promise.resolve(begin());
      return new Promise((resolve) => waiting.push({ functionName, resolve }));
    },
    offer(environment) {
      const first = waiting.find(({ functionName }) => functionName === environment.functionName);
      if (first === undefined) return false;
      waiting = waiting.filter((other) => other !== first);
      first.resolve(environment);
      return true;
    },
    reset() {
      const all = waiting;
      waiting = [];
      starting = new Set();
      for (const { resolve } of all) resolve(undefined);
    },
  };
}
