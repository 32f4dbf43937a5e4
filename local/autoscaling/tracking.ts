import type { ScalableTarget, ScalingPolicy } from './model.ts';

/** One-minute datapoints after which each alarm of target tracking goes off. Source: Application Auto Scaling User
 *  Guide, "Target tracking scaling policies": the alarms it makes look at 3 minutes, and at 15. */
const OUT_AFTER = 3;
const IN_AFTER = 15;
/** The low alarm's threshold, as a share of the target. */
const LOW = 0.9;

/** What a service is now, and when its count was last changed. Epoch milliseconds. */
export interface Standing {
  readonly now: number;
  readonly desired: number;
  readonly deploying: boolean;
  readonly lastOutAt: number;
  readonly lastInAt: number;
}

export interface Change {
  readonly count: number;
  readonly policy: ScalingPolicy;
  readonly alarm: 'AlarmHigh' | 'AlarmLow';
}

/** Counts one more minute for a policy. `value`: undefined while no metric is known, which counts for neither alarm. */
export function observe(policy: ScalingPolicy, value: number | undefined): void {
  policy.high = value !== undefined && value > policy.targetValue ? policy.high + 1 : 0;
  policy.low = value !== undefined && value < policy.targetValue * LOW ? policy.low + 1 : 0;
}

/**
 * The count that the policies of a target want; undefined: as it is. Any policy may scale out, and the largest count
 * wins; all of them must agree to scale in. While a deployment is in progress nothing is scaled in.
 */
export function wanted(
  target: ScalableTarget,
  policies: readonly ScalingPolicy[],
  metricOf: (policy: ScalingPolicy) => number | undefined,
  standing: Standing,
): Change | undefined {
  const { desired, now } = standing;
  const proportional = (policy: ScalingPolicy) =>
    clamp(target, Math.ceil((desired * (metricOf(policy) ?? policy.targetValue)) / policy.targetValue));
  const largest = (among: readonly ScalingPolicy[]) =>
    among.toSorted((a, b) => proportional(b) - proportional(a))[0];

  const above = policies.filter((policy) => policy.high >= OUT_AFTER);
  const out = largest(above);
  if (out) {
    const count = proportional(out);
    const rested = now - standing.lastOutAt >= out.scaleOutCooldown;
    const may = target.suspended.DynamicScalingOutSuspended !== true && rested;
    return may && count > desired ? { count, policy: out, alarm: 'AlarmHigh' } : undefined;
  }
  const slowest = largest(policies);
  if (!slowest || !policies.every((policy) => policy.low >= IN_AFTER && !policy.disableScaleIn))
    return undefined;
  const count = proportional(slowest);
  const rested = now - Math.max(standing.lastInAt, standing.lastOutAt) >= slowest.scaleInCooldown;
  const may = target.suspended.DynamicScalingInSuspended !== true && rested && !standing.deploying;
  return may && count < desired ? { count, policy: slowest, alarm: 'AlarmLow' } : undefined;
}

function clamp({ min, max }: ScalableTarget, count: number): number {
  return Math.min(max, Math.max(min, count));
}
