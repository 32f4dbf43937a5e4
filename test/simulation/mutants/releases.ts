import type { Mutant } from './mutant.ts';
import { ecs, perform, store } from './mutations.ts';
import { withFates, withReturns, withRivals } from './plans.ts';

/** Variants that are broken on purpose in how they find, judge and roll back releases. */

export const RELEASE_MUTANTS: readonly Mutant[] = [
  {
    name: 'verdict by steady state: whatever runs in full numbers is taken for ours',
    caughtBy: 282,
    breaks: ['3, live means live', '5, the set is whole', '5, the set rolls back together'],
    mutation: ecs((real) => ({
      async services(cluster, names) {
        const observations = await real.services(cluster, names);
        return observations.map((observed) => ({
          ...observed,
          deployments: observed.deployments.map((deployment) => ({
            ...deployment,
            rolloutState:
              deployment.running === deployment.desired ? 'COMPLETED' : (deployment.rolloutState ?? ''),
          })),
        }));
      },
    })),
  },
  {
    name: 'rollback to revision − 1',
    caughtBy: 406,
    breaks: ['5, the set is whole', '5, the set rolls back together', 'everything ends'],
    mutation: perform((real) => (app, effect, attempt) => {
      if (effect.kind !== 'rollBack') return real(app, effect, attempt);
      const revision = effect.target.replace(/\d+$/, (number) => String(Math.max(1, Number(number) - 1)));
      return real(app, { ...effect, revision }, attempt);
    }),
  },
  {
    name: 'UpdateService is repeated without a look',
    caughtBy: 9,
    breaks: ['1, repeats look first'],
    provoke: withRivals,
    mutation: perform(
      (real) => (app, effect, attempt) => real(app, effect, effect.kind === 'updateService' ? 0 : attempt),
    ),
  },
  {
    name: 'a lost push is never looked for',
    caughtBy: 2,
    breaks: ['7, nothing vanishes', '2, newest wins'],
    mutation: store((real) => ({
      async knownImages(app) {
        const known = await real.knownImages(app);
        return known && { ...known, names: Object.assign(new Set(known.names), { has: () => true }) };
      },
    })),
  },
  {
    name: 'what tags pointed at is forgotten: a tag that returns to its image is not found',
    caughtBy: 187,
    breaks: ['2, newest wins', '7, nothing vanishes'],
    mutation: store((real) => ({
      async load(app) {
        const stored = await real.load(app);
        if (!stored) return undefined;
        const { seenTags: _, ...state } = stored.state;
        return { ...stored, state };
      },
    })),
    provoke: withReturns,
  },
  {
    name: 'a revision keeps only what the SDK knows',
    caughtBy: 2,
    breaks: ['8, lossless'],
    mutation: ecs((real) => ({
      register(input) {
        const { futureSetting: _, ...known } = input;
        return real.register(known);
      },
    })),
  },
  {
    name: 'the rollback is forgotten',
    caughtBy: 1072,
    breaks: ['5, the set rolls back together', '5, the set is whole'],
    provoke: (plan) => withFates(plan, { service: 'good', task: 'fails' }),
    mutation: perform(
      (real) => async (app, effect, attempt) =>
        effect.kind === 'rollBack'
          ? { kind: 'rollingBack', revision: effect.revision, deploymentId: effect.expected, completed: true }
          : real(app, effect, attempt),
    ),
  },
  {
    name: 'holds are not kept',
    caughtBy: 12,
    breaks: ['6, holds stand'],
    mutation: store((real) => ({
      async load(app) {
        const stored = await real.load(app);
        if (!stored?.state.hold) return stored;
        const { hold: _, ...state } = stored.state;
        return { ...stored, state };
      },
    })),
  },
  {
    name: 'failed images are forgotten and tried again',
    caughtBy: 13,
    breaks: ["6, a person's word stands", '2, newest wins'],
    mutation: store((real) => ({
      async load(app) {
        const stored = await real.load(app);
        return stored && { ...stored, state: { ...stored.state, blockedImages: [] } };
      },
    })),
  },
];
