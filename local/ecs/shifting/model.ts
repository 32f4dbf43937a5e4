import type { Cancel, Json, JsonObject } from '../../contract.ts';

/** The stages of a deployment that shifts traffic, and the hooks at which deployments wait. Times are epoch milliseconds. */

/** How far a deployment that shifts traffic has come. */
export interface Shift {
  stage: Stage;
  /** Of the traffic shift, from 0. */
  step: number;
  /** When the stage's own time is over; undefined: it has not begun. */
  until: number | undefined;
  stageSince: number;
  /** Shares of the target revision, in percent. */
  production: number;
  test: number;
  /** The hooks of this stage. */
  hooks: Hook[];
  /** Of a rollback: when the traffic is back. */
  backAt?: number;
  wake: Cancel | undefined;
}

/** Where a rolling deployment pauses. */
export interface RollingPause extends Pick<Shift, 'stage' | 'hooks'> {
  wake: Cancel | undefined;
}

/** AWS docs: deployment-lifecycle-hooks. */
export type Stage =
  | 'RECONCILE_SERVICE'
  | 'PRE_SCALE_UP'
  | 'SCALE_UP'
  | 'POST_SCALE_UP'
  | 'TEST_TRAFFIC_SHIFT'
  | 'POST_TEST_TRAFFIC_SHIFT'
  | 'PRE_PRODUCTION_TRAFFIC_SHIFT'
  | 'PRODUCTION_TRAFFIC_SHIFT'
  | 'POST_PRODUCTION_TRAFFIC_SHIFT'
  | 'BAKE_TIME'
  | 'CLEAN_UP';

/** One execution of a lifecycle hook. */
export interface Hook {
  readonly id: string;
  readonly type: 'PAUSE' | 'AWS_LAMBDA';
  readonly target?: string;
  readonly expiresAt: number;
  readonly timeoutAction: 'CONTINUE' | 'ROLLBACK';
  status: 'AWAITING_ACTION' | 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT';
  /** When its function is called again. */
  askAt?: number;
  /** What its function answered last. */
  answer?: HookAnswer;
}

/** A call of a Lambda hook. Source: AWS docs, deployment-lifecycle-hooks. */
export interface HookCall {
  /** Of the execution: repeated calls have the same. */
  readonly id: string;
  readonly functionArn: string;
  readonly stage: Stage;
  readonly payload: JsonObject;
}

export interface HookAnswer {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'IN_PROGRESS';
  /** Of IN_PROGRESS: ECS calls it again after so many seconds; absent: 30. */
  readonly callBackDelay?: number;
  /** What the next call gets as `hookDetails`. */
  readonly details?: Json;
  /** Why ECS takes it for failed, where it did not answer so. */
  readonly reason?: string;
}
