import type { JsonObject } from '../../../local/contract.ts';
import type { ObservedServiceDeployment } from '../../../shared/domain/observations.ts';
import type { AppState } from '../../../shared/domain/state.ts';
import { isOpen } from '../../../shared/domain/strategies/shifting.ts';
import type { TrafficPath } from '../../../shared/domain/strategies/traffic.ts';
import type { Ecs, PerformEcs } from '../../../shared/ports.ts';
import type { Mutation } from '../functions.ts';
import { CLUSTER } from '../plan.ts';
import type { Action, Fate, Plan } from '../script.ts';
import { shiftsTraffic, withStrategies } from '../strategies.ts';
import type { Mutant } from './mutant.ts';

/** Variants that are broken on purpose in how they treat deployments that shift traffic. */

const MINUTE = 60_000;
const GOOD: Fate = { service: 'good', task: 'good' };

/** Every service that shifts its traffic does it like this, and every image fares the same. */
function shifting(configuration: JsonObject, fate: Fate, more: (plan: Plan) => Partial<Plan> = () => ({})) {
  return (drawn: Plan): Plan => {
    const plan = withStrategies(drawn);
    const { configurations = {}, disputed = {} } = plan.strategies ?? {};
    const same = Object.keys(configurations)
      .filter((name) => shiftsTraffic(plan, name))
      .map((name) => [name, { minimumHealthyPercent: 100, maximumPercent: 200, ...configuration }]);
    const actions = plan.actions.map((action) => (action.kind === 'push' ? { ...action, fate } : action));
    const provoked = { ...plan, actions, strategies: { configurations: Object.fromEntries(same), disputed } };
    return { ...provoked, ...more(provoked) };
  };
}

/** Someone looks for a pause every minute, and continues what they saw a while later. */
function withLateContinues({ actions, configuration, calmAt }: Plan): Partial<Plan> {
  const services = configuration.apps.flatMap((app) => app.services.map(({ name }) => name));
  const minutes = Array.from({ length: Math.floor(calmAt / MINUTE) }, (_, minute) => minute * MINUTE);
  const late = minutes.flatMap((at) =>
    services.map((service): Action => ({ at, kind: 'continueSeen', service, after: 4 * MINUTE })),
  );
  const others = actions.filter(
    ({ kind, ...action }) =>
      kind !== 'continueSeen' && !('request' in action && action.request.command === 'continue'),
  );
  return { actions: [...others, ...late].toSorted((a, b) => a.at - b.at) };
}

function withShortTimeouts({ configuration }: Plan): Partial<Plan> {
  const apps = configuration.apps.map((app) => ({
    ...app,
    timeouts: { ...app.timeouts, rollout: 6 * MINUTE },
  }));
  return { configuration: { ...configuration, apps } };
}

/** One push after the other, each after someone has reset the weights, which ECS notices; functions die often. */
function withQuickRollbacks({ actions, configuration, strategies, weather }: Plan): Partial<Plan> {
  const names = configuration.apps.flatMap((app) => app.services.map(({ name }) => name));
  const pushes = actions.filter(({ kind }) => kind === 'push');
  const retimed = [...pushes, ...pushes].flatMap((push, index): Action[] => {
    const at = (index + 1) * 10 * MINUTE;
    const content = { content: `content ${index}` };
    return [
      ...names.map((service): Action => ({ at: at - MINUTE, kind: 'resetWeights', service })),
      { ...push, ...(push.kind === 'push' && content), at },
    ];
  });
  return {
    actions: retimed,
    calmAt: (retimed.length + 1) * 10 * MINUTE,
    weather: { ...weather, crash: 0.06 },
    strategies: { configurations: {}, ...strategies, disputed: { resetWeights: 'rolledBack' } },
  };
}

const ecs = (change: (ecs: Ecs) => Partial<Ecs>): Mutation => ({
  ecs: (real) => ({ ...real, ...change(real) }),
});
const perform = (change: (real: PerformEcs) => PerformEcs): Mutation => ({ performEcs: change });
const loaded = (change: (state: AppState) => AppState): Mutation => ({
  store: (real) => ({
    ...real,
    async load(app) {
      const stored = await real.load(app);
      return stored && { ...stored, state: change(stored.state) };
    },
  }),
});

/** Open deployments are called successful as soon as DescribeServices shows their tasks as PRIMARY. */
async function byPrimary(
  { services }: Ecs,
  service: string,
  deployment: ObservedServiceDeployment,
): Promise<ObservedServiceDeployment> {
  const [observed] = isOpen(deployment) ? await services(CLUSTER, [service]) : [];
  const primary = observed?.deployments.find(({ status }) => status === 'PRIMARY');
  const runs = primary !== undefined && primary.running > 0 && primary.running === observed?.desired;
  return runs ? { ...deployment, status: 'SUCCESSFUL' } : deployment;
}

