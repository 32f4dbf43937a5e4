import { actionIn, roleIn } from './names.ts';
import { anyOf, heals, type Wording } from './wording.ts';

const TRAFFIC =
  'Check the listener rule: exactly one of the two target groups of the service may have weight, and the production and test rules have to name them. Infrastructure code that resets the weights has this effect.';

/**
 * Why ECS ended a deployment, in its own words.
 * Source: Amazon ECS Developer Guide, "Troubleshooting Amazon ECS blue/green deployments".
 */
export const DEPLOYMENTS: readonly Wording[] = [
  heals(
    /missing permissions on ECS Infrastructure Role|unable to manage the ELB resources/i,
    'permissions',
    (service, _, whole) =>
      `ECS rolled back ${service}: ${roleNamed(whole, 'its infrastructure role')} may not change the load balancer.`,
    'Give the infrastructure role AmazonECSInfrastructureRolePolicyForLoadBalancers (elasticloadbalancing:ModifyRule, RegisterTargets and others).',
  ),
  heals(
    /(?:update|modify|describe) (?:the )?listener.*(?:AccessDenied|not authorized)/i,
    'permissions',
    (service, _, whole) =>
      `ECS cannot change the listener rule of ${service}: ${roleNamed(whole, 'its role')} may not ${actionIn(whole) ?? 'elasticloadbalancing:ModifyRule'}.`,
    'Allow that role the action on the listener rule (elasticloadbalancing:ModifyRule; AmazonECSInfrastructureRolePolicyForLoadBalancers has it).',
  ),
  heals(
    /not associated with either productionListenerRule or testListenerRule/i,
    'trafficRule',
    (service, _, whole) =>
      `ECS rolled back ${service}: target group${groupIn(whole)} is in no listener rule of the deployment.`,
    TRAFFIC,
  ),
  heals(
    /exactly one target group serving traffic but found (\d+)/i,
    'trafficRule',
    (service, [, count]) =>
      `ECS rolled back ${service}: its production listener rule serves from ${count ?? 'several'} target groups at the same time.`,
    TRAFFIC,
  ),
  heals(
    /forwarding traffic to unexpected target group/i,
    'trafficRule',
    (service, _, whole) =>
      `ECS rolled back ${service}: its production listener rule forwards to an unexpected target group${groupIn(whole)}.`,
    TRAFFIC,
  ),
  heals(
    /invalid networking configuration|failed to (?:update|modify) the listener/i,
    'trafficRule',
    (service) =>
      `ECS rolled back ${service}: its listeners and target groups are not as a deployment needs them.`,
    TRAFFIC,
  ),
  heals(
    /pause hook timed out/i,
    'hookFailed',
    (service, _, whole) =>
      `ECS rolled back ${service}: its pause${stageIn(whole)} timed out, since no one continued the deployment.`,
    'Continue in time (ContinueServiceDeployment), or raise timeoutInMinutes of the pause hook.',
  ),
  heals(
    /hook.*unable to assume role/i,
    'hookFailed',
    (service, _, whole) =>
      `ECS rolled back ${service}: it could not assume ${roleNamed(whole, 'the role')} of the lifecycle hook${stageIn(whole)}.`,
    'Check that ecs.amazonaws.com may assume the role (its trust policy), and that the role may lambda:InvokeFunction on the hook.',
  ),
  heals(
    /hook.*unable to invoke/i,
    'hookFailed',
    (service, _, whole) =>
      `ECS rolled back ${service}: the function${functionIn(whole)} of its lifecycle hook${stageIn(whole)} could not be invoked.`,
    'Check that the function exists, and that the role of the hook may lambda:InvokeFunction on it.',
  ),
  heals(
    /hook.*unable to parse the response/i,
    'hookFailed',
    (service, _, whole) =>
      `ECS rolled back ${service}: the function${functionIn(whole)} of its lifecycle hook${stageIn(whole)} answered without a valid hookStatus.`,
    'Let the function answer {"hookStatus": "SUCCEEDED"}, "FAILED" or "IN_PROGRESS".',
  ),
  heals(
    anyOf('hook.*fail', 'returned FAILED status'),
    'hookFailed',
    (service, _, whole) =>
      `ECS rolled back ${service}: its lifecycle hook${functionIn(whole)}${stageIn(whole)} failed.`,
    "Check the log of the hook's function at the time of the deployment: it answered FAILED or ended with an error.",
  ),
  heals(
    /because it was stopped|stopped by (?:the |a )?user|StopServiceDeployment/i,
    'stoppedInEcs',
    (service) => `The deployment of ${service} was stopped in ECS by a person (StopServiceDeployment).`,
    'Resume when Fairway should deploy again; CloudTrail names who called StopServiceDeployment.',
  ),
  heals(
    /No rollback candidate/i,
    'rollbackFailed',
    (service) => `ECS could not roll back ${service}: it has no earlier deployment that succeeded.`,
    'Deploy an image that works: `fairway deploy`.',
  ),
  heals(
    /maximum number of ([\w -]+?) has been reached/i,
    'quota',
    (service, [, what]) =>
      `ECS cannot set up ${service}: the maximum number of ${what ?? 'resources'} is reached.`,
    'Raise the quota (Service Quotas), or remove what is not used.',
  ),
];

/** " at STAGE": the lifecycle stage of a hook. */
function stageIn(whole: string): string {
  const stage = /because (?:a )?([A-Z]+(?:_[A-Z]+)+)/.exec(whole)?.[1];
  return stage === undefined ? '' : ` at ${stage}`;
}

/** " NAME" of a hook's function. */
function functionIn(whole: string): string {
  const name = /function:([\w-]+)/.exec(whole)?.[1];
  return name === undefined ? '' : ` ${name}`;
}

/** " NAME" of a target group. */
function groupIn(whole: string): string {
  const name = /targetgroup\/([\w-]+)/.exec(whole)?.[1];
  return name === undefined ? '' : ` ${name}`;
}

function roleNamed(whole: string, otherwise: string): string {
  const role = roleIn(whole);
  return role === undefined ? otherwise : `role ${role}`;
}
