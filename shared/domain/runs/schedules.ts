import type { Task } from '../app.ts';
import type { DomainEvent } from '../events.ts';
import type { Context, Draft } from '../kernel/context.ts';
import { memberOf } from '../member.ts';
import type { ScheduleMemory } from '../run.ts';
import { endRun } from './ending.ts';
import { addRun } from './parts.ts';

/** What is remembered of schedules, and what is said when they did not call. */

/** A schedule that never calls is announced once a day, not at every time that it misses. */
const TOLD_AGAIN_AFTER = 24 * 60 * 60_000;

/** What names a schedule: another expression, time zone or start is another schedule. */
export function scheduleName(task: Task): string {
  const { expression = '', timeZone = '', start } = task.schedule ?? {};
  return `${expression} ${timeZone}${start === undefined ? '' : ` ${start}`}`;
}

/**
 * The memory of a task's schedule, begun anew where there is none or the schedule has changed. Calls of the old one
 * may be delivered once more, so they stay known.
 */
export function scheduleMemory(ctx: Context, task: Task): Draft<ScheduleMemory> {
  const { state, now } = ctx;
  const known = memberOf(state.schedules, task.name);
  if (known?.schedule === scheduleName(task)) return known;
  const memory = { schedule: scheduleName(task), since: now, seen: known?.seen ?? [] };
  state.schedules[task.name] = memory;
  return memory;
}

/** The sweep compared a schedule with its calls. Calls that never arrived are announced together, as one missed run. */
export function scheduleChecked(
  ctx: Context,
  event: Extract<DomainEvent, { type: 'scheduleChecked' }>,
): string {
  const task = ctx.app.tasks.find((other) => other.name === event.task);
  if (!task?.schedule) {
    delete ctx.state.schedules[event.task];
    return `${event.task} has no schedule any more`;
  }
  const memory = scheduleMemory(ctx, task);
  const missed = event.missed.filter((at) => at >= memory.since && !memory.seen.includes(at));
  const [first] = missed;
  const last = missed.at(-1);
  if (first === undefined || last === undefined) return `${task.name}: nothing was missed`;
  memory.seen = [...memory.seen, ...missed].sort((a, b) => b - a).slice(0, 20);
  const owner = { kind: 'schedule', at: last } as const;
  const run = addRun(ctx, task, { id: ctx.freshId, owner, deadline: ctx.now });
  const isTold = ctx.now - (memory.reportedMissingAt ?? Number.NEGATIVE_INFINITY) < TOLD_AGAIN_AFTER;
  if (!isTold) memory.reportedMissingAt = ctx.now;
  const sentence = sentenceOf(ctx, task, [first, last], missed.length);
  return endRun(ctx, run, 'missed', sentence, { silent: isTold });
}

function sentenceOf(
  { app }: Context,
  task: Task,
  [first, last]: readonly [number, number],
  count: number,
): string {
  const { timeZone = 'UTC', expression } = task.schedule ?? {};
  const when =
    count === 1
      ? `was due at ${wallClock(last, timeZone)}`
      : `was due ${count} times from ${wallClock(first, timeZone)} to ${wallClock(last, timeZone)}`;
  return `it ${when}, and its schedule ${expression} never called: \`fairway run ${app.name} ${task.name}\` makes up for it`;
}

/** "2026-03-29 03:00 Europe/Berlin". */
function wallClock(at: number, timeZone: string): string {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'short',
  });
  return `${format.format(at)} ${timeZone}`;
}
