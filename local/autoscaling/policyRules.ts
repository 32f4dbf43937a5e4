import type { JsonObject } from '../contract.ts';
import { flag, number, object, objects, text } from '../ecs/read.ts';
import { choice, constraint, invalid, whole } from './members.ts';
import { ADJUSTMENT_TYPES, METRICS, type Step, type Stepping, type Tracking } from './model.ts';

/** Checks of the configurations of scaling policies. */

/** Seconds. Source: Application Auto Scaling API reference, TargetTrackingScalingPolicyConfiguration and
 *  StepScalingPolicyConfiguration: for ECS services. */
const USUAL_COOLDOWN = 300;

/** Reads a TargetTrackingScalingPolicyConfiguration. Throws ValidationException. */
export function readTracking(configuration: JsonObject): Tracking {
  const targetValue = number(configuration, 'TargetValue');
  if (targetValue === undefined)
    throw constraint('TargetTrackingScalingPolicyConfiguration.TargetValue', 'Member must not be null');
  if (targetValue <= 0) throw invalid('TargetValue must be above 0');
  const cooldown = (member: string) => (whole(configuration, member, 0) ?? USUAL_COOLDOWN) * 1000;
  return {
    metric: metricOf(configuration),
    targetValue,
    scaleOutCooldown: cooldown('ScaleOutCooldown'),
    scaleInCooldown: cooldown('ScaleInCooldown'),
    disableScaleIn: flag(configuration, 'DisableScaleIn') ?? false,
  };
}

function metricOf(configuration: JsonObject): Tracking['metric'] {
  const specification = object(configuration, 'PredefinedMetricSpecification') ?? {};
  const type = text(specification, 'PredefinedMetricType');
  const metric = METRICS[type ?? ''];
  if (metric === undefined || object(configuration, 'CustomizedMetricSpecification') !== undefined)
    throw invalid(
      `PredefinedMetricSpecification must name one of ${Object.keys(METRICS).join(', ')}: the local cloud simulates no other metric`,
    );
  const label = text(specification, 'ResourceLabel');
  if (metric !== 'requestsPerTarget' && label !== undefined)
    throw invalid(`ResourceLabel can be specified for ALBRequestCountPerTarget only, not for ${type}`);
  if (metric === 'requestsPerTarget' && !/^app\/[^/]+\/[^/]+\/targetgroup\/[^/]+\/[^/]+$/.test(label ?? ''))
    throw invalid(
      'ResourceLabel must be specified for ALBRequestCountPerTarget, as app/NAME/ID/targetgroup/NAME/ID',
    );
  return metric;
}

/** Source: Application Auto Scaling User Guide, "Quotas". */
const MOST_STEPS = 20;

/** Reads a StepScalingPolicyConfiguration. Throws ValidationException. */
export function readStepping(configuration: JsonObject): Stepping {
  const adjustmentType = ADJUSTMENT_TYPES.find(
    (type) => type === choice(configuration, 'AdjustmentType', ADJUSTMENT_TYPES),
  );
  if (adjustmentType === undefined)
    throw constraint('StepScalingPolicyConfiguration.AdjustmentType', 'Member must not be null');
  choice(configuration, 'MetricAggregationType', ['Average', 'Minimum', 'Maximum']);
  const steps = objects(configuration, 'StepAdjustments').map(readStep);
  refuseSteps(steps);
  return {
    adjustmentType,
    steps,
    least: whole(configuration, 'MinAdjustmentMagnitude', 0) ?? 0,
    cooldown: (whole(configuration, 'Cooldown', 0) ?? USUAL_COOLDOWN) * 1000,
  };
}

function readStep(step: JsonObject): Step {
  const adjustment = whole(step, 'ScalingAdjustment');
  if (adjustment === undefined)
    throw constraint('StepAdjustments.ScalingAdjustment', 'Member must not be null');
  const from = number(step, 'MetricIntervalLowerBound');
  const to = number(step, 'MetricIntervalUpperBound');
  if (from !== undefined && to !== undefined && from >= to)
    throw invalid('MetricIntervalLowerBound must be less than MetricIntervalUpperBound');
  return { adjustment, ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

/** Ranges neither overlap nor leave a gap. Source: API reference, StepAdjustment. */
function refuseSteps(steps: readonly Step[]): void {
  if (steps.length === 0) throw invalid('At least one StepAdjustment must be specified');
  if (steps.length > MOST_STEPS)
    throw invalid(`A policy has at most ${MOST_STEPS} step adjustments, not ${steps.length}`);
  const lowest = ({ from = Number.NEGATIVE_INFINITY }: Step) => from;
  const sorted = steps.toSorted((a, b) => (lowest(a) < lowest(b) ? -1 : 1));
  for (const [index, { to }] of sorted.entries()) {
    const next = sorted[index + 1];
    if (next !== undefined && to !== next.from)
      throw invalid('The intervals of StepAdjustments must neither overlap nor leave a gap');
  }
}
