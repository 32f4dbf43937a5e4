import type { ObservedDeployment, ObservedService } from '../../../shared/domain/observations.ts';
import type { AppState } from '../../../shared/domain/state.ts';
import { AwsFault, type Ecs } from '../../../shared/ports.ts';
import type { Runtime } from '../../../shared/runtime.ts';
import type { Mutation } from '../functions.ts';
import type { Mutant } from './mutant.ts';
import { ecs, store } from './mutations.ts';
import { inOneWave, withRivals } from './plans.ts';

/** The judge excuses a repeat that comes shortly after a person's deployment. Milliseconds. */
const QUARTER_MINUTE = 15_000;

/** Variants that are broken on purpose in how they perform batches and take throttled calls. */

export const RATE_MUTANTS: readonly Mutant[] = [
  {
    name: 'the answers of a batch are applied partly',
    caughtBy: 41,
    breaks: [
      '3, live means live',
      '5, the set is whole',
      '5, the set rolls back together',
      'everything ends',
    ],
    provoke: inOneWave,
    mutation: store((real) => {
      const loaded = new Map<string, AppState>();
      return {
        async load(app) {
          const stored = await real.load(app);
          if (stored) loaded.set(app, stored.state);
          return stored;
        },
        save: (next, dueAt) =>
          real.save({ ...next, state: withOneAnswer(loaded.get(next.state.app), next.state) }, dueAt),
      };
    }),
  },
  {
    name: 'a throttled UpdateService is taken as carried out',
    caughtBy: 2,
    breaks: ['3, what rolls was ordered'],
    mutation: ecs((real) => ({
      async update(...asked) {
        const [cluster, service, revision] = asked;
        if (!isThrottled(revision)) return real.update(...asked);
        const primary = primaryOf(await real.services(cluster, [service]));
        return primary ? { deploymentId: primary.id } : real.update(...asked);
      },
    })),
  },
  {
    name: 'an answer that was lost before a throttled repeat is forgotten',
    caughtBy: 339,
    breaks: ['1, repeats look first'],
    provoke: withRivals,
    mutation: throttledAfterwards(),
  },
];

/** Of the deployments that one write makes known, only the first is. */
function withOneAnswer(before: AppState | undefined, after: AppState): AppState {
  const { release } = after;
  if (!release || before?.release?.id !== release.id) return after;
  const known = new Set(before.release.services.flatMap(({ deploymentId }) => deploymentId ?? []));
  const [first] = release.services.flatMap(({ deploymentId }) =>
    deploymentId === undefined || known.has(deploymentId) ? [] : deploymentId,
  );
  const services = release.services.map((rollout) => {
    const isKept = rollout.deploymentId === undefined || known.has(rollout.deploymentId);
    if (isKept || rollout.deploymentId === first) return rollout;
    return before.release?.services.find(({ service }) => service === rollout.service) ?? rollout;
  });
  return { ...after, release: { ...release, services } };
}

/** Every other revision of a family comes when others use the whole rate. */
function isThrottled(revision: string): boolean {
  return /[02468]$/.test(revision);
}

function primaryOf([observed]: readonly ObservedService[]): ObservedDeployment | undefined {
  return observed?.deployments.find(({ status }) => status === 'PRIMARY');
}

/** The answer to an order is lost. Its repeats are throttled while the service's deployment is new. */
function throttledAfterwards(): Mutation {
  let now = () => 0;
  const world = (real: Runtime): Runtime => {
    now = real.now;
    return real;
  };
  const update = (real: Ecs): Pick<Ecs, 'update'> => ({
    async update(...asked) {
      const [cluster, service, revision] = asked;
      const { createdAt = 0, taskDefinition } = primaryOf(await real.services(cluster, [service])) ?? {};
      if (now() - createdAt < QUARTER_MINUTE) throw throttling();
      const started = await real.update(...asked);
      if (taskDefinition === revision) return started;
      throw throttling();
    },
  });
  return { world, ...ecs(update) };
}

function throttling(): AwsFault {
  return new AwsFault('ThrottlingException', 'Rate exceeded', true, [], { throttling: 'sent' });
}
