import {
  changedAt,
  type ObservedDeployment,
  type ObservedService,
  type ObservedServiceDeployment,
  primaryOf,
} from '../observations.ts';

/**
 * What an answer of DescribeServices proves about a deployment that Fairway ordered. Answers may be older than the
 * order, and ECS's own rollback brings an earlier deployment back under its old id: neither an absence nor an id
 * decides alone. Times do: an earlier deployment that is PRIMARY again was updated after ours was created.
 */
export type Verdict =
  /** Ours is PRIMARY. */
  | { readonly kind: 'ours'; readonly deployment: ObservedDeployment }
  /** Our revision is PRIMARY under another id: someone has forced a new deployment of it. */
  | { readonly kind: 'redeployed'; readonly deployment: ObservedDeployment }
  /** ECS ended ours. `words`: its reasons, which may not say who or what did it. */
  | { readonly kind: 'ended'; readonly words: readonly string[] }
  | { readonly kind: 'foreign'; readonly deployment: ObservedDeployment }
  /** The answer may be older than the order. */
  | { readonly kind: 'unproven' };

/** A deployment as UpdateService answered it. */
export interface Order {
  readonly deploymentId: string;
  /** Revision that it brings: no other deployment has it but one of the same release. */
  readonly target: string;
  /** Epoch milliseconds; absent where ECS has not said. */
  readonly createdAt?: number;
  /** Whether any look has shown it. */
  readonly seen: boolean;
}

/** Whether a deployment is one of Fairway's, or was judged before. */
type IsKnown = (deploymentId: string) => boolean;

export function judge(observed: ObservedService, order: Order, isKnown: IsKnown): Verdict {
  const primary = primaryOf(observed);
  if (!primary) return { kind: 'unproven' };
  const ours = observed.deployments.find(({ id }) => id === order.deploymentId);
  if (primary === ours) {
    return primary.rolloutState === 'FAILED' ? endedWith(primary) : { kind: 'ours', deployment: primary };
  }
  if (ours?.rolloutState === 'FAILED') return endedWith(ours, primary);
  if (primary.taskDefinition === order.target) {
    return isAfter(primary, order.createdAt) === false
      ? { kind: 'unproven' }
      : { kind: 'redeployed', deployment: primary };
  }
  if (isNewer(primary, order, isKnown)) return { kind: 'foreign', deployment: primary };
  if (ours || (isAfter(primary, order.createdAt) ?? order.seen)) return endedWith(primary);
  return { kind: 'unproven' };
}

function endedWith(...deployments: readonly ObservedDeployment[]): Verdict {
  return { kind: 'ended', words: deployments.flatMap(({ rolloutStateReason }) => rolloutStateReason ?? []) };
}

function isNewer({ id, createdAt }: ObservedDeployment, order: Order, isKnown: IsKnown): boolean {
  if (createdAt === undefined || order.createdAt === undefined) return !isKnown(id);
  return createdAt > order.createdAt;
}

/** Whether ECS has changed the deployment since then; undefined where there are no times to tell by. */
export function isAfter(deployment: ObservedDeployment, since: number | undefined): boolean | undefined {
  const changed = changedAt(deployment);
  return since === undefined || changed === undefined ? undefined : changed > since;
}

/** Whether ECS has ended a service deployment, or is about to: superseded, stopped or rolled back. */
export function hasEnded({ status }: ObservedServiceDeployment): boolean {
  return /^(STOP|ROLLBACK_)/.test(status);
}
