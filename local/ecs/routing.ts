import type { JsonObject } from '../contract.ts';

/** Where the traffic of services goes: target groups, and listeners that forward to them. */

export interface TargetGroup {
  /** Milliseconds, all but the threshold. */
  readonly interval: number;
  readonly unhealthyThreshold: number;
  readonly deregistrationDelay: number;
  /** Of its health check. Default: "/". */
  readonly path?: string;
}

export interface ServiceTarget {
  readonly targetGroup: string;
  readonly container: string;
  readonly port: number;
  /** `advancedConfiguration`: where deployments that shift traffic alternate to. */
  readonly alternate?: AlternateTarget;
}

interface AlternateTarget {
  /** The two target groups: a revision serves from one of them. */
  readonly groups: readonly [string, string];
  /** ARN of a listener rule; of a listener for a Network Load Balancer. */
  readonly productionRule: string;
  readonly testRule?: string;
}

/** A rule of a listener, or the default action of one. */
export interface ListenerRule {
  /** Of the rule; of the listener where it is a default action. */
  readonly arn: string;
  readonly listener: string;
  /** A number, or "default". */
  readonly priority: string;
  conditions: readonly JsonObject[];
  /** As the API shows them. */
  actions: readonly JsonObject[];
}
