import type { JsonObject } from '../contract.ts';
import { object, objects, text } from './read.ts';
import type { ListenerRule } from './routing.ts';

/** The weights of target groups in the forward action of a listener rule. */

/** By target group. The weights need not add up to 100. */
export type Weights = ReadonlyMap<string, number>;

/** Source: Elastic Load Balancing API reference, Action and TargetGroupTuple. */
export function weightsOf({ actions }: Pick<ListenerRule, 'actions'>): Weights {
  const action = actions.find(isForward);
  if (action === undefined) return new Map();
  const weights = groupsOf(action).map((group): [string, number] => [
    text(group, 'TargetGroupArn') ?? '',
    Number(group.Weight ?? 1),
  ]);
  const only = text(action, 'TargetGroupArn');
  if (weights.length === 0 && only !== undefined) return new Map([[only, 1]]);
  return new Map(weights);
}

/** Target groups that get requests. */
export function servingGroups(rule: Pick<ListenerRule, 'actions'>): readonly string[] {
  return [...weightsOf(rule)].filter(([, weight]) => weight > 0).map(([arn]) => arn);
}

/** Changes the weights of these target groups only: other groups, other actions and stickiness stay. */
export function setWeights(rule: ListenerRule, changes: Weights): void {
  const weights = new Map([...weightsOf(rule), ...changes]);
  const forward = rule.actions.find(isForward) ?? { Type: 'forward' };
  const { TargetGroupArn: _, ...rest } = forward;
  const changed: JsonObject = {
    ...rest,
    ForwardConfig: {
      ...object(forward, 'ForwardConfig'),
      TargetGroups: [...weights].map(([TargetGroupArn, Weight]) => ({ TargetGroupArn, Weight })),
    },
  };
  rule.actions = [...rule.actions.filter((action) => action !== forward), changed];
}

function groupsOf(action: JsonObject): readonly JsonObject[] {
  return objects(object(action, 'ForwardConfig') ?? {}, 'TargetGroups');
}

function isForward(action: JsonObject): boolean {
  return action.Type === 'forward';
}
