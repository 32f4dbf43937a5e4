import type { ScalableTarget, ScaleOut, TrackingPolicy } from './model.ts';
import type { StepChange } from './stepping.ts';

/** One-minute datapoints after which each alarm of target tracking goes off. Source: Application Auto Scaling User
 *  Guide, "Target tracking scaling policies": the alarms it makes look at 3 minutes, and at 15. */
const OUT_AFTER = 3;
const IN_AFTER = 15;
/** The low alarm's threshold, as a share of the target. */
const LOW = 0.9;
/** Rounding error of a quotient: 6.000000001 tasks are 6. */
const ROUNDING = 1e-9;

/** The current state of a service, and when its count last changed, in epoch milliseconds. */
interface Standing {
  readonly now: number;
  readonly desired: number;
  readonly deploying: boolean;
  readonly lastOut: ScaleOut | undefined;
  readonly lastInAt: number | undefined;
}

export type Change =
  | Scaling
  /** The count was outside the bounds when a policy was invoked. */
  | { readonly count: number; readonly bound: 'minimum' | 'maximum' };

interface Scaling {
  readonly count: number;
  /** Names of the policy and of the alarm that invoked it. */
  readonly policy: string;
  readonly alarm: string;
  /** The count that a later scale-out during the cooldown is based on. */
  readonly from: number;
}

/** Counts one more minute for a policy. `value` is undefined while the metric is unknown; neither alarm then counts it. */
export function observe(policy: TrackingPolicy, value: number | undefined): void {
  policy.high = value !== undefined && value > policy.targetValue ? policy.high + 1 : 0;
  policy.low = value !== undefined && value < policy.targetValue * LOW ? policy.low + 1 : 0;
}

/**
 * The bound that a count outside the bounds is set to; undefined if it is inside. Application Auto Scaling compares them whenever a
 * target is registered and whenever a policy is invoked. Source: its User Guide, "Application Auto Scaling concepts".
 */
export function complying(
  { min, max }: ScalableTarget,
  desired: number,
): { readonly count: number; readonly bound: 'minimum' | 'maximum' } | undefined {
  if (desired < min) return { count: min, bound: 'minimum' };
  return desired > max ? { count: max, bound: 'maximum' } : undefined;
}

/**
 * The count that the policies of a target require; undefined if it stays. Any policy may scale out; the tracking ones that
 * may scale in must all agree to it; the largest count wins. While a deployment is in progress nothing is scaled in. Sources:
 * Application Auto Scaling User Guide, "How target tracking works"; ECS Developer Guide, "Service auto scaling".
 */
export function wanted(
  target: ScalableTarget,
  policies: readonly TrackingPolicy[],
  metricOf: (policy: TrackingPolicy) => number | undefined,
  standing: Standing,
  steps: readonly StepChange[] = [],
): Change | undefined {
  const { suspended } = target;
  const above = policies.filter(({ high }) => high >= OUT_AFTER);
  const stepsOut = steps.filter(({ count }) => count > standing.desired);
  if (above.length > 0 || stepsOut.length > 0) {
    if (suspended.DynamicScalingOutSuspended === true) return undefined;
    const tracked = scaleOut(target, above, metricOf, standing);
    return largest([...tracked, ...stepsOut.map(named)]) ?? outOfBounds(target, standing);
  }
  const reducing = policies.filter(({ disableScaleIn }) => !disableScaleIn);
  const invoked = reducing.some(({ low }) => low >= IN_AFTER) || steps.length > 0;
  if (!invoked || standing.deploying || suspended.DynamicScalingInSuspended === true) return undefined;
  const tracked = scaleIn(target, reducing, metricOf, standing);
  return largest([...tracked, ...steps.map(named)]) ?? outOfBounds(target, standing);
}

function named({ policy, ...change }: StepChange): Scaling {
  return { ...change, policy: policy.name };
}

function largest<Counted extends { readonly count: number }>(changes: readonly Counted[]) {
  return changes.toSorted((a, b) => b.count - a.count)[0];
}

/** During the cooldown, only a scale-out that is larger than the last one adds tasks. */
function scaleOut(
  target: ScalableTarget,
  policies: readonly TrackingPolicy[],
  metricOf: (policy: TrackingPolicy) => number | undefined,
  { now, desired, lastOut }: Standing,
): readonly Scaling[] {
  const changes = policies.map((policy) => {
    const rests = lastOut !== undefined && now - lastOut.at < policy.scaleOutCooldown;
    const from = rests ? lastOut.from : desired;
    return { count: proportional(target, policy, metricOf(policy), from), policy, from };
  });
  return changes
    .filter(({ count }) => count > desired)
    .map(({ policy, ...change }) => ({
      ...change,
      policy: policy.name,
      alarm: policy.alarms.high.AlarmName,
    }));
}

function scaleIn(
  target: ScalableTarget,
  policies: readonly TrackingPolicy[],
  metricOf: (policy: TrackingPolicy) => number | undefined,
  { now, desired, lastInAt }: Standing,
): readonly Scaling[] {
  if (!policies.every(({ low }) => low >= IN_AFTER)) return [];
  const changes = policies.map((policy) => ({
    count: proportional(target, policy, metricOf(policy), desired),
    policy,
  }));
  const most = largest(changes);
  if (!most || most.count >= desired) return [];
  const { count, policy } = most;
  const rests = lastInAt !== undefined && now - lastInAt < policy.scaleInCooldown;
  return rests ? [] : [{ count, policy: policy.name, alarm: policy.alarms.low.AlarmName, from: desired }];
}

function outOfBounds(target: ScalableTarget, { desired, deploying }: Standing): Change | undefined {
  const change = complying(target, desired);
  return change?.bound === 'maximum' && deploying ? undefined : change;
}

/** The count, within the bounds, at which the same load meets the target. */
function proportional(
  { min, max }: ScalableTarget,
  { targetValue }: TrackingPolicy,
  value: number | undefined,
  count: number,
): number {
  const exact = (count * (value ?? targetValue)) / targetValue;
  return Math.min(max, Math.max(min, Math.ceil(exact - ROUNDING)));
}
