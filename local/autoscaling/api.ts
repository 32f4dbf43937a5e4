import { AwsError, type Json, type JsonObject, type ServiceApi } from '../contract.ts';
import { flag, number, object, page, required as requiredText, text, texts } from '../ecs/read.ts';
import type { AutoscalingOptions, Store } from './autoscaling.ts';
import { METRICS, type ScalableTarget, type ScalingPolicy } from './model.ts';

export interface ApiOptions extends AutoscalingOptions {
  readonly store: Store;
  /** A policy has come. */
  readonly onPolicy: () => void;
}

const DIMENSION = 'ecs:service:DesiredCount';
/** Source: Application Auto Scaling API reference, TargetTrackingScalingPolicyConfiguration: for ECS services. */
const USUAL_COOLDOWN = 300;

/** Its operations, for ECS services. Source: Application Auto Scaling API reference. */
export function autoscalingOperations(options: ApiOptions): ServiceApi['operations'] {
  const { clock, ids, account, region, services, store } = options;

  function targetOf(input: JsonObject): ScalableTarget {
    const id = resourceOf(input);
    const target = store.targets.get(id);
    if (target) return target;
    throw new AwsError(
      'ObjectNotFoundException',
      `No scalable target registered for service namespace: ecs, resource ID: ${id}, scalable dimension: ${DIMENSION}`,
    );
  }

  function policyOf(input: JsonObject): ScalingPolicy {
    const id = resourceOf(input);
    const name = required(input, 'PolicyName');
    const policy = store.policies.find((other) => other.resourceId === id && other.name === name);
    if (policy) return policy;
    throw new AwsError(
      'ObjectNotFoundException',
      `No scaling policy found for service namespace: ecs, resource ID: ${id}, scalable dimension: ${DIMENSION}, policy name: ${name}`,
    );
  }

  function forget(policy: ScalingPolicy): void {
    store.policies.splice(store.policies.indexOf(policy), 1);
  }

  function newPolicy(name: string, resourceId: string, tracking: Tracking): ScalingPolicy {
    const alarm = (kind: string) => {
      const AlarmName = `TargetTracking-${resourceId}-${kind}-${ids.uuid()}`;
      return { AlarmName, AlarmARN: `arn:aws:cloudwatch:${region}:${account}:alarm:${AlarmName}` };
    };
    return {
      arn: `arn:aws:autoscaling:${region}:${account}:scalingPolicy:${ids.uuid()}:resource/ecs/${resourceId}:policyName/${name}`,
      name,
      resourceId,
      createdAt: clock.now(),
      alarms: [alarm('AlarmHigh'), alarm('AlarmLow')],
      ...tracking,
      high: 0,
      low: 0,
    };
  }

  return {
    RegisterScalableTarget(input) {
      const id = resourceOf(input);
      const [, cluster = '', service = ''] = id.split('/');
      if (!services.look(cluster, service)) throw invalid(`ECS service doesn't exist: ${id}`);
      const known = store.targets.get(id);
      const min = number(input, 'MinCapacity') ?? known?.min;
      const max = number(input, 'MaxCapacity') ?? known?.max;
      if (min === undefined || max === undefined)
        throw invalid('MinCapacity and MaxCapacity must be specified when a scalable target is registered');
      if (min < 0) throw invalid('MinCapacity cannot be negative');
      if (max < min) throw invalid('Maximum capacity cannot be less than minimum capacity');
      const target: ScalableTarget = known ?? {
        arn: `arn:aws:application-autoscaling:${region}:${account}:scalable-target/${ids.hex(32)}`,
        resourceId: id,
        roleArn: `arn:aws:iam::${account}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService`,
        createdAt: clock.now(),
        min,
        max,
        suspended: {},
      };
      Object.assign(target, {
        min,
        max,
        suspended: { ...target.suspended, ...object(input, 'SuspendedState') },
      });
      store.targets.set(id, target);
      return { ScalableTargetARN: target.arn };
    },
    DeregisterScalableTarget(input) {
      const target = targetOf(input);
      store.targets.delete(target.resourceId);
      for (const policy of store.policies.filter(({ resourceId }) => resourceId === target.resourceId))
        forget(policy);
      return {};
    },
    DescribeScalableTargets(input) {
      namespaceOf(input);
      const wanted = texts(input, 'ResourceIds');
      const found = [...store.targets.values()].filter(
        ({ resourceId }) => wanted.length === 0 || wanted.includes(resourceId),
      );
      return pageOf('ScalableTargets', found.map(targetView), input);
    },
    PutScalingPolicy(input) {
      const name = required(input, 'PolicyName');
      const { resourceId } = targetOf(input);
      const known = store.policies.find((other) => other.resourceId === resourceId && other.name === name);
      const type = text(input, 'PolicyType') ?? (known ? 'TargetTrackingScaling' : undefined);
      if (type !== 'TargetTrackingScaling')
        throw invalid(`The local cloud simulates policies of the type TargetTrackingScaling, not ${type}`);
      const tracking = trackingOf(object(input, 'TargetTrackingScalingPolicyConfiguration'));
      const policy = known
        ? Object.assign(known, tracking, { high: 0, low: 0 })
        : newPolicy(name, resourceId, tracking);
      if (!known) store.policies.push(policy);
      options.onPolicy();
      return { PolicyARN: policy.arn, Alarms: policy.alarms };
    },
    DeleteScalingPolicy(input) {
      forget(policyOf(input));
      return {};
    },
    DescribeScalingPolicies(input) {
      namespaceOf(input);
      const names = texts(input, 'PolicyNames');
      const id = text(input, 'ResourceId');
      const found = store.policies
        .filter(({ name }) => names.length === 0 || names.includes(name))
        .filter(({ resourceId }) => id === undefined || resourceId === id);
      return pageOf('ScalingPolicies', found.map(policyView), input);
    },
    DescribeScalingActivities(input) {
      namespaceOf(input);
      const id = text(input, 'ResourceId');
      const found = store.activities.filter(({ resourceId }) => id === undefined || resourceId === id);
      return pageOf(
        'ScalingActivities',
        found.map(({ view }) => view),
        input,
      );
    },
  };
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

function required(input: JsonObject, member: string): string {
  if (text(input, member)) return requiredText(input, member);
  const path = member.slice(0, 1).toLowerCase() + member.slice(1);
  throw invalid(
    `1 validation error detected: Value at '${path}' failed to satisfy constraint: Member must not be null`,
  );
}

function namespaceOf(input: JsonObject): void {
  const namespace = required(input, 'ServiceNamespace');
  if (namespace !== 'ecs') throw invalid(`The local cloud scales the namespace ecs only, not ${namespace}`);
}

/** `service/CLUSTER/SERVICE`. */
function resourceOf(input: JsonObject): string {
  namespaceOf(input);
  const id = required(input, 'ResourceId');
  const dimension = required(input, 'ScalableDimension');
  if (dimension !== DIMENSION)
    throw invalid(`Unsupported service namespace, resource type or scalable dimension`);
  if (/^service\/[^/]+\/[^/]+$/.test(id)) return id;
  throw invalid(`Unsupported resource ID: ${id}, expected service/CLUSTER/SERVICE`);
}

type Tracking = Pick<
  ScalingPolicy,
  'configuration' | 'metric' | 'targetValue' | 'scaleOutCooldown' | 'scaleInCooldown' | 'disableScaleIn'
>;

function trackingOf(configuration: JsonObject = {}): Tracking {
  const specification = object(configuration, 'PredefinedMetricSpecification') ?? {};
  const metric = METRICS[text(specification, 'PredefinedMetricType') ?? ''];
  if (metric === undefined)
    throw invalid(
      `PredefinedMetricSpecification must name one of ${Object.keys(METRICS).join(', ')}: the local cloud simulates no other metric`,
    );
  const targetValue = number(configuration, 'TargetValue');
  if (targetValue === undefined || targetValue <= 0) throw invalid('TargetValue must be above 0');
  const cooldown = (member: string) => (number(configuration, member) ?? USUAL_COOLDOWN) * 1000;
  return {
    configuration,
    metric,
    targetValue,
    scaleOutCooldown: cooldown('ScaleOutCooldown'),
    scaleInCooldown: cooldown('ScaleInCooldown'),
    disableScaleIn: flag(configuration, 'DisableScaleIn') ?? false,
  };
}

function pageOf(member: string, all: readonly JsonObject[], input: JsonObject): Json {
  const renamed = { maxResults: input.MaxResults, nextToken: input.NextToken };
  const { items, next } = page(all, renamed, { usual: 50, most: 50 });
  return { [member]: items, ...(next.nextToken === undefined ? {} : { NextToken: next.nextToken }) };
}

function targetView(target: ScalableTarget): JsonObject {
  return {
    ServiceNamespace: 'ecs',
    ResourceId: target.resourceId,
    ScalableDimension: DIMENSION,
    MinCapacity: target.min,
    MaxCapacity: target.max,
    RoleARN: target.roleArn,
    CreationTime: target.createdAt / 1000,
    SuspendedState: {
      DynamicScalingInSuspended: false,
      DynamicScalingOutSuspended: false,
      ScheduledScalingSuspended: false,
      ...target.suspended,
    },
    ScalableTargetARN: target.arn,
  };
}

function policyView(policy: ScalingPolicy): JsonObject {
  return {
    PolicyARN: policy.arn,
    PolicyName: policy.name,
    ServiceNamespace: 'ecs',
    ResourceId: policy.resourceId,
    ScalableDimension: DIMENSION,
    PolicyType: 'TargetTrackingScaling',
    TargetTrackingScalingPolicyConfiguration: policy.configuration,
    Alarms: policy.alarms,
    CreationTime: policy.createdAt / 1000,
  };
}
