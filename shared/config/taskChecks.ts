import { nearestOf } from '../domain/nearest.ts';
import { LONGEST_OVERRIDES, lengthOfOverrides } from '../domain/overrides.ts';
import { parseSchedule } from '../domain/schedules/schedule.ts';
import { millisecondsOf } from './duration.ts';
import type { Finding, Path } from './faults.ts';
import { duplicates, indexesOf, unknownNames } from './nameChecks.ts';
import { isObject, valueAt } from './shape.ts';

/** Finds contradictions between the members of a task. */
export function faultsOfTask(root: unknown, app: Path, path: Path): readonly Finding[] {
  const task = valueAt(root, path);
  if (!isObject(task)) return [];
  const lists: readonly Path[] = ['success', 'failure', 'missed'].map((of) => [...path, 'notify', of]);
  return [
    ...unknownService(root, app, path),
    ...(task.like !== undefined && task.taskDefinition !== undefined ? [twoDefinitions(path)] : []),
    ...endsBeforeItStarts(root, [...path, 'schedule']),
    ...jitterTooLong(task.schedule, [...path, 'schedule']),
    ...lists.flatMap((list) => unknownNames(root, list)),
    ...lists.flatMap((list) => duplicates(root, list, 'channel')),
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
    'expected only one of "like" and "taskDefinition": with "like", the task uses the task definition of that service';
  return { path: [...path, 'taskDefinition'], at: 'key', message };
}

/** RunTask refuses what is longer. */
export function overridesTooLong(root: unknown, path: Path): readonly Finding[] {
  const task = valueAt(root, path);
  if (!isObject(task)) return [];
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
  const message = `expected a command and an environment of at most ${LONGEST_OVERRIDES} characters as JSON, the limit of ECS: these have ${length}`;
  return [{ path: [...path, words.length > 0 ? 'command' : 'environment'], at: 'value', message }];
}

/** How many times of a schedule are compared: more than a week of an hourly schedule. */
const TIMES_COMPARED = 200;

/** If a delayed call could come after the next one, a missed call could not be detected. */
function jitterTooLong(schedule: unknown, path: Path): readonly Finding[] {
  if (!isObject(schedule)) return [];
  const { expression, timeZone = 'UTC', jitter } = schedule;
  const window = typeof jitter === 'string' ? millisecondsOf(jitter) : undefined;
  if (window === undefined || typeof expression !== 'string' || typeof timeZone !== 'string') return [];
  const gap = knownGap(expression, timeZone);
  if (gap === undefined || window <= gap) return [];
  const message = `expected a jitter of at most the interval of the schedule, which is ${gap / 60_000} min`;
  return [{ path: [...path, 'jitter'], at: 'value', message }];
}

/** By time zone and expression: finding a gap takes a while, and a file repeats its schedules. */
const gaps = new Map<string, number | undefined>();

function knownGap(expression: string, timeZone: string): number | undefined {
  const key = `${timeZone} ${expression}`;
  if (!gaps.has(key)) gaps.set(key, leastGap(expression, timeZone));
  return gaps.get(key);
}

/** Shortest time between two calls, in milliseconds; undefined where there are no two, or the expression is invalid. */
function leastGap(expression: string, timeZone: string): number | undefined {
  try {
    const next = parseSchedule(expression, 0, timeZone);
    let least: number | undefined;
    let before = next(0);
    for (let compared = 0; compared < TIMES_COMPARED && before !== undefined; compared += 1) {
      const at = next(before);
      if (at !== undefined) least = Math.min(least ?? at - before, at - before);
      before = at;
    }
    return least;
  } catch {
    // The schema reports what is wrong with the expression.
    return undefined;
  }
}

function endsBeforeItStarts(root: unknown, path: Path): readonly Finding[] {
  const [start, end] = ['start', 'end'].map((name) => Date.parse(String(valueAt(root, [...path, name]))));
  if (start === undefined || end === undefined || !(end <= start)) return [];
  return [{ path: [...path, 'end'], at: 'value', message: 'expected an "end" after the "start"' }];
}
