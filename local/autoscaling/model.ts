import type { JsonObject } from '../contract.ts';

export type MetricName = 'cpu' | 'memory' | 'requestsPerTarget';
export type Metrics = { readonly [metric in MetricName]?: number };

/** `ecs:service:DesiredCount` of one service. Times are epoch milliseconds. */
export interface ScalableTarget {
  readonly arn: string;
  /** `service/CLUSTER/SERVICE`. */
  readonly resourceId: string;
  readonly roleArn: string;
  readonly createdAt: number;
  min: number;
  max: number;
  suspended: JsonObject;
}

/** A target tracking policy, with the two alarms that Application Auto Scaling keeps for it. */
export interface ScalingPolicy {
  readonly arn: string;
  readonly name: string;
  readonly resourceId: string;
  readonly createdAt: number;
  readonly alarms: readonly { readonly AlarmName: string; readonly AlarmARN: string }[];
  configuration: JsonObject;
  metric: MetricName;
  targetValue: number;
  /** Milliseconds. */
  scaleOutCooldown: number;
  scaleInCooldown: number;
  disableScaleIn: boolean;
  /** Minutes in a row that the metric was above the target, or so far below it. */
  high: number;
  low: number;
}

export interface Activity {
  readonly resourceId: string;
  /** As DescribeScalingActivities answers it. */
  readonly view: JsonObject;
}

/** What ECS's metrics are called, as policies name them. */
export const METRICS: Readonly<Record<string, MetricName>> = {
  ECSServiceAverageCPUUtilization: 'cpu',
  ECSServiceAverageMemoryUtilization: 'memory',
  ALBRequestCountPerTarget: 'requestsPerTarget',
};
