import type { Environment } from './environment.ts';

/**
 * Who may start an environment. Loading a function takes the processor for itself: fifty at once would all run into
 * the limit of the init phase, one after the other takes no longer. Whoever waits is content with an environment of
 * its function that becomes free meanwhile.
 */
export interface Starts {
  /** Answers an environment that is free now, or a turn to start one; undefined: everything was reset. */
  turn(functionName: string): Promise<Environment | Turn | undefined>;
  /** Gives an environment to the first who waits for one of its function; false: no one does. */
  offer(environment: Environment): boolean;
  /** Ends all waiting. */
  reset(): void;
}

/** Over once the environment has started, or failed to. */
export interface Turn {
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
