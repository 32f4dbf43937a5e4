/** Where the load balancer sends the users of a service whose deployments shift traffic. Pure. */

/** A load balancer of a service: the rule that ECS changes, and the target group of the revision that runs. */
export interface TrafficPath {
  /** ARN of a listener rule; of a listener for a Network Load Balancer. */
  readonly rule: string;
  /** ARNs of both target groups. */
  readonly groups: readonly string[];
  /** ARNs of those that its revisions serve from: of both after a deployment that ECS stopped and left as it was. */
  readonly serves: readonly string[];
}

/** By ARN of the target group. */
export type Weights = ReadonlyMap<string, number>;

/**
 * Before a deployment, exactly one target group may have weight, and it is the one that the running revision serves from.
 * Sources: AWS docs, blue-green-deployment-implementation; containers-roadmap, issue 2853. Undefined: it is so.
 */
export function whyUnfit(service: string, path: TrafficPath, weights: Weights): string | undefined {
  const weighted = path.groups.filter((group) => (weights.get(group) ?? 0) > 0);
  const [only, ...others] = weighted;
  if (only !== undefined && others.length === 0 && path.serves.includes(only)) return undefined;
  const serves = path.serves.map(targetGroupName).join(' or ');
  const points =
    weighted.length === 0
      ? 'to none of its target groups'
      : `to ${weighted.map(targetGroupName).join(' and ')}`;
  return `The production listener rule of ${service} points ${points}, but its revision serves from ${serves}: infrastructure code may have reset the weights. Give ${serves} all the weight, and let infrastructure code ignore the weights of ${path.rule}.`;
}

/** `…:targetgroup/NAME/ID` → NAME. */
function targetGroupName(arn: string): string {
  return arn.split('/')[1] ?? arn;
}
