import { Cron } from 'croner';
import { cronerPattern, faultOfCron } from './cronFields.ts';

/** When a schedule is due next: epoch milliseconds after `after`; undefined when it never is again. */
export type Schedule = (after: number) => number | undefined;

const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Reads a schedule expression: `rate(5 minutes)`, first at `start`; `cron(minutes hours day-of-month month
 * day-of-week year)` in a time zone; `at(yyyy-mm-ddThh:mm:ss)`, once. (EventBridge Scheduler user guide, "Schedule
 * types"; rules take the first two, in UTC.) A local time that a change to summer time leaves out is skipped, and one
 * that occurs twice when clocks are set back occurs once.
 */
export function parseSchedule(expression: string, start: number, timeZone = 'UTC'): Schedule {
  const parts = /^(rate|cron|at)\((.*)\)$/.exec(expression);
  const [, kind, body = ''] = parts ?? [];
  if (kind === 'rate') return rate(expression, body, start);
  if (kind === 'cron') return cron(expression, body, timeZone);
  if (kind === 'at') return once(expression, body, timeZone);
  throw invalid(expression, 'expected rate(...), cron(...) or at(...)');
}

function rate(expression: string, body: string, start: number): Schedule {
  const [, count = '', unit = '', plural = ''] = /^(\d+) (minute|hour|day)(s?)$/.exec(body) ?? [];
  const interval = Number(count) * (UNITS[unit] ?? 0);
  if (interval === 0) throw invalid(expression, 'expected a positive number of minutes, hours or days');
  if ((count === '1') === (plural === 's')) {
    throw invalid(expression, count === '1' ? 'the unit must be singular for 1' : 'the unit must be plural');
  }
  return (after) => start + Math.max(0, Math.floor((after - start) / interval) + 1) * interval;
}

function cron(expression: string, body: string, timeZone: string): Schedule {
  const fault = faultOfCron(body);
  if (fault !== undefined) throw invalid(expression, fault);
  const parsed = tryCron(expression, cronerPattern(body), timeZone);
  const offsetAt = offsetsOf(timeZone);
  return (after) => {
    let next = parsed.nextRun(new Date(after));
    // croner moves a time that summer time leaves out to the next one that exists; EventBridge skips it.
    while (next && (!parsed.match(next) || comesAgain(next.getTime(), offsetAt))) next = parsed.nextRun(next);
    return next?.getTime();
  };
}

/** No zone's clocks were set back by more, and none twice within it. */
const LONGEST_SHIFT = 3 * 3_600_000;

/** Whether the clock has shown the same time before: clocks were set back, and EventBridge does not repeat a call. */
function comesAgain(at: number, offsetAt: (at: number) => number): boolean {
  const earlier = offsetAt(at - LONGEST_SHIFT);
  const shift = earlier - offsetAt(at);
  return shift > 0 && offsetAt(at - shift) === earlier;
}

/** How far a zone's clocks are ahead of UTC, milliseconds. */
function offsetsOf(timeZone: string): (at: number) => number {
  if (timeZone === 'UTC') return () => 0;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (at) => {
    const parts = Object.fromEntries(
      format.formatToParts(at).map(({ type, value }) => [type, Number(value)]),
    );
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    const shown = Date.UTC(year, month - 1, day, hour, minute, second);
    return shown - Math.floor(at / 1_000) * 1_000;
  };
}

function tryCron(expression: string, translated: string, timeZone: string): Cron {
  try {
    const parsed = new Cron(translated, { timezone: timeZone });
    parsed.nextRun();
    return parsed;
  } catch (cause) {
    throw invalid(expression, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function once(expression: string, body: string, timeZone: string): Schedule {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/.test(body)) {
    throw invalid(expression, 'expected yyyy-mm-ddThh:mm:ss');
  }
  const parsed = tryCron(expression, body, timeZone);
  return (after) => parsed.nextRun(new Date(after))?.getTime();
}

function invalid(expression: string, why: string, cause?: unknown): Error {
  return new Error(`invalid schedule expression ${expression}: ${why}`, { cause });
}
