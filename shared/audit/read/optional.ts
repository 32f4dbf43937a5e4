/** Reads that an audit can do without: what fails is noted once, and rules say nothing about it. */
export interface Optional {
  /** Undefined where the read fails. `what` as in "could not read …". */
  read<Answer>(what: string, call: () => Promise<Answer>): Promise<Answer | undefined>;
  /** One sentence for each kind of read that failed. */
  readonly notes: () => readonly string[];
}

export function optionalReads(): Optional {
  const failed = new Map<string, string>();
  return {
    async read(what, call) {
      try {
        return await call();
      } catch (error) {
        if (!failed.has(what)) failed.set(what, whyOf(error));
        return undefined;
      }
    },
    notes: () => [...failed].map(([what, why]) => `could not read ${what}: ${why}`),
  };
}

function whyOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
