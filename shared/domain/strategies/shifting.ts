import type { ObservedService, ObservedServiceDeployment } from '../observations.ts';
import type { PauseHook, TrafficShift } from '../release.ts';

/**
 * The strategies that shift traffic: BLUE_GREEN, LINEAR and CANARY. The new tasks start beside the old ones, get the
 * traffic at once or in steps, and the old ones run on until the end. What DescribeServiceDeployments says is known here
 * only. Source: Amazon ECS Developer Guide, "Amazon ECS blue/green deployments".
 */

const STRATEGIES: readonly string[] = ['BLUE_GREEN', 'LINEAR', 'CANARY'];

export function shiftsTraffic({ strategy }: Pick<ObservedService, 'strategy'>): boolean {
  return STRATEGIES.includes(strategy);
}

/** In the order in which they are passed. A look may miss one: positions are compared, not names. */
const STAGES: readonly string[] = [
  'RECONCILE_SERVICE',
  'PRE_SCALE_UP',
  'SCALE_UP',
  'POST_SCALE_UP',
  'TEST_TRAFFIC_SHIFT',
  'POST_TEST_TRAFFIC_SHIFT',
  'PRE_PRODUCTION_TRAFFIC_SHIFT',
  'PRODUCTION_TRAFFIC_SHIFT',
  'POST_PRODUCTION_TRAFFIC_SHIFT',
  'BAKE_TIME',
  'CLEAN_UP',
];

/** Whether the new tasks run: what follows takes as long as the service's configuration says. */
export function hasScaledUp(stage: string | undefined): boolean {
  return stage !== undefined && STAGES.indexOf(stage) > STAGES.indexOf('SCALE_UP');
}

/** Whether users may have reached the new tasks. */
export function mayHaveTraffic({ share = 0, stage = '' }: TrafficShift): boolean {
  return share > 0 || STAGES.indexOf(stage) >= STAGES.indexOf('PRODUCTION_TRAFFIC_SHIFT');
}

/** ECS still works at it. What it does not know yet is taken for open. */
export function isOpen({ status }: Pick<ObservedServiceDeployment, 'status'>): boolean {
  return !ENDED.includes(status);
}

const ENDED: readonly string[] = ['SUCCESSFUL', 'STOPPED', 'ROLLBACK_SUCCESSFUL', 'ROLLBACK_FAILED'];

/** Whether StopServiceDeployment would change anything. */
export function canBeStopped({ status }: ObservedServiceDeployment): boolean {
  return status === 'PENDING' || status === 'IN_PROGRESS';
}

export function isSuccessful({ status }: ObservedServiceDeployment): boolean {
  return status === 'SUCCESSFUL';
}

export function rollbackHasFailed({ status }: ObservedServiceDeployment): boolean {
  return status === 'ROLLBACK_FAILED';
}

/** Revision ARN that users are on after the end of a deployment; undefined: ECS's record does not say. */
export function revisionAfter(ended: ObservedServiceDeployment): string | undefined {
  if (isSuccessful(ended)) return ended.taskDefinition;
  return ended.status === 'ROLLBACK_SUCCESSFUL' ? ended.returnedTo : undefined;
}

/** What service deployments prove about the one that our order started. */
type Verdict =
  /** ECS works at it, or has been asked to end it, which may still end in success. */
  | { readonly kind: 'open'; readonly ours: ObservedServiceDeployment }
  | { readonly kind: 'live'; readonly ours: ObservedServiceDeployment }
  /** ECS gave it up, someone stopped it, or a newer one superseded it. */
  | {
      readonly kind: 'ended';
      readonly ours: ObservedServiceDeployment;
      readonly newer?: ObservedServiceDeployment;
    }
  /** Nothing shows ours: the answer may be older than the order. */
  | { readonly kind: 'unproven' };

/**
 * @param deployments of the service since the order, newest first
 * @param target the revision that the order named: no other deployment has it but one of the same release
 */
export function judgeShift(deployments: readonly ObservedServiceDeployment[], target: string): Verdict {
  const ours = deployments.find(({ taskDefinition }) => taskDefinition === target);
  if (ours === undefined) return { kind: 'unproven' };
  if (isSuccessful(ours)) return { kind: 'live', ours };
  if (!isOpen(ours) || ours.status === 'ROLLBACK_IN_PROGRESS') {
    const newer = deployments[0] === ours ? undefined : deployments[0];
    return { kind: 'ended', ours, ...(newer && { newer }) };
  }
  return { kind: 'open', ours };
}

/** Hooks that wait for a person. */
export function pausesOf({ hooks = [] }: ObservedServiceDeployment): readonly PauseHook[] {
  return hooks.filter(({ type, status }) => type === 'PAUSE' && status === 'AWAITING_ACTION');
}

/** "BLUE_GREEN: BAKE_TIME, 100% of the traffic". */
export function describeShift({ strategy, stage, share = 0 }: TrafficShift): string {
  const where = stage ?? 'PENDING';
  return `${strategy}: ${where}${share > 0 ? `, ${share}% of the traffic` : ''}`;
}
