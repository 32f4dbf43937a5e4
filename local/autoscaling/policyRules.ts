import type { JsonObject } from '../contract.ts';
import { flag, number, object, text } from '../ecs/read.ts';
import { constraint, invalid, whole } from './members.ts';
import { METRICS, type Tracking } from './model.ts';

/** Checks of the configurations of scaling policies. */

/** Seconds. Source: Application Auto Scaling API reference, TargetTrackingScalingPolicyConfiguration: for ECS services. */
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
