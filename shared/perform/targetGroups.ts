import type { Cause } from '../domain/release.ts';
import { causesInTargetGroups } from '../later.ts';
import { AwsFault, type LoadBalancers } from '../ports.ts';
import { isDenial } from './refusals.ts';

/**
 * Adds what the target group says to a failed health check of the load balancer, where it may be read. A target group
 * that cannot be read never loses the cause.
 */
export async function explainedByTargetGroup(
  loadBalancers: LoadBalancers | undefined,
  service: string,
  cause: Cause,
): Promise<Cause> {
  if (loadBalancers === undefined) return cause;
  const { targetGroupIn, unreadTargetGroup, withTargetGroup } = await causesInTargetGroups();
  const arn = targetGroupIn(cause);
  if (arn === undefined) return cause;
  try {
    const group = await loadBalancers.targetGroup(arn);
    return group === undefined ? cause : withTargetGroup(cause, service, group);
  } catch (error) {
    if (!(error instanceof AwsFault)) throw error;
    return unreadTargetGroup(cause, isDenial(error) ? DENIED : error.code);
  }
}

const DENIED =
  'no permission for elasticloadbalancing:DescribeTargetGroups or DescribeTargetHealth. Set `diagnosis.loadBalancers` in fairway.yml and deploy Fairway; if it is set, check service control policies and the permissions boundary';
