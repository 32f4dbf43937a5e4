import { AwsError, type JsonObject, type ServiceApi } from '../contract.ts';
import { object, stableText, texts } from '../ecs/read.ts';
import { about, choice, constraint, DIMENSION, invalid, page, required, resourceOf } from './members.ts';
import type { Alarm, AutoscalingOptions, Policy, Store, TrackingPolicy } from './model.ts';
import { readStepping, readTracking } from './policyRules.ts';
import { targetOf } from './targets.ts';

/** Source: Application Auto Scaling User Guide, "Quotas". */
const MOST_POLICIES = 50;
const TRACKING = 'TargetTrackingScaling';
const STEPS = 'StepScaling';

/** Operations on scaling policies. Source: Application Auto Scaling API reference. */
export function policyOperations(
  options: AutoscalingOptions,
  store: Store,
  onPolicy: () => void,
): ServiceApi['operations'] {
  const alarms = (policy: Policy) => alarmsOf(policy, store, options);
  return {
    PutScalingPolicy(input) {
      const name = required(input, 'PolicyName', 256);
      const { resourceId } = targetOf(store, input);
      const mine = store.policies.filter((other) => other.resourceId === resourceId);
      const known = mine.find((other) => other.name === name);
      const policy = make(options, input, name, resourceId, known);
      refuseSameMetric(policy, mine);
      if (!known && mine.length >= MOST_POLICIES)
        throw new AwsError(
          'LimitExceededException',
          `A scalable target has at most ${MOST_POLICIES} scaling policies: delete one of ${resourceId} first`,
        );
      const place = known ? store.policies.indexOf(known) : store.policies.length;
      store.policies.splice(place, 1, policy);
      onPolicy();
      return { PolicyARN: policy.arn, Alarms: alarms(policy) };
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
      return page(
        'ScalingPolicies',
        found.map((policy) => policyView(policy, alarms(policy))),
        input,
      );
    },
  };
}

/** Creates a policy, or changes the given members of an existing one. */
function make(
  options: AutoscalingOptions,
  input: JsonObject,
  name: string,
  resourceId: string,
  known?: Policy,
): Policy {
  const { clock, ids, account, region } = options;
  const type = typeOf(input) ?? known?.type;
  if (type === undefined) throw constraint('PolicyType', 'Member must not be null');
  if (known !== undefined && known.type !== type)
    throw invalid(`The type of the policy ${name} is ${known.type}, and cannot be changed`);
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
  if (type === STEPS) return { ...base, ...readStepping(configuration), type };
  const tracking = readTracking(configuration);
  const alarms = (known?.type === TRACKING ? known.alarms : undefined) ?? {
    high: alarm(options, resourceId, 'AlarmHigh'),
    low: alarm(options, resourceId, 'AlarmLow'),
  };
  return { ...base, ...tracking, type, alarms, high: 0, low: 0 };
}

function alarm(options: AutoscalingOptions, resourceId: string, kind: 'AlarmHigh' | 'AlarmLow'): Alarm {
  const AlarmName = `TargetTracking-${resourceId}-${kind}-${options.ids.uuid()}`;
  return { AlarmName, AlarmARN: alarmArn(options, AlarmName) };
}

function alarmArn({ account, region }: AutoscalingOptions, name: string): string {
  return `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`;
}

function typeOf(input: JsonObject): Policy['type'] | undefined {
  const value = choice(input, 'PolicyType', [TRACKING, STEPS, 'PredictiveScaling']);
  if (value === undefined || value === TRACKING || value === STEPS) return value;
  throw invalid(`The local cloud simulates policies of the types ${TRACKING} and ${STEPS}, not ${value}`);
}

/** Each metric has at most one target tracking policy. Source: User Guide, "How target tracking works". */
function refuseSameMetric(policy: Policy, others: readonly Policy[]): void {
  if (policy.type !== TRACKING) return;
  const metric = (of: TrackingPolicy) => stableText(of.configuration.PredefinedMetricSpecification);
  const same = others.find(
    (other) => other.type === TRACKING && other.name !== policy.name && metric(other) === metric(policy),
  );
  if (same)
    throw invalid(
      `Only one TargetTrackingScaling policy for a given metric specification is allowed: ${same.name} has it already`,
    );
}

/** A policy with scale-in disabled has no low alarm. The alarms of a step scaling policy are those that name it. */
function alarmsOf(policy: Policy, { alarms }: Store, options: AutoscalingOptions): readonly JsonObject[] {
  if (policy.type === STEPS)
    return [...alarms.values()]
      .filter(({ policies }) => policies.includes(policy.arn))
      .map(({ name }) => ({ AlarmName: name, AlarmARN: alarmArn(options, name) }));
  const { high, low } = policy.alarms;
  return (policy.disableScaleIn ? [high] : [high, low]).map((each) => ({ ...each }));
}

function policyView(policy: Policy, Alarms: readonly JsonObject[]): JsonObject {
  return {
    PolicyARN: policy.arn,
    PolicyName: policy.name,
    ServiceNamespace: 'ecs',
    ResourceId: policy.resourceId,
    ScalableDimension: DIMENSION,
    PolicyType: policy.type,
    [`${policy.type}PolicyConfiguration`]: policy.configuration,
    Alarms,
    CreationTime: policy.createdAt / 1000,
  };
}
