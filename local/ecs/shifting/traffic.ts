import { ruleNamed } from '../listeners.ts';
import type { Context } from '../model.ts';
import type { ServiceTarget } from '../routing.ts';
import { servingGroups, setWeights } from '../weights.ts';

/** The requests that a load balancer sends to the two revisions of a deployment. */

/** Gives the target groups of a revision this share of the requests, in percent, and the other groups the rest. */
export function moveProduction(ctx: Context, targets: readonly ServiceTarget[], share: number): void {
  for (const target of targets) move(ctx, target, target.alternate?.productionRule, share);
}

/** The same for test traffic, where the service has a rule for it. */
export function moveTest(ctx: Context, targets: readonly ServiceTarget[], share: number): void {
  for (const target of targets) move(ctx, target, target.alternate?.testRule, share);
}

/** Why ECS does not accept the weights that it finds; undefined: it does. AWS docs: troubleshooting-blue-green. */
export function whyReset(ctx: Context, source: readonly ServiceTarget[]): string | undefined {
  for (const { alternate, targetGroup } of source) {
    const rule = alternate && ctx.rules.get(alternate.productionRule);
    if (!alternate || !rule) continue;
    const serving = servingGroups(rule).filter((arn) => alternate.groups.includes(arn));
    const failed = 'Service deployment rolled back because of invalid networking configuration';
    if (serving.length > 1)
      return `${failed}. productionListenerRule ${rule.arn} should have exactly one target group serving traffic but found ${serving.length} target groups which are serving traffic`;
    if (serving[0] !== targetGroup)
      return `${failed}. Production listener rule is forwarding traffic to unexpected target group ${serving[0]}. Expected ${targetGroup}`;
  }
  return undefined;
}

function move(
  ctx: Context,
  { targetGroup, alternate }: ServiceTarget,
  arn: string | undefined,
  share: number,
): void {
  if (alternate === undefined || arn === undefined) return;
  const rule = ruleNamed(ctx, arn, targetGroup);
  const other = alternate.groups.find((group) => group !== targetGroup);
  const whole = Number.isInteger(share) ? 100 : MOST_WEIGHT;
  const weight = Math.round((share * whole) / 100);
  setWeights(rule, new Map([[targetGroup, weight], ...(other ? [[other, whole - weight] as const] : [])]));
}

/** Weights are whole numbers up to this. Source: Elastic Load Balancing API reference, TargetGroupTuple. */
const MOST_WEIGHT = 999;
