import type { Retries, Schedule, Task } from '../domain/app.ts';
import { defined } from '../domain/defined.ts';
import { milliseconds } from './duration.ts';
import { placementOf, placesOf } from './placement.ts';
import type { AppSource, DefaultsSource, TaskSource } from './schema.ts';

/** A task with its defaults filled in, among them those from the service in `like`. */
export function taskOf(task: TaskSource, app: AppSource, defaults: DefaultsSource): Task {
  const like = app.services?.find((service) => service.name === task.like);
  const channels = app.channels ?? defaults.channels ?? [];
  const { retries = {}, notify = {} } = task;
  return {
    name: task.name,
    ...(like === undefined ? {} : { like: like.name }),
    family: like === undefined ? (task.taskDefinition ?? task.name) : (like.taskDefinition ?? like.name),
    container: task.container,
    ...overridesOf(task),
    ...placementOf(task),
    ...placesOf({ ...placesOf(like ?? {}, defaults), ...task }, defaults),
    ...(task.image?.startsWith('pinned ') ? { pinned: task.image.slice('pinned '.length) } : {}),
    count: task.count ?? 1,
    timeout: milliseconds(task.timeout ?? '1h'),
    overlap: task.overlap ?? 'skip',
    retries: retriesOf(retries),
    ...(task.schedule === undefined ? {} : { schedule: scheduleOf(task.schedule) }),
    notify: {
      success: notify.success ?? [],
      failure: notify.failure ?? channels,
      missed: notify.missed ?? channels,
    },
  };
}

type Overridden = Pick<TaskSource, 'command' | 'environment' | 'cpu' | 'memory' | 'ephemeralStorage'>;

/** What a task changes of its task definition. */
export function overridesOf({ command, environment = {}, cpu, memory, ephemeralStorage }: Overridden) {
  return { environment, ...defined({ command, cpu, memory, ephemeralStorage }) };
}

export function retriesOf({
  times = 2,
  backoff = '30s',
  exitCodes = [],
}: NonNullable<TaskSource['retries']>): Retries {
  return { times, backoff: milliseconds(backoff), exitCodes };
}

function scheduleOf(schedule: NonNullable<TaskSource['schedule']>): Schedule {
  if (typeof schedule === 'string') return { expression: schedule, timeZone: 'UTC', jitter: 0 };
  const { expression, timeZone = 'UTC', start, end, jitter } = schedule;
  return {
    expression,
    timeZone,
    ...(start === undefined ? {} : { start: Date.parse(start) }),
    ...(end === undefined ? {} : { end: Date.parse(end) }),
    jitter: jitter === undefined ? 0 : milliseconds(jitter),
  };
}