/** Fairway may read load balancers. */
function withRights({ strategies }: Plan): Partial<Plan> {
  return { strategies: { configurations: {}, disputed: {}, ...strategies, readsLoadBalancers: true } };
}

/** Each deployment is taken to serve from the other target group than the one before, whether it was rolled back or not. */
async function byToggle(
  { traffic, serviceDeployments }: Ecs,
  cluster: string,
  service: string,
): Promise<readonly TrafficPath[]> {
  const paths = await traffic(cluster, service);
  const { length } = await serviceDeployments(cluster, service, 0);
  return paths.map((path) => ({ ...path, serves: path.groups.slice((length + 1) % 2).slice(0, 1) }));
}

/** `…:service-deployment/CLUSTER/SERVICE/ID`. */
function serviceOf(arn: string): string {
  return arn.split('/')[2] ?? '';
}

/** The tasks of every open rollout are taken to be starting still. */
function withoutScaledUp(state: AppState): AppState {
  const { release } = state;
  if (!release) return state;
  const services = release.services.map((rollout) => {
    if (!rollout.shift) return rollout;
    const { scaledUpAt: _, ...shift } = rollout.shift;
    return { ...rollout, shift };
  });
  return { ...state, release: { ...release, services } };
}

export const STRATEGY_MUTANTS: readonly Mutant[] = [
  {
    name: 'verdict by PRIMARY where traffic shifts',
    caughtBy: 1,
    breaks: ['3, live means live'],
    provoke: shifting({ strategy: 'BLUE_GREEN', bakeTimeInMinutes: 6 }, GOOD),
    mutation: ecs((real) => ({
      async serviceDeployments(cluster, service, since) {
        const found = await real.serviceDeployments(cluster, service, since);
        return Promise.all(found.map((one) => byPrimary(real, service, one)));
      },
      async deploymentsNamed(arns) {
        const found = await real.deploymentsNamed(arns);
        const judged = [...found].map(
          async ([arn, one]) => [arn, await byPrimary(real, serviceOf(arn), one)] as const,
        );
        return new Map(await Promise.all(judged));
      },
    })),
  },
  {
    name: 'an open shift is rolled back by UpdateService',
    caughtBy: 1,
    breaks: ['5, open shifts are stopped'],
    provoke: shifting({ strategy: 'BLUE_GREEN' }, { service: 'crash', task: 'good' }),
    mutation: perform((real) => (app, effect, attempt) => {
      if (effect.kind !== 'rollBack') return real(app, effect, attempt);
      const { shift: _, ...rest } = effect;
      return real(app, rest, attempt);
    }),
  },
  {
    name: 'an order whose deployment ECS has rolled back quickly is sent again',
    caughtBy: 19,
    breaks: ['1, an order starts one deployment'],
    provoke: shifting({ strategy: 'BLUE_GREEN' }, GOOD, withQuickRollbacks),
    mutation: perform((real) => (app, effect, attempt) => {
      if (effect.kind !== 'updateService') return real(app, effect, attempt);
      const { since: _, expectedAt: __, ...rest } = effect;
      return real(app, rest, attempt);
    }),
  },
  {
    name: 'which target group serves is taken from a toggle',
    caughtBy: 2,
    breaks: ['7, warnings about weights are true'],
    provoke: shifting({ strategy: 'BLUE_GREEN' }, { service: 'crash', task: 'good' }, withRights),
    mutation: ecs((real) => ({
      traffic: (cluster, service) => byToggle(real, cluster, service),
    })),
  },
  {
    name: 'bakes run into the time of the rollout',
    caughtBy: 1,
    breaks: ['3, bakes are waited for'],
    provoke: shifting({ strategy: 'CANARY', bakeTimeInMinutes: 10 }, GOOD, withShortTimeouts),
    mutation: loaded(withoutScaledUp),
  },
  {
    name: 'whatever waits is continued, not the pause that was seen',
    caughtBy: 1,
    breaks: ['6, continues are of the pause seen'],
    provoke: shifting(
      {
        strategy: 'LINEAR',
        linearConfiguration: { stepPercent: 20, stepBakeTimeInMinutes: 1 },
        lifecycleHooks: [
          {
            targetType: 'PAUSE',
            lifecycleStages: ['PRE_PRODUCTION_TRAFFIC_SHIFT'],
            timeoutConfiguration: { timeoutInMinutes: 3, action: 'CONTINUE' },
          },
        ],
      },
      GOOD,
      withLateContinues,
    ),
    mutation: {
      request: (request) => {
        const { hook: _, ...rest } = Object(request);
        return rest;
      },
    },
  },
];
