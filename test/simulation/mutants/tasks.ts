import type { Configuration, ReleaseTask } from '../../../shared/domain/app.ts';
import type { Mutant } from './mutant.ts';
import { ecs, perform, store } from './mutations.ts';
import { withFates, withInterference, withWeather } from './plans.ts';

/** Variants that are broken on purpose in how they start and judge tasks. */

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

export const TASK_MUTANTS: readonly Mutant[] = [
  {
    name: 'no client token: a repeated RunTask starts another task',
    caughtBy: 8,
    breaks: ['4, the migration gates'],
    provoke: (plan) =>
      withFates(withWeather({ lost: 0.15, crash: 0.03 })(plan), { service: 'good', task: 'good' }),
    mutation: ecs((real) => ({
      run: (input) =>
        real.run({ ...input, clientToken: `${input.clientToken.slice(0, 40)}${Math.random()}`.slice(0, 64) }),
    })),
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
];
