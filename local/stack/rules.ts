import type { Json, JsonObject } from '../contract.ts';
import { allowsPrincipal } from '../iam/evaluate.ts';
import { matchesArn, matchesWildcard } from '../iam/wildcard.ts';
import { listOf, objectAt, optionalNumber, optionalString, stringAt } from './json.ts';
import type { Role } from './roles.ts';
import type {
  RetryPolicy,
  RuleTarget,
  StackFunction,
  StackQueue,
  StackRule,
  StackSchedule,
} from './stack.ts';
import type { Resource } from './template.ts';

/** EventBridge's quotas per bus and per rule (EventBridge user guide, "Quotas"). */
const RULES_PER_BUS = 300;
const TARGETS_PER_RULE = 5;

/** The rules of a template; only functions of the template can be targets. */
export function readRules(
  resources: readonly Resource[],
  functions: readonly StackFunction[],
  queues: readonly StackQueue[],
): readonly StackRule[] {
  const rules = resources.filter(({ type }) => type === 'AWS::Events::Rule');
  if (rules.length > RULES_PER_BUS) {
    throw new Error(`${rules.length} rules exceed EventBridge's quota of ${RULES_PER_BUS} on a bus`);
  }
  return rules.map((rule) => readRule(rule, resources, functions, queues));
}

function readRule(
  { name, attributes, properties }: Resource,
  resources: readonly Resource[],
  functions: readonly StackFunction[],
  queues: readonly StackQueue[],
): StackRule {
  const where = `rule ${name}`;
  const arn = attributes.Arn ?? '';
  const bus = properties.EventBusName;
  if (bus !== undefined && bus !== 'default')
    throw new Error(`${where}: only the default event bus is simulated`);
  const targets = listOf(properties.Targets);
  if (targets.length > TARGETS_PER_RULE) {
    throw new Error(`${where}: ${targets.length} targets exceed EventBridge's limit of ${TARGETS_PER_RULE}`);
  }
  const schedule = optionalString(properties.ScheduleExpression, `${where}, ScheduleExpression`);
  const pattern = properties.EventPattern;
  if (pattern === undefined && schedule === undefined) {
    throw new Error(`${where}: has neither EventPattern nor ScheduleExpression`);
  }
  return {
    name,
    arn,
    ...(pattern === undefined ? {} : { pattern: objectAt(pattern, `${where}, EventPattern`) }),
    ...(schedule === undefined ? {} : { schedule }),
    state: stateOf(properties.State, where),
    targets: targets.map((each) => {
      const target = objectAt(each, `${where}, Targets`);
      const invoked = functionOf(target.Arn, functions, where);
      return {
        ...readTarget(target, where),
        functionName: invoked.name,
        permitted: isPermitted(arn, invoked, resources),
        deadLetterPermitted: maySend(arn, objectAt(target.DeadLetterConfig, where).Arn, queues),
      };
    }),
  };
}

function readTarget(
  target: JsonObject,
  where: string,
): Omit<RuleTarget, 'functionName' | 'permitted' | 'deadLetterPermitted'> {
  for (const key of ['InputTransformer', 'RoleArn']) {
    if (target[key] !== undefined) throw new Error(`${where}: a target's ${key} is not simulated`);
  }
  const input = optionalString(target.Input, `${where}, Input`);
  const inputPath = optionalString(target.InputPath, `${where}, InputPath`);
  const deadLetterArn = optionalString(
    objectAt(target.DeadLetterConfig, where).Arn,
    `${where}, DeadLetterConfig`,
  );
  return {
    id: stringAt(target.Id, `${where}, Id`),
    ...(input === undefined ? {} : { input }),
    ...(inputPath === undefined ? {} : { inputPath }),
    ...(deadLetterArn === undefined ? {} : { deadLetterArn }),
    retryPolicy: readRetryPolicy(target.RetryPolicy, where),
  };
}

