import { nearestOf } from '../domain/nearest.ts';
import { LONGEST_OVERRIDES, lengthOfOverrides } from '../domain/overrides.ts';
import { parseSchedule } from '../domain/schedules/schedule.ts';
import { millisecondsOf } from './duration.ts';
import type { Finding, Path } from './faults.ts';
import { indexesOf, twiceTheSame, unknownNames } from './nameChecks.ts';
import { isObject, valueAt } from './shape.ts';

/** What is wrong between the members of a task. */
export function faultsOfTask(root: unknown, app: Path, path: Path): readonly Finding[] {
  const task = valueAt(root, path);
  if (!isObject(task)) return [];
  const lists: readonly Path[] = ['success', 'failure', 'missed'].map((of) => [...path, 'notify', of]);
  return [
    ...unknownService(root, app, path),
    ...(task.like !== undefined && task.taskDefinition !== undefined ? [twoDefinitions(path)] : []),
    ...endsBeforeItStarts(root, [...path, 'schedule']),
    ...waitsForTheNext(task.schedule, [...path, 'schedule']),
    ...tooLong(task, path),
    ...lists.flatMap((list) => unknownNames(root, list)),
    ...lists.flatMap((list) => twiceTheSame(root, list, 'channel')),
  ];
}

function unknownService(root: unknown, app: Path, path: Path): readonly Finding[] {
  const like = valueAt(root, [...path, 'like']);
  const services: Path = [...app, 'services'];
  const known = indexesOf(root, services).flatMap((index) => {
    const name = valueAt(root, [...services, index, 'name']);
    return typeof name === 'string' ? [name] : [];
  });
  if (typeof like !== 'string' || known.includes(like) || known.length === 0) return [];
  const nearest = nearestOf(like, known);
  const names = known.map((name) => `"${name}"`).join(', ');
  const message = `unknown service "${like}", expected one of this app: ${names}`;
  return [{ path: [...path, 'like'], at: 'value', message, ...(nearest === undefined ? {} : { nearest }) }];
}

function twoDefinitions(path: Path): Finding {
  const message =
    'expected only one of "like" and "taskDefinition": a task that is like a service has its definition';
  return { path: [...path, 'taskDefinition'], at: 'key', message };
}

function tooLong(task: Readonly<Record<string, unknown>>, path: Path): readonly Finding[] {
  const words = Array.isArray(task.command) ? task.command.map(String) : [];
  const variables = Object.entries(isObject(task.environment) ? task.environment : {});
  const sizes = ['cpu', 'memory', 'ephemeralStorage'].flatMap((name) =>
    typeof task[name] === 'number' ? [[name, task[name]]] : [],
  );
  const length = lengthOfOverrides({
    container: String(task.container),
    ...(words.length > 0 && { command: words }),
    environment: Object.fromEntries(variables.map(([name, value]) => [name, String(value)])),
    ...Object.fromEntries(sizes),
  });
  if (length <= LONGEST_OVERRIDES) return [];
  const message = `expected a command and an environment of at most ${LONGEST_OVERRIDES} characters as JSON, which is what ECS takes: these have ${length}`;
  return [{ path: [...path, words.length > 0 ? 'command' : 'environment'], at: 'value', message }];
}

/** Times of a schedule of which the nearest two are looked for: a week and more of one that calls every hour. */
const LOOKED_AT = 200;

/** A call that may come after the next one cannot be told from one that never came. */
function waitsForTheNext(schedule: unknown, path: Path): readonly Finding[] {
  if (!isObject(schedule)) return [];
  const { expression, timeZone = 'UTC', jitter } = schedule;
  const window = typeof jitter === 'string' ? millisecondsOf(jitter) : undefined;
  if (window === undefined || typeof expression !== 'string' || typeof timeZone !== 'string') return [];
  const gap = leastGap(expression, timeZone);
  if (gap === undefined || window <= gap) return [];
  const message = `expected a jitter no longer than the time between two calls, which is ${gap / 60_000} min`;
  return [{ path: [...path, 'jitter'], at: 'value', message }];
}

/** Milliseconds between the nearest two times; undefined: there are no two, or it cannot be read. */
function leastGap(expression: string, timeZone: string): number | undefined {
  try {
    const next = parseSchedule(expression, 0, timeZone);
    let least: number | undefined;
    let before = next(0);
    for (let looked = 0; looked < LOOKED_AT && before !== undefined; looked += 1) {
      const at = next(before);
      if (at !== undefined) least = Math.min(least ?? at - before, at - before);
      before = at;
    }
    return least;
  } catch {
    // What is wrong with it is told where it is read.
    return undefined;
  }
}

function endsBeforeItStarts(root: unknown, path: Path): readonly Finding[] {
  const [start, end] = ['start', 'end'].map((name) => Date.parse(String(valueAt(root, [...path, name]))));
  if (start === undefined || end === undefined || !(end <= start)) return [];
  return [{ path: [...path, 'end'], at: 'value', message: 'expected an end after the start' }];
}
