import type { Action, Fate, Plan, Weather } from '../script.ts';

/** Plans that make a rare situation a common one. */

const MINUTE = 60_000;
/** How long after a push others deploy. */
const SECONDS = [8, 12, 16, 20, 25, 30];

/** AWS refuses calls often, and someone else deploys during each release; the app is resumed before the next. */
export function withRivals(plan: Plan): Plan {
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
export function withInterference(plan: Plan): Plan {
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
export function withReturns(plan: Plan): Plan {
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
export function withFates(plan: Plan, fate: Fate): Plan {
  const actions = plan.actions.map((action) => (action.kind === 'push' ? { ...action, fate } : action));
  return { ...plan, actions };
}

export const withWeather =
  (more: Partial<Weather>) =>
  (plan: Plan): Plan => ({ ...plan, weather: { ...plan.weather, ...more } });

/** All services roll at once. */
export function inOneWave(plan: Plan): Plan {
  const apps = plan.configuration.apps.map((app) => ({
    ...app,
    services: app.services.map((service) => ({ ...service, wave: 1 })),
  }));
  return { ...plan, configuration: { ...plan.configuration, apps } };
}
