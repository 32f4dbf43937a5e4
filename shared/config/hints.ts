import { faultOfCron } from '../domain/schedules/cronFields.ts';

/** What people most likely meant by a value of another notation; undefined where that cannot be said. */

/** "5min" or "30 seconds" → "5m", "30s". */
export function durationMeant(text: string): string | undefined {
  const match = /^(\d+)\s*(s|m|h)(?:ecs?|econds?|ins?|inutes?|rs?|ours?)?$/i.exec(text.trim());
  const meant = match && `${match[1]}${match[2]?.toLowerCase()}`;
  return meant === text ? undefined : (meant ?? undefined);
}

const FIVE_FIELDS = /^(?:cron\()?\s*(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+?)\s*\)?$/;

/** The five fields of crontab → the six of EventBridge: "0 3 * * 1" → "cron(0 3 ? * 2 *)". */
export function cronMeant(text: string): string | undefined {
  const [, minutes = '', hours = '', day = '', month = '', weekday = ''] =
    FIVE_FIELDS.exec(text.trim()) ?? [];
  const days = daysOf(day, weekday);
  if (days === undefined) return undefined;
  const body = `${minutes} ${hours} ${days.day} ${month} ${days.weekday} *`;
  return faultOfCron(body) === undefined ? `cron(${body})` : undefined;
}

/** EventBridge takes exactly one of the two, and counts weekdays from 1, Sunday; crontab counts from 0. */
function daysOf(
  day: string,
  weekday: string,
): { readonly day: string; readonly weekday: string } | undefined {
  if (weekday === '*' || weekday === '?') return { day, weekday: '?' };
  if (day !== '*' && day !== '?') return undefined;
  // A step counts days, and not from Sunday.
  if (weekday.includes('/')) return undefined;
  return { day: '?', weekday: weekday.replace(/\d+/g, (number) => String((Number(number) % 7) + 1)) };
}
