import { parseSchedule } from '../shared/schedule.ts';

const at = (text: string): number => Date.parse(text);

function nextThree(expression: string, after: string, timeZone?: string): string[] {
  const schedule = parseSchedule(expression, at(after), timeZone);
  const times: string[] = [];
  let time: number | undefined = at(after);
  for (let count = 0; count < 3; count += 1) {
    time = schedule(time);
    if (time === undefined) break;
    times.push(new Date(time).toISOString().slice(0, 16));
  }
  return times;
}

describe('a schedule', () => {
  // Monday.
  const now = '2026-11-23T12:00:00Z';

  it.each([
    ['rate(1 minute)', ['2026-11-23T12:01', '2026-11-23T12:02', '2026-11-23T12:03']],
    ['rate(12 hours)', ['2026-11-24T00:00', '2026-11-24T12:00', '2026-11-25T00:00']],
    ['rate(1 day)', ['2026-11-24T12:00', '2026-11-25T12:00', '2026-11-26T12:00']],
    ['cron(0/15 * * * ? *)', ['2026-11-23T12:15', '2026-11-23T12:30', '2026-11-23T12:45']],
    ['cron(0 10 * * ? *)', ['2026-11-24T10:00', '2026-11-25T10:00', '2026-11-26T10:00']],
    ['cron(15 12 * * ? *)', ['2026-11-23T12:15', '2026-11-24T12:15', '2026-11-25T12:15']],
    ['cron(0 18 ? * MON-FRI *)', ['2026-11-23T18:00', '2026-11-24T18:00', '2026-11-25T18:00']],
    ['cron(0 8 1 * ? *)', ['2026-12-01T08:00', '2027-01-01T08:00', '2027-02-01T08:00']],
    ['cron(0 8 ? * 1 *)', ['2026-11-29T08:00', '2026-12-06T08:00', '2026-12-13T08:00']],
    ['cron(0 8 ? * 2-6 *)', ['2026-11-24T08:00', '2026-11-25T08:00', '2026-11-26T08:00']],
    ['cron(0 9 ? * 2#1 *)', ['2026-12-07T09:00', '2027-01-04T09:00', '2027-02-01T09:00']],
    ['cron(0 9 ? * 6L *)', ['2026-11-27T09:00', '2026-12-25T09:00', '2027-01-29T09:00']],
    ['cron(0 9 ? * L *)', ['2026-11-28T09:00', '2026-12-05T09:00', '2026-12-12T09:00']],
    ['cron(0 9 L * ? *)', ['2026-11-30T09:00', '2026-12-31T09:00', '2027-01-31T09:00']],
    ['cron(0 9 15W * ? *)', ['2026-12-15T09:00', '2027-01-15T09:00', '2027-02-15T09:00']],
    ['cron(0 9 1 1/3 ? *)', ['2027-01-01T09:00', '2027-04-01T09:00', '2027-07-01T09:00']],
    ['cron(0 9 1 JAN ? 2027-2028)', ['2027-01-01T09:00', '2028-01-01T09:00']],
    ['at(2026-12-24T18:00:00)', ['2026-12-24T18:00']],
    ['at(2026-01-01T00:00:00)', []],
  ])('%s', (expression, expected) => {
    expect(nextThree(expression, now)).toEqual(expected);
  });

  it('follows its time zone through the change of the clocks', () => {
    expect(nextThree('cron(0 9 * * ? *)', '2026-10-24T00:00:00Z', 'Europe/Berlin')).toEqual([
      '2026-10-24T07:00',
      '2026-10-25T08:00',
      '2026-10-26T08:00',
    ]);
  });

  it('skips a local time that summer time leaves out', () => {
    expect(nextThree('cron(30 2 * * ? *)', '2027-03-27T00:00:00Z', 'Europe/Berlin')).toEqual([
      '2027-03-27T01:30',
      '2027-03-29T00:30',
      '2027-03-30T00:30',
    ]);
  });

  it('counts a rate from its start, wherever it is asked from', () => {
    const schedule = parseSchedule('rate(5 minutes)', at('2026-11-23T12:01:30Z'));
    expect(schedule(at('2026-11-23T12:10:00Z'))).toBe(at('2026-11-23T12:11:30Z'));
    expect(schedule(at('2026-11-23T11:00:00Z'))).toBe(at('2026-11-23T12:06:30Z'));
  });

  it.each([
    ['every minute', 'expected rate(...), cron(...) or at(...)'],
    ['rate(5 minute)', 'the unit must be plural'],
    ['rate(1 minutes)', 'the unit must be singular'],
    ['rate(0 minutes)', 'positive number'],
    ['rate(10 seconds)', 'positive number'],
    ['cron(0 10 * * *)', 'expected six fields'],
    ['cron(0 10 * * * *)', 'exactly one of day-of-month and day-of-week'],
    ['cron(61 10 * * ? *)', 'minute'],
    ['at(tomorrow)', 'expected yyyy-mm-ddThh:mm:ss'],
  ])('%s is refused: %s', (expression, why) => {
    expect(() => parseSchedule(expression, 0)).toThrow(why);
  });
});
