import type { Mutant } from './mutant.ts';
import { store } from './mutations.ts';

/** Variants that are broken on purpose in how they read, save and perform. */

export const LOOP_MUTANTS: readonly Mutant[] = [
  {
    name: 'no lease: every invocation performs what is pending',
    caughtBy: 2,
    breaks: ['1, one performer'],
    mutation: store((real) => ({
      load: async (app) => {
        const stored = await real.load(app);
        return stored && { state: stored.state, version: stored.version };
      },
    })),
  },
  {
    name: 'no condition on the write: the last writer wins',
    caughtBy: 74,
    breaks: [
      '1, one at a time',
      '2, newest wins',
      '4, the migration gates',
      '7, nothing vanishes',
      'everything ends',
    ],
    mutation: store((real) => ({
      async save(next, dueAt) {
        const now = await real.load(next.state.app);
        return real.save({ ...next, version: (now?.version ?? 0) + 1 }, dueAt);
      },
    })),
  },
  {
    name: 'the ledger is written once and never corrected',
    caughtBy: 2,
    breaks: ['7, nothing vanishes'],
    mutation: store((real) => ({ recordPush: (entry) => real.recordPush(entry, false) })),
  },
  {
    name: 'the ledger is not written',
    caughtBy: 1,
    breaks: ['7, nothing vanishes'],
    mutation: store(() => ({ recordPush: async () => {} })),
  },
  {
    name: 'what is due is never found: a dead function is not taken over from',
    caughtBy: 2,
    breaks: ['everything ends', '7, nothing vanishes'],
    mutation: store(() => ({ due: async () => [] })),
  },
];
