import type { Clock, Ids, JsonObject } from '../contract.ts';
import type { ScalableServices } from './services.ts';

/** The state of Application Auto Scaling, in memory. Times are epoch milliseconds, spans milliseconds. */

export interface AutoscalingOptions {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly account: string;
  readonly region: string;
  readonly services: ScalableServices;
}

type MetricName = 'cpu' | 'memory' | 'requestsPerTarget';
export type Metrics = { readonly [metric in MetricName]?: number };

/** `ecs:service:DesiredCount` of one service. */
export interface ScalableTarget {
  readonly arn: string;
  /** `service/CLUSTER/SERVICE`. */
  readonly resourceId: string;
  readonly roleArn: string;
  readonly createdAt: number;
  min: number;
  max: number;
  suspended: JsonObject;
  lastOut: ScaleOut | undefined;
  lastInAt: number | undefined;
}

/** The last scale-out, whose cooldown may not be over. */
export interface ScaleOut {
  readonly at: number;
  /** The count before it. */
  readonly from: number;
}

interface PolicyBase {
  readonly arn: string;
  readonly name: string;
  readonly resourceId: string;
  readonly createdAt: number;
  /** As the API shows it. */
  readonly configuration: JsonObject;
}

/** A target tracking policy, with the two alarms that Application Auto Scaling creates for it. */
export interface TrackingPolicy extends PolicyBase, Tracking {
  readonly type: 'TargetTrackingScaling';
  readonly alarms: { readonly high: Alarm; readonly low: Alarm };
  /** For how many minutes in a row the metric was above the target, or far enough below it. */
  high: number;
  low: number;
}

/** A step scaling policy. Alarms that name it invoke it. */
export interface StepPolicy extends PolicyBase, Stepping {
  readonly type: 'StepScaling';
}

export type Policy = TrackingPolicy | StepPolicy;

/** A step scaling configuration. */
export interface Stepping {
  readonly adjustmentType: AdjustmentType;
  readonly steps: readonly Step[];
  /** Of a change in percent: at least so many tasks. */
  readonly least: number;
  readonly cooldown: number;
}

export const ADJUSTMENT_TYPES = ['ChangeInCapacity', 'PercentChangeInCapacity', 'ExactCapacity'] as const;
export type AdjustmentType = (typeof ADJUSTMENT_TYPES)[number];

/** Bounds are differences to the threshold of the alarm. Absent: none. */
export interface Step {
  readonly from?: number;
  readonly to?: number;
  readonly adjustment: number;
}

/** A target tracking configuration. */
export interface Tracking {
  readonly metric: MetricName;
  readonly targetValue: number;
  readonly scaleOutCooldown: number;
  readonly scaleInCooldown: number;
  readonly disableScaleIn: boolean;
}

export interface Alarm {
  readonly AlarmName: string;
  readonly AlarmARN: string;
}

/** A CloudWatch alarm whose actions are step scaling policies. */
export interface StepAlarm {
  readonly name: string;
  /** ARNs. */
  readonly policies: readonly string[];
  readonly rings: boolean;
  /** The metric less the threshold. */
  readonly breach: number;
}

/** Absent policies stay those that it has. */
export type AlarmState = Omit<StepAlarm, 'policies'> & { readonly policies?: readonly string[] };

export interface ScheduledAction {
  readonly arn: string;
  readonly name: string;
  readonly resourceId: string;
  readonly createdAt: number;
  /** `rate(…)`, `cron(…)` or `at(…)`. */
  readonly schedule: string;
  readonly timeZone?: string;
  readonly from?: number;
  readonly until?: number;
  readonly min?: number;
  readonly max?: number;
}

export interface Activity {
  readonly id: string;
  readonly resourceId: string;
  readonly count: number;
  readonly cause: string;
  readonly startedAt: number;
  endedAt: number | undefined;
  status: 'InProgress' | 'Successful' | 'Overridden' | 'Failed';
  message: string;
}

export interface Store {
  /** The service-linked role exists since the first scalable target. */
  hasLinkedRole: boolean;
  /** By resource ID. */
  readonly targets: Map<string, ScalableTarget>;
  readonly policies: Policy[];
  /** By name. */
  readonly alarms: Map<string, StepAlarm>;
  readonly scheduled: ScheduledAction[];
  /** Newest first. */
  readonly activities: Activity[];
  /** By resource ID. */
  readonly metrics: Map<string, Metrics>;
}

/** The names of ECS's metrics in policies. */
export const METRICS: Readonly<Record<string, MetricName>> = {
  ECSServiceAverageCPUUtilization: 'cpu',
  ECSServiceAverageMemoryUtilization: 'memory',
  ALBRequestCountPerTarget: 'requestsPerTarget',
};
