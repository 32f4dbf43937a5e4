import type { ScalableTarget, ScaleOut, Step, StepAlarm, StepPolicy } from './model.ts';

/** A count that a step scaling policy requires. */
export interface StepChange {
  readonly count: number;
  readonly policy: StepPolicy;
  /** The alarm that invoked it. */
  readonly alarm: string;
  /** The count that a later scale-out during the cooldown is based on. */
  readonly from: number;
}

interface Standing {
  readonly now: number;
  readonly desired: number;
  readonly lastOut: ScaleOut | undefined;
  readonly lastInAt: number | undefined;
}

/**
 * What each alarm that rings requires of the step scaling policies that are its actions. An alarm invokes them once per
 * minute while it is in ALARM. Source: CloudWatch User Guide, "Alarm actions".
 */
export function stepChanges(
  target: ScalableTarget,
  policies: readonly StepPolicy[],
  alarms: Iterable<StepAlarm>,
  standing: Standing,
): readonly StepChange[] {
  return [...alarms]
    .filter(({ rings }) => rings)
    .flatMap(({ name, breach, policies: arns }) =>
      policies
        .filter(({ arn }) => arns.includes(arn))
        .flatMap((policy) => {
          const step = policy.steps.find((one) => isWithin(one, breach));
          return step === undefined ? [] : (changeOf(target, policy, step, standing, name) ?? []);
        }),
    );
}

/** Above the threshold the lower bound belongs to a step, below it the upper one. Source: API reference, StepAdjustment. */
function isWithin({ from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY }: Step, breach: number) {
  return breach >= 0 ? from <= breach && breach < to : from < breach && breach <= to;
}

function changeOf(
  target: ScalableTarget,
  policy: StepPolicy,
  { adjustment }: Step,
  { now, desired, lastOut, lastInAt }: Standing,
  alarm: string,
): StepChange | undefined {
  // What the last scale-out added counts as a part of the next one while its cooldown lasts.
  const rests = lastOut !== undefined && now - lastOut.at < policy.cooldown;
  const from = rests ? lastOut.from : desired;
  const out = bounded(target, adjusted(policy, adjustment, from));
  if (out > desired) return { count: out, policy, alarm, from };
  const count = bounded(target, adjusted(policy, adjustment, desired));
  const isIn = count < desired && !(lastInAt !== undefined && now - lastInAt < policy.cooldown);
  return isIn ? { count, policy, alarm, from: desired } : undefined;
}

function adjusted({ adjustmentType, least }: StepPolicy, adjustment: number, count: number): number {
  if (adjustmentType === 'ExactCapacity') return adjustment;
  if (adjustmentType === 'ChangeInCapacity') return count + adjustment;
  return count + inTasks((count * adjustment) / 100, least);
}

/** A part of a task is a whole one, and parts beyond whole ones do not count. Source: User Guide, "Scaling adjustment types". */
function inTasks(change: number, least: number): number {
  if (change === 0) return 0;
  return Math.sign(change) * Math.max(1, least, Math.floor(Math.abs(change)));
}

function bounded({ min, max }: ScalableTarget, count: number): number {
  return Math.min(max, Math.max(min, count));
}
