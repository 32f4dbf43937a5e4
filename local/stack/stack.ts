import type { JsonObject } from '../contract.ts';
import type { Policy } from '../iam/policy.ts';

/** The resources of a packaged service, with references resolved. */
export interface Stack {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly functions: readonly StackFunction[];
  readonly rules: readonly StackRule[];
  readonly schedules: readonly StackSchedule[];
  readonly tables: readonly StackTable[];
  readonly topics: readonly { readonly name: string; readonly arn: string }[];
  readonly queues: readonly StackQueue[];
  /** As it was packaged. */
  readonly template: JsonObject;
  /** Every resource of the template. */
  readonly resources: readonly StackResource[];
  readonly logGroups: readonly { readonly name: string; readonly retentionDays?: number }[];
}

interface StackResource {
  readonly logicalId: string;
  readonly type: string;
  /** The value of `Ref`. */
  readonly physicalId: string;
}

export interface StackFunction {
  readonly name: string;
  readonly arn: string;
  /** Path and export in the zip: "functions/sweep/handler.handler". */
  readonly handler: string;
  readonly description?: string;
  /** "nodejs22.x". */
  readonly runtime: string;
  readonly zipPath: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly roleArn: string;
  readonly roleName: string;
  readonly policies: readonly Policy[];
  readonly timeoutSeconds: number;
  /** MB. */
  readonly memory: number;
  /** DeadLetterConfig: a queue or topic that gets the event itself. */
  readonly deadLetterArn?: string;
  readonly eventInvoke: EventInvoke;
  readonly reservedConcurrency?: number;
  /** Names of its aliases; each is of $LATEST. */
  readonly aliases: readonly string[];
}

/** How asynchronous invocations are retried, and where failures go (a queue, topic or function). */
export interface EventInvoke {
  readonly maximumRetryAttempts: number;
  readonly maximumEventAgeSeconds: number;
  readonly onFailure?: string;
}

export interface StackRule {
  readonly name: string;
  readonly arn: string;
  readonly pattern?: JsonObject;
  /** `rate(...)` or `cron(...)`, UTC. */
  readonly schedule?: string;
  readonly state: 'ENABLED' | 'DISABLED';
  readonly targets: readonly RuleTarget[];
}

export interface RuleTarget {
  readonly id: string;
  readonly functionName: string;
  /** A constant that replaces the event, as JSON text. */
  readonly input?: string;
  /** The part of the event that is passed on: "$.detail". */
  readonly inputPath?: string;
  readonly retryPolicy: RetryPolicy;
  readonly deadLetterArn?: string;
  /** Whether an AWS::Lambda::Permission lets this rule invoke the function. */
  readonly permitted: boolean;
  /** Whether the dead-letter queue's own policy lets this rule send to it. */
  readonly deadLetterPermitted: boolean;
}

export interface RetryPolicy {
  readonly maximumRetryAttempts: number;
  readonly maximumEventAgeSeconds: number;
}

/** An AWS::Scheduler::Schedule. */
export interface StackSchedule {
  readonly name: string;
  readonly arn: string;
  /** `rate(...)`, `cron(...)` or `at(...)`. */
  readonly schedule: string;
  /** IANA name; UTC by default. */
  readonly timeZone: string;
  /** Epoch milliseconds. */
  readonly start?: number;
  readonly end?: number;
  /** Its flexible time window in milliseconds; 0: none. */
  readonly window: number;
  readonly state: 'ENABLED' | 'DISABLED';
  readonly functionName: string;
  readonly functionArn: string;
  readonly input?: string;
  readonly retryPolicy: RetryPolicy;
  readonly deadLetterArn?: string;
  /** The role that EventBridge Scheduler assumes. */
  readonly roleName: string;
  readonly rolePolicies: readonly Policy[];
  /** Whether that role trusts scheduler.amazonaws.com. */
  readonly trusted: boolean;
}

export interface StackTable {
  readonly name: string;
  readonly arn: string;
  /** Input of CreateTable. */
  readonly createTable: JsonObject;
  readonly timeToLiveAttribute?: string;
}

export interface StackQueue {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  /** Resource policies: who can send. */
  readonly policies: readonly Policy[];
}
