import type { Cancel, ServiceApi } from '../contract.ts';
import { activityView, createActivities } from './activities.ts';
import { about, page } from './members.ts';
import type {
  AlarmState,
  AutoscalingOptions,
  Metrics,
  ScalableTarget,
  Store,
  TrackingPolicy,
} from './model.ts';
import { policyOperations } from './policies.ts';
import { scheduledOperations } from './scheduled.ts';
import { stepChanges } from './stepping.ts';
import { targetOperations } from './targets.ts';
import { type Change, observe, wanted } from './tracking.ts';

interface Autoscaling {
  readonly api: ServiceApi;
  /** Whether a scalable target was ever registered, and with the first one the service-linked role. */
  hasLinkedRole(): boolean;
  /** Sets the metrics of a service; metrics that are not given stay. Throws if the service does not exist. */
  setMetrics(cluster: string, service: string, metrics: Metrics): void;
  /** Sets an alarm, whose actions can be step scaling policies. Throws if one of them does not exist. */
  setAlarm(alarm: AlarmState): void;
  reset(): void;
  keep(): unknown;
  resume(kept: unknown): void;
}

const MINUTE = 60_000;

/** Application Auto Scaling for the desired count of ECS services, on metrics set through the control endpoint. */
export function createAutoscaling(options: AutoscalingOptions): Autoscaling {
  const { clock, services } = options;
  const store: Store = {
    hasLinkedRole: false,
    targets: new Map(),
    policies: [],
    alarms: new Map(),
    scheduled: [],
    activities: [],
    metrics: new Map(),
  };
  const activities = createActivities(options, store);
  const scheduled = scheduledOperations(options, store, activities);
  let next: Cancel | undefined;

  /** Metrics are evaluated only while there is a policy. */
  function arm(): void {
    if (next !== undefined || store.policies.length === 0) return;
    next = clock.after(MINUTE, evaluateAll, { periodic: true });
  }

  function evaluateAll(): void {
    next = undefined;
    activities.settle();
    for (const target of store.targets.values()) evaluate(options, store, activities, target);
    arm();
  }

  return {
    api: {
      service: 'application-autoscaling',
      operations: {
        ...targetOperations(options, store, activities),
        ...policyOperations(options, store, arm),
        ...scheduled.operations,
        DescribeScalingActivities(input) {
          activities.settle();
          const found = store.activities.filter(about(input, 'ResourceId'));
          return page('ScalingActivities', found.map(activityView), input);
        },
      },
    },
    hasLinkedRole: () => store.hasLinkedRole,
    setMetrics(cluster, service, values) {
      const id = `service/${cluster}/${service}`;
      if (!services.look(id))
        throw new Error(`there is no active service ${service} in the cluster ${cluster}: create it first`);
      store.metrics.set(id, { ...store.metrics.get(id), ...values });
    },
    setAlarm: (alarm) => setAlarm(store, alarm),
    reset() {
      next?.();
      next = undefined;
      store.hasLinkedRole = false;
      store.targets.clear();
      store.metrics.clear();
      store.alarms.clear();
      scheduled.disarm();
      store.policies.length = 0;
      store.scheduled.length = 0;
      store.activities.length = 0;
    },
    keep: () => store,
    resume(kept) {
      restore(store, Object(kept));
      scheduled.arm();
      arm();
    },
  };
}

function restore(store: Store, old: Partial<Store>): void {
  store.hasLinkedRole = old.hasLinkedRole ?? (old.targets?.size ?? 0) > 0;
  for (const [id, target] of old.targets ?? []) store.targets.set(id, target);
  for (const [id, metrics] of old.metrics ?? []) store.metrics.set(id, metrics);
  for (const [name, alarm] of old.alarms ?? []) store.alarms.set(name, alarm);
  store.policies.push(...(old.policies ?? []));
  store.scheduled.push(...(old.scheduled ?? []));
  store.activities.push(...(old.activities ?? []));
}

function setAlarm(store: Store, alarm: AlarmState): void {
  const policies = alarm.policies ?? store.alarms.get(alarm.name)?.policies ?? [];
  const known = store.policies.filter(({ type }) => type === 'StepScaling').map(({ arn }) => arn);
  const strange = alarm.policies?.find((arn) => !known.includes(arn));
  if (strange !== undefined)
    throw new Error(`there is no step scaling policy ${strange}: put it first, and name it by its ARN`);
  store.alarms.set(alarm.name, { ...alarm, policies });
}

/** Changes the desired count of a service where its policies want it. */
function evaluate(
  { clock, services }: AutoscalingOptions,
  store: Store,
  activities: ReturnType<typeof createActivities>,
  target: ScalableTarget,
): void {
  const { resourceId, lastOut, lastInAt } = target;
  const mine = store.policies.filter((policy) => policy.resourceId === resourceId);
  const policies = mine.filter((policy) => policy.type === 'TargetTrackingScaling');
  const seen = mine.length === 0 ? undefined : services.look(resourceId);
  const metrics = seen && store.metrics.get(resourceId);
  const metricOf = ({ metric }: TrackingPolicy) => metrics?.[metric];
  for (const policy of policies) observe(policy, metricOf(policy));
  if (!seen) return;
  const standing = { now: clock.now(), ...seen, lastOut, lastInAt };
  const stepping = mine.filter((policy) => policy.type === 'StepScaling');
  const steps = stepChanges(target, stepping, store.alarms.values(), standing);
  const change = wanted(target, policies, metricOf, standing, steps);
  if (change && activities.begin(resourceId, change.count, causeOf(change)))
    remember(target, change, standing);
}

/** Starts the cooldown. A scale-out ends the cooldown of a scale-in. */
function remember(
  target: ScalableTarget,
  change: Change,
  { now, desired }: { readonly now: number; readonly desired: number },
): void {
  if ('bound' in change) return;
  const isOut = change.count > desired;
  if (isOut) target.lastOut = { at: now, from: change.from };
  target.lastInAt = isOut ? undefined : now;
}

function causeOf(change: Change): string {
  if ('bound' in change) return `${change.bound} capacity was set to ${change.count}`;
  return `monitor alarm ${change.alarm} in state ALARM triggered policy ${change.policy}`;
}
