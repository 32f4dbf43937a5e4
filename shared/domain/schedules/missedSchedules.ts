import type { Task } from '../app.ts';
import type { ScheduleMemory } from '../run.ts';
import { parseSchedule } from './schedule.ts';

/** A call may come this much late: EventBridge Scheduler tries again when the function cannot be reached. */
export const GRACE = 5 * 60_000;
/** Calls that are reported as missed at a time. */
const MOST = 1_000;

/**
 * The times, epoch milliseconds, at which a task's schedule should have called by now and has not. The schedule is
 * compared with itself; a `rate` counts from the oldest call that is remembered, or from its start, since AWS does not
 * report when it was created.
 */
export function missedTimes(task: Task, memory: ScheduleMemory, now: number): readonly number[] {
  const { schedule } = task;
  if (!schedule) return [];
  const { start = 0, end = Number.POSITIVE_INFINITY, jitter } = schedule;
  // What is older than the oldest of a full memory may have called and been forgotten.
  const since = Math.max(memory.since, memory.seen[19] ?? 0, start - 1);
  // "Invocations might stop on, or before, the EndDate", says the API reference: at the end itself it may call or not.
  const until = Math.min(now - GRACE - jitter, end - 1);
  const isRate = schedule.expression.startsWith('rate');
  const counted = isRate ? (memory.seen.findLast((at) => at >= memory.since) ?? memory.since) : since;
  const origin = Math.max(counted, start);
  const next = parseSchedule(schedule.expression, origin, schedule.timeZone);
  // A schedule that was made anew counts from another time: a call nearby is the one that was due.
  const apart = isRate ? ((next(origin) ?? origin) - origin) / 2 : 0;
  const hasCalled = (at: number) => memory.seen.some((one) => Math.abs(one - at) <= apart);
  const missed: number[] = [];
  for (
    let at = next(Math.max(counted, start - 1));
    at !== undefined && at <= until && missed.length < MOST;
    at = next(at)
  ) {
    if (at > since && !hasCalled(at)) missed.push(at);
  }
  return missed;
}
