import { AwsError, type JsonObject, type ServiceApi } from '../contract.ts';
import { object, stableText, texts } from '../ecs/read.ts';
import { about, choice, constraint, DIMENSION, invalid, page, required, resourceOf } from './members.ts';
import type { Alarm, AutoscalingOptions, Store, TrackingPolicy } from './model.ts';
import { readTracking } from './policyRules.ts';
import { targetOf } from './targets.ts';

/** Source: Application Auto Scaling User Guide, "Quotas". */
const MOST_POLICIES = 50;
const TYPE = 'TargetTrackingScaling';

/** Operations on scaling policies. Source: Application Auto Scaling API reference. */
export function policyOperations(
  options: AutoscalingOptions,
  store: Store,
  onPolicy: () => void,
): ServiceApi['operations'] {
  const { clock, ids, account, region } = options;

  function alarm(resourceId: string, kind: 'AlarmHigh' | 'AlarmLow'): Alarm {
    const AlarmName = `TargetTracking-${resourceId}-${kind}-${ids.uuid()}`;
    return { AlarmName, AlarmARN: `arn:aws:cloudwatch:${region}:${account}:alarm:${AlarmName}` };
  }

  /** Creates a policy, or changes the given members of an existing one. */
  function make(input: JsonObject, name: string, resourceId: string, known?: TrackingPolicy): TrackingPolicy {
    const type = typeOf(input) ?? known?.type;
    if (type === undefined) throw constraint('PolicyType', 'Member must not be null');
    const member = `${type}PolicyConfiguration`;
    const configuration = object(input, member) ?? known?.configuration;
    if (!configuration) throw constraint(member, 'Member must not be null');
    const arn = `arn:aws:autoscaling:${region}:${account}:scalingPolicy:${ids.uuid()}:resource/ecs/${resourceId}:policyName/${name}`;
    const base = {
      arn: known?.arn ?? arn,
      name,
      resourceId,
      createdAt: known?.createdAt ?? clock.now(),
      configuration,
    };
    const tracking = readTracking(configuration);
    const alarms = known?.alarms ?? {
      high: alarm(resourceId, 'AlarmHigh'),
      low: alarm(resourceId, 'AlarmLow'),
    };
    return { ...base, ...tracking, type, alarms, high: 0, low: 0 };
  }

  return {
    PutScalingPolicy(input) {
      const name = required(input, 'PolicyName', 256);
      const { resourceId } = targetOf(store, input);
      const mine = store.policies.filter((other) => other.resourceId === resourceId);
      const known = mine.find((other) => other.name === name);
      const policy = make(input, name, resourceId, known);
      refuseSameMetric(policy, mine);
      if (!known && mine.length >= MOST_POLICIES)
        throw new AwsError(
          'LimitExceededException',
          `A scalable target has at most ${MOST_POLICIES} scaling policies: delete one of ${resourceId} first`,
        );
      const place = known ? store.policies.indexOf(known) : store.policies.length;
      store.policies.splice(place, 1, policy);
      onPolicy();
      return { PolicyARN: policy.arn, Alarms: alarmsOf(policy) };
    },

    DeleteScalingPolicy(input) {
      const name = required(input, 'PolicyName');
      const id = resourceOf(input);
      const place = store.policies.findIndex((other) => other.resourceId === id && other.name === name);
      if (place < 0)
        throw new AwsError(
          'ObjectNotFoundException',
          `No scaling policy found for service namespace: ecs, resource ID: ${id}, scalable dimension: ${DIMENSION}, policy name: ${name}`,
        );
      store.policies.splice(place, 1);
      return {};
    },

    DescribeScalingPolicies(input) {
      const names = texts(input, 'PolicyNames');
      const found = store.policies
        .filter(about(input, 'ResourceId'))
        .filter(({ name }) => names.length === 0 || names.includes(name));
      return page('ScalingPolicies', found.map(policyView), input);
    },
  };
}

function typeOf(input: JsonObject): TrackingPolicy['type'] | undefined {
  const value = choice(input, 'PolicyType', [TYPE, 'StepScaling', 'PredictiveScaling']);
  if (value === undefined || value === TYPE) return value;
  throw invalid(`The local cloud simulates policies of the type ${TYPE}, not ${value}`);
}

/** Each metric has at most one target tracking policy. Source: User Guide, "How target tracking works". */
function refuseSameMetric(policy: TrackingPolicy, others: readonly TrackingPolicy[]): void {
  const metric = (of: TrackingPolicy) => stableText(of.configuration.PredefinedMetricSpecification);
  const same = others.find((other) => other.name !== policy.name && metric(other) === metric(policy));
  if (same)
    throw invalid(
      `Only one TargetTrackingScaling policy for a given metric specification is allowed: ${same.name} has it already`,
    );
}

/** A policy with scale-in disabled has no low alarm. */
function alarmsOf(policy: TrackingPolicy): readonly JsonObject[] {
  const { high, low } = policy.alarms;
  return (policy.disableScaleIn ? [high] : [high, low]).map((each) => ({ ...each }));
}

function policyView(policy: TrackingPolicy): JsonObject {
  return {
    PolicyARN: policy.arn,
    PolicyName: policy.name,
    ServiceNamespace: 'ecs',
    ResourceId: policy.resourceId,
    ScalableDimension: DIMENSION,
    PolicyType: policy.type,
    [`${policy.type}PolicyConfiguration`]: policy.configuration,
    Alarms: alarmsOf(policy),
    CreationTime: policy.createdAt / 1000,
  };
}
