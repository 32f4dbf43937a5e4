import { parseSchedule } from '../../shared/domain/schedules/schedule.ts';

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
    ['cron(0-30/15 8-8 ? * 1-7 *)', ['2026-11-24T08:00', '2026-11-24T08:15', '2026-11-24T08:30']],
    ['cron(*/20 12 ? * MON,wed *)', ['2026-11-23T12:20', '2026-11-23T12:40', '2026-11-25T12:00']],
    ['cron(0 9 LW * ? *)', ['2026-11-30T09:00', '2026-12-31T09:00', '2027-01-29T09:00']],
    ['cron(0 9 ? * MON#2 *)', ['2026-12-14T09:00', '2027-01-11T09:00', '2027-02-08T09:00']],
    ['cron(0 9 1 JAN/6 ? *)', ['2027-01-01T09:00', '2027-07-01T09:00', '2028-01-01T09:00']],
    ['cron(0 9 1 1 ? 2027/2)', ['2027-01-01T09:00', '2029-01-01T09:00', '2031-01-01T09:00']],
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

  it.each([
    // Clocks are set back from 03:00 to 02:00, in Lord Howe from 02:00 to 01:30, in Cairo from 24:00 to 23:00.
    ['Europe/Berlin', 'cron(30 2 * * ? *)', '2026-10-24T01:00', ['25T00:30', '26T01:30', '27T01:30']],
    ['Europe/Berlin', 'cron(30 * * * ? *)', '2026-10-24T23:45', ['25T00:30', '25T02:30', '25T03:30']],
    ['Australia/Lord_Howe', 'cron(0/15 1 * * ? *)', '2026-04-04T14:20', ['04T14:30', '04T14:45', '05T14:30']],
    ['Africa/Cairo', 'cron(30 23 * * ? *)', '2026-10-29T12:00', ['29T20:30', '30T21:30', '31T21:30']],
    // And forward: from 02:00 to 02:30, and from 24:00 to 01:00.
    ['Australia/Lord_Howe', 'cron(15 2 * * ? *)', '2026-10-02T14:00', ['02T15:45', '04T15:15', '05T15:15']],
    ['Africa/Cairo', 'cron(0 0 * * ? *)', '2026-04-22T12:00', ['22T22:00', '24T21:00', '25T21:00']],
    ['Asia/Kolkata', 'cron(30 5 * * ? *)', '2026-10-24T12:00', ['25T00:00', '26T00:00', '27T00:00']],
  ])('in %s: %s', (zone, expression, after, expected) => {
    const month = after.slice(0, 8);
    expect(nextThree(expression, `${after}:00Z`, zone)).toEqual(expected.map((time) => month + time));
  });

  it('finds leap days', () => {
    expect(nextThree('cron(0 3 29 2 ? *)', '2096-03-01T00:00:00Z')).toEqual([
      '2104-02-29T03:00',
      '2108-02-29T03:00',
      '2112-02-29T03:00',
    ]);
  });

  it('counts a rate from its start, wherever it is asked from', () => {
    const schedule = parseSchedule('rate(5 minutes)', at('2026-11-23T12:01:30Z'));
    expect(schedule(at('2026-11-23T12:10:00Z'))).toBe(at('2026-11-23T12:11:30Z'));
    expect(schedule(at('2026-11-23T11:00:00Z'))).toBe(at('2026-11-23T12:01:30Z'));
    expect(schedule(at('2026-11-23T12:01:30Z'))).toBe(at('2026-11-23T12:06:30Z'));
  });

  it.each([
    ['every minute', 'expected rate(...), cron(...) or at(...)'],
    ['rate(5 minute)', 'the unit must be plural'],
    ['rate(1 minutes)', 'the unit must be singular'],
    ['rate(0 minutes)', 'positive number'],
    ['rate(10 seconds)', 'positive number'],
    ['cron(0 10 * * *)', 'expected six fields'],
    ['cron(0 10 * * * *)', 'exactly one of day-of-month and day-of-week'],
    ['cron(0 10 ? * ? *)', 'exactly one of day-of-month and day-of-week'],
    ['cron(0 10 ? * 8 *)', 'the day of week "8" is not taken, expected 1-7 or SUN-SAT, 1 being Sunday'],
    ['cron(0 10 ? * 0 *)', 'the day of week "0" is not taken'],
    ['cron(0 10 ? * 2/2 *)', 'the day of week "2/2" is not taken'],
    ['cron(0 10 ? * 3#1,6#3 *)', 'the day of week "3#1,6#3" is not taken'],
    ['cron(0 10 ? * 2-4#1 *)', 'the day of week "2-4#1" is not taken'],
    ['cron(0 10 ? * 3#6 *)', 'the day of week "3#6" is not taken'],
    ['cron(0 10 ? * FRI-MON *)', 'the range FRI-MON goes backwards'],
    ['cron(? 10 * * ? *)', 'the minutes "?" is not taken, expected 0-59 with , - * /'],
    ['cron(0 ? * * ? *)', 'the hours "?" is not taken'],
    ['cron(0 24 * * ? *)', 'the hours "24" is not taken'],
    ['cron(0 0/0 * * ? *)', 'the hours "0/0" is not taken'],
    ['cron(0 22-2 * * ? *)', 'the range 22-2 goes backwards'],
    ['cron(0 10 32W * ? *)', 'the day of month "32W" is not taken'],
    ['cron(0 10 1 ? ? *)', 'the month "?" is not taken'],
    ['cron(0 10 1 january ? *)', 'the month "january" is not taken'],
    ['cron(0 10 1 * ? 1969)', 'the year "1969" is not taken, expected 1970-2199'],
    ['cron(0 10 1 * ? 2200)', 'the year "2200" is not taken'],
    ['cron(0,,5 10 * * ? *)', 'the minutes "0,,5" is not taken'],
    ['cron( 0 10 * * ? *)', 'expected single spaces'],
    ['cron(61 10 * * ? *)', 'the minutes "61" is not taken'],
    ['at(tomorrow)', 'expected yyyy-mm-ddThh:mm:ss'],
  ])('%s is refused: %s', (expression, why) => {
    expect(() => parseSchedule(expression, 0)).toThrow(why);
  });
});
