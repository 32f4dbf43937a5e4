import { AwsError, type JsonObject, type ServiceApi } from '../contract.ts';
import type { Context } from './model.ts';
import { objects, present, required, text, texts } from './read.ts';
import type { ListenerRule } from './routing.ts';
import { setWeights, weightsOf } from './weights.ts';

/**
 * Elastic Load Balancing: listeners and their rules. Like target groups, a rule exists as soon as a service names it.
 * For a Network Load Balancer a service names the listener, whose default action is its only rule.
 */
export function listenerOperations(ctx: Context): ServiceApi['operations'] {
  return {
    DescribeListeners: (input) => ({ Listeners: listenersWanted(ctx, input) }),
    DescribeRules: (input) => ({ Rules: rulesWanted(ctx, input).map(ruleView) }),
    CreateRule: (input) => ({ Rules: [ruleView(createRule(ctx, input))] }),
    ModifyRule: (input) => ({ Rules: [ruleView(modifyRule(ctx, input))] }),
    ModifyListener: (input) => ({ Listeners: [modifyListener(ctx, input)] }),
  };
}

/** A rule or a listener that a service names. Creates it if necessary, with all its traffic for this target group. */
export function ruleNamed(ctx: Context, arn: string, targetGroup: string): ListenerRule {
  const known = ctx.rules.get(arn);
  if (known !== undefined) return known;
  const rule = newRule(arn, ctx.rules.size + 1);
  setWeights(rule, new Map([[targetGroup, 100]]));
  ctx.rules.set(arn, rule);
  return rule;
}

function newRule(arn: string, priority: number): ListenerRule {
  const conditions = [{ Field: 'path-pattern', Values: ['/*'] }];
  const actions: readonly JsonObject[] = [];
  if (!isRule(arn)) return { arn, listener: arn, priority: 'default', conditions: [], actions };
  return { arn, listener: listenerOf(arn), priority: String(priority), conditions, actions };
}

function isRule(arn: string): boolean {
  return arn.includes(':listener-rule/');
}

/** `…:listener-rule/app/NAME/ID/LISTENER/RULE` → `…:listener/app/NAME/ID/LISTENER`. */
function listenerOf(rule: string): string {
  return rule.replace(':listener-rule/', ':listener/').replace(/\/[^/]*$/, '');
}

/** `…:listener/app/NAME/ID/LISTENER` → `…:loadbalancer/app/NAME/ID`. */
export function balancerOf(listener: string): string {
  return listener.replace(':listener/', ':loadbalancer/').replace(/\/[^/]*$/, '');
}

/** The rules of a listener that has none: AWS requires a default action. */
const NOT_FOUND: readonly JsonObject[] = [
  { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404', ContentType: 'text/plain' } },
];

function listenersWanted(ctx: Context, input: JsonObject): readonly JsonObject[] {
  const arns = texts(input, 'ListenerArns');
  const balancer = text(input, 'LoadBalancerArn');
  const known = new Set([...ctx.rules.values()].map(({ listener }) => listener));
  for (const arn of arns) if (!known.has(arn)) throw listenerNotFound();
  return [...known]
    .filter((arn) => arns.length === 0 || arns.includes(arn))
    .filter((arn) => balancer === undefined || balancerOf(arn) === balancer)
    .map((arn) => listenerView(ctx, arn));
}

function listenerView(ctx: Context, arn: string): JsonObject {
  const isNetwork = arn.includes(':listener/net/');
  return {
    ListenerArn: arn,
    LoadBalancerArn: balancerOf(arn),
    Port: 80,
    Protocol: isNetwork ? 'TCP' : 'HTTP',
    DefaultActions: (ctx.rules.get(arn)?.actions ?? NOT_FOUND).map(actionView),
  };
}

function rulesWanted(ctx: Context, input: JsonObject): readonly ListenerRule[] {
  const arns = texts(input, 'RuleArns');
  const listener = text(input, 'ListenerArn');
  if (arns.length > 0) return arns.map((arn) => ruleOf(ctx, arn));
  if (listener === undefined)
    throw new AwsError('ValidationError', 'You must specify either listener ARN or rule ARNs');
  const rules = [...ctx.rules.values()].filter((rule) => rule.listener === listener);
  if (rules.length === 0) throw listenerNotFound();
  return rules;
}

function ruleView(rule: ListenerRule): JsonObject {
  return {
    RuleArn: rule.arn,
    Priority: rule.priority,
    Conditions: rule.conditions,
    Actions: rule.actions.map(actionView),
    IsDefault: rule.priority === 'default',
  };
}

/** A forward action to one target group shows it at the top as well. */
function actionView(action: JsonObject): JsonObject {
  if (action.Type !== 'forward') return action;
  const [only, ...more] = weightsOf({ actions: [action] }).keys();
  return present({ ...action, TargetGroupArn: more.length === 0 ? only : undefined });
}

function createRule(ctx: Context, input: JsonObject): ListenerRule {
  const listener = required(input, 'ListenerArn', missing);
  const known = [...ctx.rules.values()].filter((rule) => rule.listener === listener);
  if (known.length === 0) throw listenerNotFound();
  const priority = String(input.Priority ?? '');
  if (!/^[1-9]\d{0,4}$/.test(priority)) throw missing('Priority');
  if (known.some((rule) => rule.priority === priority))
    throw new AwsError('PriorityInUse', `Priority '${priority}' is currently in use`);
  const conditions = objects(input, 'Conditions');
  const actions = actionsOf(input, 'Actions');
  const arn = `${listener.replace(':listener/', ':listener-rule/')}/${ctx.ids.hex(16)}`;
  const rule: ListenerRule = { arn, listener, priority, conditions, actions };
  ctx.rules.set(arn, rule);
  return rule;
}

function modifyRule(ctx: Context, input: JsonObject): ListenerRule {
  const rule = ruleOf(ctx, required(input, 'RuleArn', missing));
  const conditions = objects(input, 'Conditions');
  if (conditions.length > 0) rule.conditions = conditions;
  if (input.Actions !== undefined) rule.actions = actionsOf(input, 'Actions');
  return rule;
}

function modifyListener(ctx: Context, input: JsonObject): JsonObject {
  const arn = required(input, 'ListenerArn', missing);
  const [known] = listenersWanted(ctx, { ListenerArns: [arn] });
  const rule = ctx.rules.get(arn) ?? newRule(arn, 0);
  if (input.DefaultActions !== undefined) {
    rule.actions = actionsOf(input, 'DefaultActions');
    ctx.rules.set(arn, rule);
  }
  return known === undefined ? {} : listenerView(ctx, arn);
}

function actionsOf(input: JsonObject, member: string): readonly JsonObject[] {
  const actions = objects(input, member);
  if (actions.length === 0) throw missing(member);
  return actions;
}

function ruleOf(ctx: Context, arn: string): ListenerRule {
  const rule = ctx.rules.get(arn);
  if (rule === undefined) throw new AwsError('RuleNotFound', 'One or more rules not found');
  return rule;
}

function listenerNotFound(): AwsError {
  return new AwsError('ListenerNotFound', 'One or more listeners not found');
}

function missing(member: string): AwsError {
  return new AwsError('ValidationError', `The request must contain the parameter ${member}`);
}
