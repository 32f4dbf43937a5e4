import type { Schedule } from '../../shared/domain/app.ts';
import { GRACE, missedTimes } from '../../shared/domain/schedules/missedSchedules.ts';
import { aScheduledTask, MINUTE } from '../builders.ts';

const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const at = (text: string) => Date.parse(text);

function missed(
  schedule: Partial<Schedule>,
  memory: { since: number; seen?: readonly number[] },
  now: number,
): string[] {
  const task = aScheduledTask('report', {
    schedule: { expression: 'cron(0 3 * * ? *)', timeZone: 'UTC', jitter: 0, ...schedule },
  });
  const times = missedTimes(task, { schedule: '', seen: [], ...memory }, now);
  return times.map((time) => new Date(time).toISOString().slice(0, 16));
}

const since = at('2026-03-01T00:00:00Z');

describe('missedTimes', () => {
  it('names what was due and did not call, once its time of grace is over', () => {
    const due = at('2026-03-01T03:00:00Z');
    expect(missed({}, { since }, due + GRACE - 1)).toEqual([]);
    expect(missed({}, { since }, due + GRACE)).toEqual(['2026-03-01T03:00']);
    expect(missed({}, { since, seen: [due] }, due + GRACE)).toEqual([]);
  });

  it('waits for the end of a flexible window', () => {
    const jitter = 15 * MINUTE;
    const due = at('2026-03-01T03:00:00Z');
    expect(missed({ jitter }, { since }, due + GRACE + jitter - 1)).toEqual([]);
    expect(missed({ jitter }, { since }, due + GRACE + jitter)).toHaveLength(1);
  });

  it('finds one that is missing among those that came', () => {
    const days = [1, 2, 3, 4].map((day) => at('2026-03-01T03:00:00Z') + day * DAY);
    const seen = days.filter((_, index) => index !== 2).toReversed();
    expect(missed({}, { since: days[0] ?? 0, seen }, (days[3] ?? 0) + GRACE)).toEqual(['2026-03-04T03:00']);
  });

  it('names nothing before it was first seen, nor outside the start and end of the schedule', () => {
    const now = since + 10 * DAY;
    expect(missed({}, { since: now - HOUR }, now)).toEqual([]);
    const span = { start: at('2026-03-03T03:00:00Z'), end: at('2026-03-04T12:00:00Z') };
    expect(missed(span, { since }, now)).toEqual(['2026-03-03T03:00', '2026-03-04T03:00']);
  });

  it('expects no call at the very end, where the scheduler may call or not', () => {
    const end = at('2026-03-02T03:00:00Z');
    expect(missed({ end }, { since }, end + DAY)).toEqual(['2026-03-01T03:00']);
    expect(missed({ end: end + MINUTE }, { since }, end + DAY)).toHaveLength(2);
  });

  it('finds what a rate has missed between two calls that came', () => {
    const seen = [at('2026-03-01T10:37:13Z'), at('2026-03-01T10:07:13Z')];
    const now = at('2026-03-01T10:40:00Z');
    expect(missed({ expression: 'rate(15 minutes)' }, { since, seen }, now)).toEqual(['2026-03-01T10:22']);
  });

  it('misses nothing of a rate that goes on at another minute', () => {
    const seen = ['10:41:00Z', '10:26:00Z', '10:22:13Z', '10:07:13Z'].map((time) => at(`2026-03-01T${time}`));
    const now = at('2026-03-01T10:45:00Z');
    expect(missed({ expression: 'rate(15 minutes)' }, { since, seen }, now)).toEqual([]);
  });

  it('counts a rate from the last call that came', () => {
    const seen = [at('2026-03-01T10:07:13Z')];
    const now = at('2026-03-01T10:45:00Z');
    expect(missed({ expression: 'rate(15 minutes)' }, { since, seen }, now)).toEqual([
      '2026-03-01T10:22',
      '2026-03-01T10:37',
    ]);
  });

  it('expects the first call of a rate at its start', () => {
    const start = at('2026-03-01T12:30:00Z');
    const hourly = { expression: 'rate(1 hour)', start };
    expect(missed(hourly, { since }, at('2026-03-01T13:40:00Z'))).toEqual([
      '2026-03-01T12:30',
      '2026-03-01T13:30',
    ]);
    expect(missed(hourly, { since, seen: [start] }, at('2026-03-01T13:40:00Z'))).toEqual([
      '2026-03-01T13:30',
    ]);
  });

  it('does not compare a new schedule with the calls of an old one', () => {
    const seen = Array.from({ length: 20 }, (_, index) => since - (index + 1) * HOUR);
    const now = since + 2 * HOUR;
    expect(missed({ expression: 'cron(30 * * * ? *)' }, { since, seen }, now)).toEqual([
      '2026-03-01T00:30',
      '2026-03-01T01:30',
    ]);
    expect(missed({ expression: 'rate(1 hour)' }, { since, seen }, now)).toEqual(['2026-03-01T01:00']);
  });

  it('expects an hourly call once in the hour that comes twice', () => {
    const hourly = { timeZone: 'Europe/Berlin', expression: 'cron(30 * * * ? *)' };
    expect(missed(hourly, { since: at('2026-10-25T00:00:00Z') }, at('2026-10-25T02:40:00Z'))).toEqual([
      '2026-10-25T00:30',
      '2026-10-25T02:30',
    ]);
  });

  it('expects no time that summer time leaves out, and one that comes twice once', () => {
    const berlin = { timeZone: 'Europe/Berlin', expression: 'cron(30 2 * * ? *)' };
    expect(missed(berlin, { since: at('2026-03-28T12:00:00Z') }, at('2026-03-30T12:00:00Z'))).toEqual([
      '2026-03-30T00:30',
    ]);
    expect(missed(berlin, { since: at('2026-10-24T12:00:00Z') }, at('2026-10-26T12:00:00Z'))).toEqual([
      '2026-10-25T00:30',
      '2026-10-26T01:30',
    ]);
  });

  it('does not call a time missed that may only have been forgotten', () => {
    const seen = Array.from({ length: 20 }, (_, index) => at('2026-03-01T12:00:00Z') - index * MINUTE);
    const now = at('2026-03-01T12:00:30Z') + GRACE;
    expect(missed({ expression: 'cron(* * * * ? *)' }, { since, seen }, now)).toEqual([]);
  });
});
