import { Cron } from 'croner';

/** When a schedule is due next: epoch milliseconds after `after`; undefined when it never is again. */
export type Schedule = (after: number) => number | undefined;

const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Reads a schedule expression: `rate(5 minutes)`, counted from `start`; `cron(minutes hours day-of-month month
 * day-of-week year)` in a time zone; `at(yyyy-mm-ddThh:mm:ss)`, once. (EventBridge Scheduler user guide, "Schedule
 * types"; rules take the first two, in UTC.) A local time that a change to summer time leaves out is skipped.
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
  return (after) => start + Math.max(1, Math.floor((after - start) / interval) + 1) * interval;
}

function cron(expression: string, body: string, timeZone: string): Schedule {
  const fields = body.trim().split(/\s+/);
  const [minutes = '', hours = '', days = '', months = '', weekdays = '', years = ''] = fields;
  if (fields.length !== 6) throw invalid(expression, 'expected six fields');
  if ((days === '?') === (weekdays === '?')) {
    throw invalid(expression, 'exactly one of day-of-month and day-of-week must be ?');
  }
  const translated = [
    '0',
    stepped(minutes, 59),
    stepped(hours, 23),
    stepped(days, 31),
    stepped(months, 12),
    weekdays === '?' ? '*' : weekdayField(weekdays),
    stepped(years, 2199),
  ].join(' ');
  const parsed = tryCron(expression, translated, timeZone);
  return (after) => {
    let next = parsed.nextRun(new Date(after));
    // croner moves a time that summer time leaves out to the next one that exists; EventBridge skips it.
    while (next && !parsed.match(next)) next = parsed.nextRun(next);
    return next?.getTime();
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

/** EventBridge's `5/10` (from 5 on, every 10) is croner's `5-59/10`. */
function stepped(field: string, maximum: number): string {
  return field
    .split(',')
    .map((part) => part.replace(/^(\d+)\/(\d+)$/, `$1-${maximum}/$2`))
    .join(',');
}

/** EventBridge counts weekdays from 1 = Sunday, croner from 0; `L` alone is Saturday. */
function weekdayField(field: string): string {
  return field
    .split(',')
    .map((part) => {
      if (part === 'L') return '6';
      const [range = '', ...rest] = part.split(/(?=[#/])/);
      return stepped(range.replace(/\d/g, (day) => String(Number(day) - 1)) + rest.join(''), 6);
    })
    .join(',');
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