/** The schedules of a template, EventBridge Scheduler's. */
export function readSchedules(
  resources: readonly Resource[],
  functions: readonly StackFunction[],
  roles: readonly Role[],
): readonly StackSchedule[] {
  return resources
    .filter(({ type }) => type === 'AWS::Scheduler::Schedule')
    .map(({ name, attributes, properties }) => {
      const where = `schedule ${name}`;
      const target = objectAt(properties.Target, `${where}, Target`);
      const invoked = functionOf(target.Arn, functions, where);
      const role = roles.find(({ arn }) => arn === target.RoleArn);
      if (!role) throw new Error(`${where}: its role is not in the template`);
      const input = optionalString(target.Input, `${where}, Input`);
      const start = momentOf(properties.StartDate, `${where}, StartDate`);
      const end = momentOf(properties.EndDate, `${where}, EndDate`);
      const deadLetterArn = optionalString(objectAt(target.DeadLetterConfig, where).Arn, where);
      const account = role.arn.split(':')[4] ?? '';
      const context = { 'aws:SourceAccount': account, 'aws:SourceArn': attributes.Arn ?? '' };
      const assume = { action: 'sts:AssumeRole', resource: role.arn, context };
      return {
        name,
        arn: attributes.Arn ?? '',
        schedule: stringAt(properties.ScheduleExpression, `${where}, ScheduleExpression`),
        timeZone: optionalString(properties.ScheduleExpressionTimezone, where) ?? 'UTC',
        ...(start === undefined ? {} : { start }),
        ...(end === undefined ? {} : { end }),
        window: windowOf(properties.FlexibleTimeWindow, where),
        state: stateOf(properties.State, where),
        functionName: invoked.name,
        functionArn: invoked.arn,
        ...(input === undefined ? {} : { input }),
        ...(deadLetterArn === undefined ? {} : { deadLetterArn }),
        retryPolicy: readRetryPolicy(target.RetryPolicy, where),
        roleName: role.name,
        rolePolicies: role.policies,
        trusted: allowsPrincipal([role.trust], 'scheduler.amazonaws.com', assume),
      };
    });
}

function momentOf(value: Json | undefined, where: string): number | undefined {
  const text = optionalString(value, where);
  if (text === undefined) return undefined;
  const moment = Date.parse(text);
  if (Number.isNaN(moment)) throw new Error(`${where}: expected a time such as 2026-03-01T00:00:00Z`);
  return moment;
}

/** Required, and OFF or FLEXIBLE with 1 to 1440 minutes (EventBridge Scheduler API, FlexibleTimeWindow). */
function windowOf(value: Json | undefined, where: string): number {
  const { Mode, MaximumWindowInMinutes } = objectAt(value, `${where}, FlexibleTimeWindow`);
  if (Mode === 'OFF') return 0;
  const minutes = optionalNumber(MaximumWindowInMinutes, `${where}, MaximumWindowInMinutes`) ?? 0;
  if (Mode === 'FLEXIBLE' && minutes >= 1 && minutes <= 1440) return minutes * 60_000;
  throw new Error(`${where}: FlexibleTimeWindow must be OFF, or FLEXIBLE with 1 to 1440 minutes`);
}

function stateOf(state: Json | undefined, where: string): 'ENABLED' | 'DISABLED' {
  if (state === undefined || state === 'ENABLED') return 'ENABLED';
  if (state === 'DISABLED') return 'DISABLED';
  throw new Error(`${where}: State must be ENABLED or DISABLED`);
}

/** Defaults: 185 retries within 24 hours (EventBridge user guide, "How EventBridge retries delivering events"). */
function readRetryPolicy(policy: Json | undefined, where: string): RetryPolicy {
  const { MaximumRetryAttempts, MaximumEventAgeInSeconds } = objectAt(policy, `${where}, RetryPolicy`);
  return {
    maximumRetryAttempts: optionalNumber(MaximumRetryAttempts, `${where}, MaximumRetryAttempts`) ?? 185,
    maximumEventAgeSeconds:
      optionalNumber(MaximumEventAgeInSeconds, `${where}, MaximumEventAgeInSeconds`) ?? 86_400,
  };
}

function functionOf(
  arn: Json | undefined,
  functions: readonly StackFunction[],
  where: string,
): StackFunction {
  const found = functions.find((each) => each.arn === arn);
  if (found) return found;
  throw new Error(`${where}: the target ${JSON.stringify(arn)} is not a function of this stack`);
}

function isPermitted(ruleArn: string, invoked: StackFunction, resources: readonly Resource[]): boolean {
  return resources.some(({ type, properties }) => {
    if (type !== 'AWS::Lambda::Permission') return false;
    if (properties.FunctionName !== invoked.arn && properties.FunctionName !== invoked.name) return false;
    if (properties.Principal !== 'events.amazonaws.com') return false;
    if (!matchesWildcard(String(properties.Action), 'lambda:InvokeFunction')) return false;
    const source = properties.SourceArn;
    return source === undefined || (typeof source === 'string' && matchesArn(source, ruleArn));
  });
}

function maySend(ruleArn: string, queueArn: Json | undefined, queues: readonly StackQueue[]): boolean {
  const queue = queues.find(({ arn }) => arn === queueArn);
  if (!queue) return false;
  return allowsPrincipal(queue.policies, 'events.amazonaws.com', {
    action: 'sqs:SendMessage',
    resource: queue.arn,
    context: { 'aws:SourceArn': ruleArn },
  });
}
