import { faultOfCron } from '../domain/schedules/cronFields.ts';

/** The value that was most likely meant, where it is written in another notation; undefined where there is no guess. */

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

/** EventBridge needs "?" for one of the two, and counts weekdays from 1 (Sunday). Crontab counts from 0. */
function daysOf(
  day: string,
  weekday: string,
): { readonly day: string; readonly weekday: string } | undefined {
  if (weekday === '*' || weekday === '?') return { day, weekday: '?' };
  if (day !== '*' && day !== '?') return undefined;
  // A step such as */2 starts at Sunday in crontab, so its numbers cannot be shifted by one.
  if (weekday.includes('/')) return undefined;
  return { day: '?', weekday: weekday.replace(/\d+/g, (number) => String((Number(number) % 7) + 1)) };
}
