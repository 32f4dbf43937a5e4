import type {
  ObservedDeployment,
  ObservedService,
  ObservedServiceDeployment,
  Reasons,
} from '../observations.ts';
import { revisionName } from '../revision.ts';

/**
 * The ROLLING strategy: what a deployment of ECS's own controller looks like while it is in progress, when it is live, and
 * when it has failed. PRIMARY, IN_PROGRESS, COMPLETED and FAILED are known here only; another strategy is another file.
 */

/** Whether Fairway can roll a service of this deployment strategy. */
export function isRolling({ strategy }: Pick<ObservedService, 'strategy'>): boolean {
  return strategy === 'ROLLING';
}

/** The deployment that ECS brings the service to, or has brought it to. */
export function primaryOf(observed: ObservedService): ObservedDeployment | undefined {
  return observed.deployments.find((deployment) => deployment.status === 'PRIMARY');
}

/** When ECS last changed a deployment, epoch milliseconds; undefined where it does not say. */
export function changedAt({ createdAt, updatedAt }: ObservedDeployment): number | undefined {
  const times = [createdAt, updatedAt].filter((time) => time !== undefined);
  return times.length === 0 ? undefined : Math.max(...times);
}

/** ECS still works at the deployment. */
export function isUnderWay({ rolloutState }: ObservedDeployment): boolean {
  return rolloutState === 'IN_PROGRESS';
}

export function hasFailed({ rolloutState }: ObservedDeployment): boolean {
  return rolloutState === 'FAILED';
}

/** ECS itself calls it completed. */
export function hasCompleted({ rolloutState }: ObservedDeployment): boolean {
  return rolloutState === 'COMPLETED';
}

/** Services whose rollout state ECS does not report (a Classic Load Balancer) are judged by their counts. */
export function isComplete(observed: ObservedService, primary: ObservedDeployment): boolean {
  if (primary.rolloutState !== undefined) return hasCompleted(primary);
  return observed.deployments.length === 1 && primary.running === primary.desired;
}

/** "web-app:11 at 3/3 tasks". */
export function describe(observed: ObservedService): string {
  const primary = primaryOf(observed);
  if (!observed.found || !primary) return 'nothing: the service is missing';
  return `${revisionName(primary.taskDefinition)} at ${primary.running}/${observed.desired} tasks`;
}

/**
 * What an answer of DescribeServices proves about a deployment that Fairway ordered. Answers may be older than the
 * order, and ECS's own rollback brings an earlier deployment back under its old id: neither an absence nor an id
 * decides alone. Times do: an earlier deployment that is PRIMARY again was updated after ours was created.
 */
type Verdict =
  /** Ours is PRIMARY. */
  | { readonly kind: 'ours'; readonly deployment: ObservedDeployment }
  /** Our revision is PRIMARY under another id: someone has forced a new deployment of it. */
  | { readonly kind: 'redeployed'; readonly deployment: ObservedDeployment }
  /** ECS ended ours. Its reasons may not say who or what did it. */
  | ({ readonly kind: 'ended' } & Reasons)
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
    return hasFailed(primary) ? endedWith(primary) : { kind: 'ours', deployment: primary };
  }
  if (ours && hasFailed(ours)) return endedWith(ours, primary);
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
  return { kind: 'ended', ...reasonsOf(deployments) };
}

/** Why ECS ended the first of these deployments, in the words of all of them. */
export function reasonsOf(deployments: readonly ObservedDeployment[]): Reasons {
  const words = deployments.flatMap(({ rolloutStateReason }) => rolloutStateReason ?? []);
  const means = deployments.find((one) => one.means !== undefined)?.means;
  return { words, ...(means === undefined ? {} : { means }) };
}

function isNewer({ id, createdAt }: ObservedDeployment, order: Order, isKnown: IsKnown): boolean {
  if (createdAt === undefined || order.createdAt === undefined) return !isKnown(id);
  return createdAt > order.createdAt;
}

/** Whether ECS has changed the deployment since then; undefined without times to compare. */
export function isAfter(deployment: ObservedDeployment, since: number | undefined): boolean | undefined {
  const changed = changedAt(deployment);
  return since === undefined || changed === undefined ? undefined : changed > since;
}

/** Whether ECS has ended a service deployment, or is about to: superseded, stopped or rolled back. */
export function hasEnded({ status }: ObservedServiceDeployment): boolean {
  return /^(STOP|ROLLBACK_)/.test(status);
}
