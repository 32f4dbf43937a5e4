import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient } from '@aws-sdk/client-ecs';

/** SDK clients that every invocation needs; others are created where they are used. */
export interface Clients {
  readonly ecs: ECSClient;
  readonly ecr: ECRClient;
  /** For repositories in another region. */
  readonly ecrIn: (region: string) => ECRClient;
  readonly dynamodb: DynamoDBClient;
}

/**
 * Standard retries of the SDK; a call that hangs fails after 5 seconds.
 * Without `throwOnRequestTimeout`, the SDK only logs a warning and keeps waiting. Source: NodeHttpHandlerOptions.
 */
export const CLIENT_OPTIONS = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
} as const;

export function createClients(): Clients {
  const byRegion = new Map<string, ECRClient>();
  return {
    ecrIn(region) {
      const client = byRegion.get(region) ?? new ECRClient({ ...CLIENT_OPTIONS, region });
      byRegion.set(region, client);
      return client;
    },
    ecs: new ECSClient(CLIENT_OPTIONS),
    ecr: new ECRClient(CLIENT_OPTIONS),
    dynamodb: new DynamoDBClient(CLIENT_OPTIONS),
  };
}

/** The clock and the deadline of an invocation. */
export interface Time {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** When calls are aborted, epoch milliseconds. */
  readonly deadline: () => number;
  /** Milliseconds. */
  readonly sleep: (span: number) => Promise<void>;
}

/** Aborts a call at the deadline, so that AWS receives nothing from an invocation that has ended. */
export function untilDeadline(time: Pick<Time, 'now' | 'deadline'>): { abortSignal: AbortSignal } {
  return { abortSignal: AbortSignal.timeout(Math.max(1, time.deadline() - time.now())) };
}
