import type { DeploymentSight, ServiceSight } from '../answers.ts';
import { revisionName } from '../revision.ts';

/** What DescribeServices says of a service, read. */

export function primaryOf(sight: ServiceSight): DeploymentSight | undefined {
  return sight.deployments.find((deployment) => deployment.status === 'PRIMARY');
}

/** "web-app:11 at 3/3 tasks". */
export function describe(sight: ServiceSight): string {
  const primary = primaryOf(sight);
  if (!sight.found || !primary) return 'nothing: the service is missing';
  return `${revisionName(primary.taskDefinition)} at ${primary.running}/${sight.desired} tasks`;
}

/** Services whose rollout state ECS does not report (a Classic Load Balancer) are judged by their counts. */
export function isComplete(sight: ServiceSight, primary: DeploymentSight): boolean {
  if (primary.rolloutState !== undefined) return primary.rolloutState === 'COMPLETED';
  return sight.deployments.length === 1 && primary.running === primary.desired;
}
