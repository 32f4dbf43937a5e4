import type { App, ReleaseTask, Schedule, Task } from '../../shared/domain/app.ts';
import type { OperatorRequest } from '../../shared/domain/operator.ts';
import type { Dice } from './dice.ts';
import type { Action } from './script.ts';

/** Tasks apart from releases, their schedules, and people who run and stop them. */

const MINUTE = 60_000;

/** At most one on a schedule and one on demand, like the service. `calmAt`: epoch milliseconds. */
export function tasksFor(dice: Dice, app: string, service: string, calmAt: number): readonly Task[] {
  const tasks: Task[] = [];
  if (dice.chance(0.4)) tasks.push(taskFor(dice, `${app}-report`, service, scheduleFor(dice, calmAt)));
  if (dice.chance(0.3)) tasks.push(taskFor(dice, `${app}-clean`, service, undefined));
  return tasks;
}

function taskFor(dice: Dice, name: string, service: string, schedule: Schedule | undefined): Task {
  const onSpot = dice.chance(0.3);
  return {
    name,
    ...(dice.chance(0.7) ? { like: service } : {}),
    family: service,
    container: service,
    command: ['work'],
    environment: { PASSWORD: 'hunter2-of-the-simulation' },
    count: dice.chance(0.8) ? 1 : 2,
    timeout: dice.pick([2, 15]) * MINUTE,
    overlap: dice.pick(['skip', 'queue', 'replace']),
    retries: {
      times: dice.between(0, 2),
      backoff: dice.pick([1_000, 60_000]),
      exitCodes: dice.pick([[], [3], 'any']),
    },
    notify: { success: dice.chance(0.3) ? ['deploys'] : [], failure: ['deploys'], missed: ['deploys'] },
    taskRole: 'app-task',
    executionRole: 'app-execution',
    ...(onSpot ? { capacity: { providers: [{ provider: 'FARGATE_SPOT', weight: 1, base: 0 }] } } : {}),
    ...(schedule === undefined ? {} : { schedule }),
  };
}

/** At most twenty calls: so many are remembered. */
function scheduleFor(dice: Dice, calmAt: number): Schedule {
  const minutes = dice.pick([5, 10, 15, 30]);
  const expression = dice.chance(0.5) ? `rate(${minutes} minutes)` : `cron(0/${minutes} * * * ? *)`;
  return { expression, timeZone: 'UTC', jitter: dice.chance(0.2) ? 3 * MINUTE : 0, end: calmAt };
}

/** What people do with tasks. */
export function taskActions(
  dice: Dice,
  app: string,
  tasks: readonly Task[],
  calmAt: number,
): readonly Action[] {
  const who = 'arn:aws:iam::123456789012:user/operator';
  return tasks.flatMap((task): Action[] => {
    const operate = (request: OperatorRequest): Action => ({
      at: Math.floor(dice.random() * calmAt),
      kind: 'operate',
      request,
    });
    const id = dice.uuid();
    const runs = dice.chance(task.schedule ? 0.2 : 0.9)
      ? [operate({ command: 'run', app, task: task.name, id, who })]
      : [];
    const again = runs.length > 0 && dice.chance(0.3) ? runs : [];
    const stops = dice.chance(0.2) ? [operate({ command: 'stop', app, run: task.name, who })] : [];
    return [...runs, ...again, ...stops];
  });
}

/** Some release tasks are repeated. */
export function withRetries(dice: Dice, apps: readonly App[]): readonly App[] {
  const changed = (task: ReleaseTask): ReleaseTask => ({
    ...task,
    ...(dice.chance(0.3) && {
      retries: { times: dice.between(1, 2), backoff: 30_000, exitCodes: dice.pick([[], [3], 'any']) },
    }),
  });
  return apps.map((app) => ({ ...app, before: app.before.map(changed), after: app.after.map(changed) }));
}

/** Some runs have three tasks and are retried, and someone stops one of the three. */
export function inThrees(
  dice: Dice,
  planned: { readonly apps: readonly App[]; readonly more: readonly Action[]; readonly calmAt: number },
): { readonly apps: App[]; readonly more: Action[] } {
  const apps = planned.apps.map((app) => ({
    ...app,
    tasks: app.tasks.map((task) =>
      dice.chance(0.3)
        ? { ...task, count: 3, retries: { times: 2, backoff: 60_000, exitCodes: 'any' as const } }
        : task,
    ),
  }));
  const stops = planned.more.flatMap((action): Action[] => {
    if (action.kind !== 'operate' || action.request.command !== 'run' || !dice.chance(0.4)) return [];
    const at = Math.min(action.at + dice.between(10, 40) * 1_000, planned.calmAt);
    return [{ at, kind: 'stopOneOf', startedBy: `fairway/${action.request.id}` }];
  });
  return { apps, more: [...planned.more, ...stops] };
}
