import type { JsonObject } from '../contract.ts';

export interface Tag {
  readonly key: string;
  readonly value: string;
}

export interface ContainerSpec {
  readonly name: string;
  readonly image: string;
  readonly essential: boolean;
  readonly cpu: number;
  readonly memory?: number;
  readonly memoryReservation?: number;
  /** Milliseconds between SIGTERM and SIGKILL. */
  readonly stopTimeout: number;
  readonly healthCheck?: HealthCheck;
  readonly logs?: { readonly group: string; readonly prefix?: string };
  /** False: each task resolves the tag anew. */
  readonly pinned: boolean;
}

/** Milliseconds. */
export interface HealthCheck {
  readonly interval: number;
  readonly retries: number;
  readonly startPeriod: number;
}

export interface TaskDefinition {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
  /** As in the answer of DescribeTaskDefinition, including members unknown to SDKs; without status and tags. */
  readonly document: JsonObject;
  readonly containers: readonly ContainerSpec[];
  readonly networkMode: string;
  status: 'ACTIVE' | 'INACTIVE' | 'DELETE_IN_PROGRESS';
  deleteRequestedAt?: number;
  deregisteredAt?: number;
  tags: readonly Tag[];
}
