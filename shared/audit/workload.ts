import type { JsonObject } from '../infrastructure/json.ts';

/**
 * A service or a task of an app with everything that it uses, in AWS's own members. What was not read is undefined, or
 * has no entry: rules say nothing about it.
 */
export interface Workload {
  readonly app: string;
  readonly environment: string;
  readonly cluster: string;
  /** As DescribeServices answers it; absent: a release task, or a task on a schedule or on demand. */
  readonly service?: JsonObject;
  /** The revision that runs, as DescribeTaskDefinition answers it. */
  readonly definition: JsonObject;
  /** ACTIVE revisions of the family, counted up to 100. */
  readonly activeRevisions?: number;
  /** Of the running tasks, one for each. */
  readonly zones?: readonly string[];
  /** As DescribeTargetGroups answers them. */
  readonly targetGroups?: readonly JsonObject[];
  /** Seconds, by the ARN of a target group. */
  readonly deregistrationDelays?: Readonly<Record<string, number>>;
  /** Whether the service has auto scaling. */
  readonly isScaled?: boolean;
  /** By name, as DescribeLogGroups answers them. */
  readonly logGroups?: Readonly<Record<string, JsonObject>>;
  /** By name. */
  readonly repositories?: Readonly<Record<string, AuditedRepository>>;
  /** By ARN. */
  readonly roles?: Readonly<Record<string, AuditedRole>>;
}

/** An ECR repository of this account. */
export interface AuditedRepository {
  /** By the registry's effective configuration. */
  readonly scans?: boolean;
  /** Critical findings of the scan of the image that runs. */
  readonly critical?: number;
  /** Why its lifecycle policy would expire an image that is in use, one sentence each. */
  readonly expiring?: readonly string[];
}

/** A role, with its policies. Those that AWS manages have no document. */
export interface AuditedRole {
  readonly policies: readonly { readonly name: string; readonly document?: JsonObject }[];
}
