import type { Cancel, ServiceApi } from '../contract.ts';
import { activityView, createActivities } from './activities.ts';
import { about, page } from './members.ts';
import type { AutoscalingOptions, Metrics, ScalableTarget, Store, TrackingPolicy } from './model.ts';
import { policyOperations } from './policies.ts';
import { scheduledOperations } from './scheduled.ts';
import { targetOperations } from './targets.ts';
import { type Change, observe, wanted } from './tracking.ts';

interface Autoscaling {
  readonly api: ServiceApi;
  /** Sets the metrics of a service; metrics that are not given stay. Throws if the service does not exist. */
  setMetrics(cluster: string, service: string, metrics: Metrics): void;
  reset(): void;
  keep(): unknown;
  resume(kept: unknown): void;
}

const MINUTE = 60_000;

/** Application Auto Scaling for the desired count of ECS services, on metrics set through the control endpoint. */
export function createAutoscaling(options: AutoscalingOptions): Autoscaling {
  const { clock, services } = options;
  const store: Store = {
    targets: new Map(),
    policies: [],
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
    setMetrics(cluster, service, values) {
      const id = `service/${cluster}/${service}`;
      if (!services.look(id))
        throw new Error(`there is no active service ${service} in the cluster ${cluster}: create it first`);
      store.metrics.set(id, { ...store.metrics.get(id), ...values });
    },
    reset() {
      next?.();
      next = undefined;
      store.targets.clear();
      store.metrics.clear();
      scheduled.disarm();
      store.policies.length = 0;
      store.scheduled.length = 0;
      store.activities.length = 0;
    },
    keep: () => store,
    resume(kept) {
      const old: Partial<Store> = Object(kept);
      for (const [id, target] of old.targets ?? []) store.targets.set(id, target);
      for (const [id, metrics] of old.metrics ?? []) store.metrics.set(id, metrics);
      store.policies.push(...(old.policies ?? []));
      store.scheduled.push(...(old.scheduled ?? []));
      scheduled.arm();
      store.activities.push(...(old.activities ?? []));
      arm();
    },
  };
}

/** Changes the desired count of a service where its policies want it. */
function evaluate(
  { clock, services }: AutoscalingOptions,
  store: Store,
  activities: ReturnType<typeof createActivities>,
  target: ScalableTarget,
): void {
  const { resourceId, lastOut, lastInAt } = target;
  const policies = store.policies.filter((policy) => policy.resourceId === resourceId);
  const seen = policies.length === 0 ? undefined : services.look(resourceId);
  const metrics = seen && store.metrics.get(resourceId);
  const metricOf = ({ metric }: TrackingPolicy) => metrics?.[metric];
  for (const policy of policies) observe(policy, metricOf(policy));
  if (!seen) return;
  const standing = { now: clock.now(), ...seen, lastOut, lastInAt };
  const change = wanted(target, policies, metricOf, standing);
  if (change && activities.begin(resourceId, change.count, causeOf(change)))
    remember(target, change, clock.now());
}

/** Starts the cooldown. A scale-out ends the cooldown of a scale-in. */
function remember(target: ScalableTarget, change: Change, now: number): void {
  if ('bound' in change) return;
  if (change.alarm === 'AlarmHigh') target.lastOut = { at: now, from: change.from };
  target.lastInAt = change.alarm === 'AlarmLow' ? now : undefined;
}

function causeOf(change: Change): string {
  if ('bound' in change) return `${change.bound} capacity was set to ${change.count}`;
  const { AlarmName } = change.alarm === 'AlarmHigh' ? change.policy.alarms.high : change.policy.alarms.low;
  return `monitor alarm ${AlarmName} in state ALARM triggered policy ${change.policy.name}`;
}
