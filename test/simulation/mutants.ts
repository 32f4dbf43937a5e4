import type { Configuration, ReleaseTask } from '../../shared/domain/app.ts';
import type { Ecs, PerformEcs, Store } from '../../shared/ports.ts';
import { CROWD_MUTANTS } from './crowdMutants.ts';
import type { Mutation } from './functions.ts';
import type { Mutant } from './mutant.ts';
import type { Action, Fate, Plan, Weather } from './script.ts';
import { STRATEGY_MUTANTS } from './strategyMutants.ts';

/** The judge must catch each variant: a checker that catches none of them proves nothing. */

const MINUTE = 60_000;
/** How long after a push others deploy. */
const SECONDS = [8, 12, 16, 20, 25, 30];

/** AWS refuses calls often, and someone else deploys during each release; the app is resumed before the next. */
function withRivals(plan: Plan): Plan {
  const [app] = plan.configuration.apps;
  const service = app?.services[0]?.name;
  if (!app || service === undefined) return plan;
  const pushes = plan.actions.filter(({ kind }) => kind === 'push');
  const rivals = pushes.flatMap(({ at }, index): Action[] => [
    {
      at: at + (SECONDS[index % SECONDS.length] ?? 0) * 1000,
      kind: 'foreignDeploy',
      service,
      otherImage: true,
    },
    { at: at + 7 * MINUTE, kind: 'operate', request: { command: 'resume', app: app.name, who: 'operator' } },
  ]);
  return withFates(
    {
      ...plan,
      weather: { ...plan.weather, refused: 0.4 },
      actions: [...plan.actions, ...rivals].toSorted((a, b) => a.at - b.at),
    },
    { service: 'good', task: 'good' },
  );
}

/** Runs have three tasks, and someone stops one of them. */
function withInterference(plan: Plan): Plan {
  const apps = plan.configuration.apps.map((app) => ({
    ...app,
    tasks: app.tasks.map((task) => ({
      ...task,
      count: 3,
      retries: { times: 2, backoff: 60_000, exitCodes: 'any' as const },
    })),
  }));
  const asked = plan.actions.flatMap((action) =>
    action.kind === 'operate' && action.request.command === 'run'
      ? [{ ...action.request, at: action.at }]
      : [],
  );
  const stops = asked.flatMap(({ id, at }) =>
    [20, 30, 40].map(
      (seconds): Action => ({ at: at + seconds * 1_000, kind: 'stopOneOf', startedBy: `fairway/${id}` }),
    ),
  );
  const actions = [...plan.actions, ...stops].toSorted((a, b) => a.at - b.at);
  return { ...plan, configuration: { ...plan.configuration, apps }, actions };
}

/** Each tag moves to another image, and returns in silence. */
function withReturns(plan: Plan): Plan {
  const returns = plan.actions.flatMap((push): Action[] => {
    if (push.kind !== 'push') return [];
    const at = push.at + 20 * MINUTE;
    return [
      { ...push, at, content: `between ${push.content}`, fate: { service: 'good', task: 'good' } },
      { ...push, at: at + MINUTE, unheard: true },
    ];
  });
  const actions = [...plan.actions, ...returns].toSorted((a, b) => a.at - b.at);
  return { ...plan, actions, calmAt: plan.calmAt + 25 * MINUTE };
}

/** Every image that is pushed fares the same. */
function withFates(plan: Plan, fate: Fate): Plan {
  const actions = plan.actions.map((action) => (action.kind === 'push' ? { ...action, fate } : action));
  return { ...plan, actions };
}

const withWeather =
  (more: Partial<Weather>) =>
  (plan: Plan): Plan => ({ ...plan, weather: { ...plan.weather, ...more } });

const store = (change: (store: Store) => Partial<Store>): Mutation => ({
  store: (real) => ({ ...real, ...change(real) }),
});
const ecs = (change: (ecs: Ecs) => Partial<Ecs>): Mutation => ({
  ecs: (real) => ({ ...real, ...change(real) }),
});
const perform = (change: (real: PerformEcs) => PerformEcs): Mutation => ({ performEcs: change });

