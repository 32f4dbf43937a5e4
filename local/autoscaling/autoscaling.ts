import type { Clock, Ids, ServiceApi } from '../contract.ts';
import { autoscalingOperations } from './api.ts';
import type { Activity, Metrics, ScalableTarget, ScalingPolicy } from './model.ts';
import { observe, type Standing, wanted } from './tracking.ts';

/** What Application Auto Scaling asks of ECS. */
export interface ScalableServices {
  /** Undefined: there is no such service. */
  look(
    cluster: string,
    service: string,
  ): { readonly desired: number; readonly deploying: boolean } | undefined;
  scale(cluster: string, service: string, count: number): void;
}

export interface AutoscalingOptions {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly account: string;
  readonly region: string;
  readonly services: ScalableServices;
}

export interface Store {
  /** By resource id. */
  readonly targets: Map<string, ScalableTarget>;
  readonly policies: ScalingPolicy[];
  /** Newest first. */
  readonly activities: Activity[];
}

export interface Autoscaling {
  readonly api: ServiceApi;
  /** What a service's metrics say from now on; metrics that are not named stay. */
  setMetrics(cluster: string, service: string, metrics: Metrics): void;
  reset(): void;
  keep(): unknown;
  resume(kept: unknown): void;
}

const MINUTE = 60_000;
const MOST_ACTIVITIES = 1_000;

interface Kept extends Store {
  readonly metrics: Map<string, Metrics>;
  readonly lastOut: Map<string, number>;
  readonly lastIn: Map<string, number>;
}

/** Application Auto Scaling for the desired count of ECS services, on metrics that somebody sets. */
export function createAutoscaling(options: AutoscalingOptions): Autoscaling {
  const { clock, ids, services } = options;
  const store: Store = { targets: new Map(), policies: [], activities: [] };
  const metrics = new Map<string, Metrics>();
  const lastOut = new Map<string, number>();
  const lastIn = new Map<string, number>();
  let armed = false;

  /** Nothing is evaluated while there is no policy. */
  function arm(): void {
    if (armed || store.policies.length === 0) return;
    armed = true;
    clock.after(
      MINUTE,
      () => {
        armed = false;
        for (const target of store.targets.values()) evaluate(target);
        arm();
      },
      { periodic: true },
    );
  }

  function evaluate(target: ScalableTarget): void {
    const policies = store.policies.filter(({ resourceId }) => resourceId === target.resourceId);
    const metricOf = ({ metric }: ScalingPolicy) => metrics.get(target.resourceId)?.[metric];
    for (const policy of policies) observe(policy, metricOf(policy));
    const [, cluster = '', service = ''] = target.resourceId.split('/');
    const seen = services.look(cluster, service);
    if (!seen) return;
    const standing: Standing = {
      now: clock.now(),
      ...seen,
      lastOutAt: lastOut.get(target.resourceId) ?? 0,
      lastInAt: lastIn.get(target.resourceId) ?? 0,
    };
    const change = wanted(target, policies, metricOf, standing);
    if (!change) return;
    services.scale(cluster, service, change.count);
    (change.alarm === 'AlarmHigh' ? lastOut : lastIn).set(target.resourceId, standing.now);
    const alarm = change.policy.alarms.find(({ AlarmName }) => AlarmName.includes(change.alarm))?.AlarmName;
    store.activities.unshift({
      resourceId: target.resourceId,
      view: {
        ActivityId: ids.uuid(),
        ServiceNamespace: 'ecs',
        ResourceId: target.resourceId,
        ScalableDimension: 'ecs:service:DesiredCount',
        Description: `Setting desired count to ${change.count}.`,
        Cause: `monitor alarm ${alarm} in state ALARM triggered policy ${change.policy.name}`,
        StartTime: standing.now / 1000,
        EndTime: standing.now / 1000,
        StatusCode: 'Successful',
        StatusMessage: `Successfully set desired count to ${change.count}. Change successfully fulfilled by ecs.`,
      },
    });
    store.activities.length = Math.min(store.activities.length, MOST_ACTIVITIES);
  }

  const maps = { metrics, lastOut, lastIn };

  return {
    api: {
      service: 'application-autoscaling',
      operations: autoscalingOperations({ ...options, store, onPolicy: arm }),
    },
    setMetrics(cluster, service, values) {
      const id = `service/${cluster}/${service}`;
      metrics.set(id, { ...metrics.get(id), ...values });
    },
    reset() {
      for (const map of [store.targets, metrics, lastOut, lastIn]) map.clear();
      store.policies.length = 0;
      store.activities.length = 0;
    },
    keep: () => ({ ...store, ...maps }),
    resume(kept) {
      const old: Kept = Object(kept);
      for (const [id, target] of old.targets ?? []) store.targets.set(id, target);
      store.policies.push(...(old.policies ?? []));
      store.activities.push(...(old.activities ?? []));
      for (const name of ['lastOut', 'lastIn'] as const)
        for (const [id, time] of old[name] ?? []) maps[name].set(id, time);
      for (const [id, values] of old.metrics ?? []) metrics.set(id, values);
      arm();
    },
  };
}
