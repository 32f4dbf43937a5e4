import { AwsError, type JsonObject, type ServiceApi } from '../contract.ts';
import { flag, object } from '../ecs/read.ts';
import type { Activities } from './activities.ts';
import { about, constraint, DIMENSION, invalid, page, resourceOf, whole } from './members.ts';
import type { AutoscalingOptions, ScalableTarget, Store } from './model.ts';
import { complying } from './tracking.ts';

const SUSPENDABLE = [
  'DynamicScalingInSuspended',
  'DynamicScalingOutSuspended',
  'ScheduledScalingSuspended',
] as const;

/** Operations on scalable targets. Source: Application Auto Scaling API reference. */
export function targetOperations(
  options: AutoscalingOptions,
  store: Store,
  activities: Activities,
): ServiceApi['operations'] {
  const { clock, ids, account, region, services } = options;

  function make(resourceId: string, input: JsonObject): ScalableTarget {
    return {
      arn: `arn:aws:application-autoscaling:${region}:${account}:scalable-target/${ids.hex(32)}`,
      resourceId,
      roleArn: `arn:aws:iam::${account}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService`,
      createdAt: clock.now(),
      ...boundsOf(input, undefined),
      suspended: {},
      lastOut: undefined,
      lastInAt: undefined,
    };
  }

  return {
    RegisterScalableTarget(input) {
      const id = resourceOf(input);
      const service = services.look(id);
      if (!service) throw invalid(`ECS service doesn't exist: ${id}`);
      const known = store.targets.get(id);
      const suspended = suspendedOf(input);
      const target = known ?? make(id, input);
      Object.assign(target, boundsOf(input, target), {
        suspended: { ...target.suspended, ...suspended },
      });
      store.targets.set(id, target);
      store.hasLinkedRole = true;
      const change = complying(target, service.desired);
      if (change) activities.begin(id, change.count, `${change.bound} capacity was set to ${change.count}`);
      return { ScalableTargetARN: target.arn };
    },

    DeregisterScalableTarget(input) {
      const { resourceId } = targetOf(store, input);
      store.targets.delete(resourceId);
      const others = store.policies.filter((policy) => policy.resourceId !== resourceId);
      store.policies.splice(0, store.policies.length, ...others);
      const actions = store.scheduled.filter((action) => action.resourceId !== resourceId);
      store.scheduled.splice(0, store.scheduled.length, ...actions);
      return {};
    },

    DescribeScalableTargets(input) {
      const found = [...store.targets.values()].filter(about(input, 'ResourceIds'));
      return page('ScalableTargets', found.map(targetView), input);
    },
  };
}

/** Throws ObjectNotFoundException. */
export function targetOf(store: Store, input: JsonObject): ScalableTarget {
  const id = resourceOf(input);
  const target = store.targets.get(id);
  if (target) return target;
  throw new AwsError(
    'ObjectNotFoundException',
    `No scalable target registered for service namespace: ecs, resource ID: ${id}, scalable dimension: ${DIMENSION}`,
  );
}

function boundsOf(
  input: JsonObject,
  known: { readonly min: number; readonly max: number } | undefined,
): { readonly min: number; readonly max: number } {
  const min = whole(input, 'MinCapacity', 0) ?? known?.min;
  const max = whole(input, 'MaxCapacity', 0) ?? known?.max;
  if (min === undefined || max === undefined)
    throw invalid('MinCapacity and MaxCapacity must be specified when a scalable target is registered');
  if (max < min) throw invalid('Maximum capacity cannot be less than minimum capacity');
  return { min, max };
}

/** Only the given members change. */
function suspendedOf(input: JsonObject): JsonObject {
  const state = object(input, 'SuspendedState') ?? {};
  const strange = Object.keys(state).find((member) => !SUSPENDABLE.some((known) => known === member));
  if (strange !== undefined)
    throw constraint(`SuspendedState.${strange}`, `Member must be one of [${SUSPENDABLE.join(', ')}]`);
  return Object.fromEntries(
    SUSPENDABLE.flatMap((member) => {
      const value = flag(state, member);
      return value === undefined ? [] : [[member, value]];
    }),
  );
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
      ...Object.fromEntries(SUSPENDABLE.map((member) => [member, false])),
      ...target.suspended,
    },
    ScalableTargetARN: target.arn,
  };
}
