import type { Dice } from './dice.ts';

/** A span in which AWS refuses: the whole table, or one operation for a missing permission that is granted later. */
export interface Outage {
  /** `table`, or an operation such as `ecr:BatchGetImage`. */
  readonly what: string;
  /** Milliseconds from the start. */
  readonly from: number;
  readonly to: number;
}

const MINUTE = 60_000;
const TABLE_OUTAGE = 10 * MINUTE;

/** Operations that a role can lack. Without StopTask or ListTasks, no one can stop a task. */
const DENIABLE = [
  'ecr:BatchGetImage',
  'ecr:DescribeImages',
  'ecs:DescribeServices',
  'ecs:DescribeTasks',
  'ecs:DescribeTaskDefinition',
  'ecs:RegisterTaskDefinition',
  'ecs:RunTask',
  'ecs:UpdateService',
] as const;

/** Each outage begins shortly before or after one of the times, and ends before `calmAt`. */
export function outagesFor(dice: Dice, times: readonly number[], calmAt: number): readonly Outage[] {
  const outages: Outage[] = [];
  const near = () => {
    const time = times[dice.between(0, times.length - 1)] ?? 0;
    return Math.max(0, time + dice.between(-2 * MINUTE, 2 * MINUTE));
  };
  if (dice.chance(0.12)) {
    const from = Math.max(0, Math.min(near(), calmAt - TABLE_OUTAGE));
    outages.push({ what: 'table', from, to: from + TABLE_OUTAGE });
  }
  if (dice.chance(0.2)) {
    const from = near();
    const to = Math.min(calmAt, from + dice.between(1, 40) * MINUTE);
    outages.push({ what: dice.pick(DENIABLE), from, to });
  }
  return outages.filter(({ from, to }) => from < to);
}

/** What is out at a time, of what a call needs. */
export function outageOf(
  outages: readonly Outage[],
  service: string,
  operation: string,
  at: number,
): Outage | undefined {
  const needs = service === 'dynamodb' ? 'table' : `${service}:${operation}`;
  return outages.find(({ what, from, to }) => what === needs && from <= at && at < to);
}