/** The same, with retries of every release task. */
function impatient(configuration: Configuration): Configuration {
  const repeated = (task: ReleaseTask): ReleaseTask => ({
    ...task,
    retries: { times: 2, backoff: 30_000, exitCodes: 'any' },
  });
  const apps = configuration.apps.map((app) => ({
    ...app,
    before: app.before.map(repeated),
    after: app.after.map(repeated),
  }));
  return { ...configuration, apps };
}

export const MUTANTS: readonly Mutant[] = [
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
    caughtBy: 352,
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
    name: 'no client token: a repeated RunTask starts another task',
    caughtBy: 300,
    breaks: ['4, the migration gates'],
    provoke: (plan) =>
      withFates(withWeather({ lost: 0.15, crash: 0.03 })(plan), { service: 'good', task: 'good' }),
    mutation: ecs((real) => ({
      run: (input) =>
        real.run({ ...input, clientToken: `${input.clientToken.slice(0, 40)}${Math.random()}`.slice(0, 64) }),
    })),
  },
  {
    name: 'verdict by steady state: whatever runs in full numbers is taken for ours',
    caughtBy: 380,
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
    name: 'an exit code that is missing counts as 0',
    caughtBy: 8,
    breaks: ['4, the migration gates'],
    mutation: ecs((real) => ({
      async task(cluster, arn) {
        const observed = await real.task(cluster, arn);
        if (
          !observed.found ||
          observed.lastStatus !== 'STOPPED' ||
          Object.keys(observed.exitCodes).length > 0
        )
          return observed;
        const names = [
          'web',
          'api',
          'worker',
          'edge',
          'web-migrate',
          'api-migrate',
          'web-smoke',
          'api-smoke',
        ];
        return { ...observed, exitCodes: Object.fromEntries(names.map((name) => [name, 0])) };
      },
    })),
  },
  {
    name: 'whatever stops a task, its exit code is taken for 0',
    caughtBy: 7,
    breaks: ['4, the migration gates'],
    mutation: ecs((real) => ({
      async task(cluster, arn) {
        const observed = await real.task(cluster, arn);
        const zeros = Object.keys(observed.exitCodes).map((name) => [name, 0]);
        return { ...observed, exitCodes: Object.fromEntries(zeros) };
      },
    })),
  },
  {
    name: 'a migration is called done when it has started',
    caughtBy: 7,
    breaks: ['4, the migration gates'],
    mutation: ecs((real) => ({
      async task(cluster, arn) {
        const observed = await real.task(cluster, arn);
        const names = [
          'web',
          'api',
          'worker',
          'edge',
          'web-migrate',
          'api-migrate',
          'web-smoke',
          'api-smoke',
        ];
        return observed.found
          ? {
              ...observed,
              lastStatus: 'STOPPED',
              exitCodes: Object.fromEntries(names.map((name) => [name, 0])),
            }
          : observed;
      },
    })),
  },
  {
    name: 'UpdateService is repeated without a look',
    caughtBy: 621,
    breaks: ['1, repeats look first'],
    provoke: withRivals,
    mutation: perform(
      (real) => (app, effect, attempt) => real(app, effect, effect.kind === 'updateService' ? 0 : attempt),
    ),
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
    caughtBy: 165,
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
    name: 'what is due is never found: a dead function is not taken over from',
    caughtBy: 2,
    breaks: ['everything ends', '7, nothing vanishes'],
    mutation: store(() => ({ due: async () => [] })),
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
    name: 'announcements are sent once, whether they arrive or not',
    caughtBy: 42,
    breaks: ['7, nothing vanishes'],
    provoke: withWeather({ mute: 0.9 }),
    mutation: {
      world: (world) => ({
        ...world,
        tell: async (...message) => {
          await world.tell(...message);
          return { kind: 'announced' };
        },
      }),
    },
  },
  {
    name: 'recoveries are not seen: an alert stays open for good',
    caughtBy: 154,
    breaks: ['alerts are closed'],
    mutation: perform((real) => async (app, effect, attempt) => {
      const answer = await real(app, effect, attempt);
      return effect.kind === 'lookForRecovery' ? { kind: 'servicesSeen', services: [] } : answer;
    }),
  },
  {
    name: 'the end of an alert is not announced',
    caughtBy: 6,
    breaks: ['alerts are announced'],
    mutation: {
      world: (world) => ({
        ...world,
        tell: async (...message) => {
          const [, news] = message;
          return news.kind === 'alert' && news.end ? { kind: 'announced' } : world.tell(...message);
        },
      }),
    },
  },
  {
    name: 'stopped tasks are not remembered: what comes twice counts twice',
    caughtBy: 17,
    breaks: ['alerts are true'],
    provoke: (plan) =>
      withFates(withWeather({ duplicate: 0.9 })(plan), { service: 'lateCrash', task: 'good' }),
    mutation: store((real) => ({
      save: (next, dueAt) => {
        const { alerts } = next.state;
        const state = alerts ? { ...next.state, alerts: { ...alerts, seen: [] } } : next.state;
        return real.save({ ...next, state }, dueAt);
      },
    })),
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
  {
    name: 'a log line contains a secret',
    caughtBy: 2,
    breaks: ['11, secrets stay secret'],
    mutation: {
      world: (world) => ({
        ...world,
        async performEcs(app, effect, attempt) {
          const answer = await world.performEcs(app, effect, attempt);
          if (effect.kind === 'register')
            world.log('registered', { environment: 'PASSWORD=hunter2-of-the-simulation' });
          return answer;
        },
      }),
    },
  },
  {
    name: "a schedule's calls are not distinguished",
    caughtBy: 1,
    breaks: ['one run per call'],
    mutation: store((real) => ({
      async load(app) {
        const stored = await real.load(app);
        return stored && { ...stored, state: { ...stored.state, schedules: {} } };
      },
    })),
  },
  {
    name: 'each repeat of a start has a new token',
    caughtBy: 44,
    breaks: ['runs start once', '4, the migration gates', 'runs do not overlap'],
    mutation: ecs((real) => ({
      run: (input) =>
        real.run({ ...input, clientToken: `${input.clientToken.slice(0, 40)}${Math.random()}` }),
    })),
    provoke: (plan) => ({ ...plan, weather: { ...plan.weather, lost: 0.2, crash: 0.1 } }),
  },
  {
    name: 'a task that has stopped has succeeded',
    caughtBy: 262,
    breaks: ['success means zero'],
    provoke: (plan) => withFates(plan, { service: 'good', task: 'fails' }),
    mutation: ecs((real) => ({
      async task(cluster, taskArn) {
        const observed = await real.task(cluster, taskArn);
        const zeros = Object.keys(observed.exitCodes).map((name) => [name, 0]);
        return { ...observed, exitCodes: Object.fromEntries(zeros) };
      },
    })),
  },
  {
    name: 'another attempt starts every task of a run',
    caughtBy: 435,
    breaks: ['success is not repeated'],
    mutation: perform((real) => (app, effect, attempt) => {
      const count = app.tasks.find(({ name }) => 'task' in effect && name === effect.task)?.count ?? 1;
      return real(app, effect.kind === 'startRun' ? { ...effect, count } : effect, attempt);
    }),
    provoke: withInterference,
  },
  {
    name: 'release tasks are repeated although no retries are configured',
    caughtBy: 7,
    breaks: ['4, the migration gates'],
    mutation: { world: (world) => ({ ...world, configuration: impatient(world.configuration) }) },
  },
  {
    name: 'runs are not recorded',
    caughtBy: 1,
    breaks: ['no run vanishes'],
    mutation: store(() => ({ recordRun: async () => {} })),
  },
  ...CROWD_MUTANTS,
  ...STRATEGY_MUTANTS,
];
