import { AwsError, type EventDraft, type Json, type JsonObject, type ServiceApi } from '../contract.ts';
import { parseJson } from '../json.ts';
import { busIn, page, type Rule, type Rules } from '../schedules/rules.ts';
import { isObject, listOf, objectAt } from '../stack/json.ts';
import type { StackRule } from '../stack/stack.ts';
import { compilePattern } from './pattern.ts';

interface EventsApiOptions {
  /** Sends an event to a bus; returns its ID. */
  readonly emit: (draft: EventDraft, bus: string) => string;
  readonly rules: readonly StackRule[];
  /** The rules that people make. */
  readonly people: Rules;
  readonly account: string;
  readonly region: string;
}

/** EventBridge's API: events, and rules of the stack and of people. */
export function eventsApi(options: EventsApiOptions): ServiceApi {
  const { people } = options;
  return {
    service: 'events',
    operations: {
      PutEvents: (input) => putEvents(input, options),
      ListRules(input) {
        const prefix = typeof input.NamePrefix === 'string' ? input.NamePrefix : '';
        const found = rulesOn(busIn(input), options).filter(({ name }) => name.startsWith(prefix));
        return page('Rules', found.map(ruleMembers), input);
      },
      ListRuleNamesByTarget(input) {
        const targets = (rule: AnyRule) => targetsOf(rule, options).map(({ Arn }) => Arn);
        const found = rulesOn(busIn(input), options).filter((rule) =>
          targets(rule).includes(input.TargetArn),
        );
        return page(
          'RuleNames',
          found.map(({ name }) => name),
          input,
        );
      },
      DescribeRule: (input) => ruleMembers(ruleNamed(input.Name, input, options)),
      ListTargetsByRule: (input) =>
        page('Targets', targetsOf(ruleNamed(input.Rule, input, options), options), input),
      TestEventPattern: (input) => ({ Result: testPattern(input) }),
      ...people.operations,
    },
  };
}

type AnyRule = StackRule | Rule;

function rulesOn(bus: string, { rules, people }: EventsApiOptions): readonly AnyRule[] {
  return [...(bus === 'default' ? rules : []), ...people.on(bus)];
}

function targetsOf(rule: AnyRule, { account, region }: EventsApiOptions): readonly JsonObject[] {
  if ('bus' in rule) return [...rule.targets.values()];
  return rule.targets.map(({ id, functionName }) => ({
    Id: id,
    Arn: `arn:aws:lambda:${region}:${account}:function:${functionName}`,
  }));
}

function putEvents(input: JsonObject, options: EventsApiOptions): Json {
  const entries = listOf(input.Entries);
  if (entries.length === 0 || entries.length > 10) {
    throw new AwsError(
      'ValidationException',
      "1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length between 1 and 10",
    );
  }
  const results = entries.map((entry) => putEvent(objectAt(entry, 'Entries'), options));
  return {
    FailedEntryCount: results.filter((result) => result.ErrorCode !== undefined).length,
    Entries: results,
  };
}

function putEvent(entry: JsonObject, options: EventsApiOptions): JsonObject {
  const { Source: source, DetailType: detailType } = entry;
  if (typeof source !== 'string' || source === '') return missing('Source');
  if (typeof detailType !== 'string' || detailType === '') return missing('DetailType');
  if (typeof entry.Detail !== 'string') return missing('Detail');
  if (source.startsWith('aws.')) {
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  }
  const detail = parseObject(entry.Detail);
  if (!detail) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  const resources = listOf(entry.Resources).filter((each) => typeof each === 'string');
  // An event for a bus that does not exist is accepted and lost.
  const draft = { source, 'detail-type': detailType, resources, detail };
  return { EventId: options.emit(draft, busIn(entry)) };
}

function missing(name: string): JsonObject {
  return {
    ErrorCode: 'InvalidArgument',
    ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
  };
}

function testPattern(input: JsonObject): boolean {
  const pattern = parseObject(input.EventPattern);
  const event = parseObject(input.Event);
  if (!pattern || !event) throw new AwsError('InvalidEventPatternException', 'Event pattern is not valid.');
  try {
    return compilePattern(pattern)(event);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AwsError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${why}`);
  }
}

function parseObject(text: Json | undefined): JsonObject | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    const value: unknown = parseJson(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function ruleNamed(name: Json | undefined, input: JsonObject, options: EventsApiOptions): AnyRule {
  const bus = busIn(input);
  const rule = rulesOn(bus, options).find((each) => each.name === name);
  if (rule) return rule;
  throw new AwsError('ResourceNotFoundException', `Rule ${String(name)} does not exist on EventBus ${bus}.`);
}

function ruleMembers(rule: AnyRule): JsonObject {
  const { name, arn, pattern, schedule, state } = rule;
  const text = typeof pattern === 'string' ? pattern : pattern && JSON.stringify(pattern);
  return {
    Name: name,
    Arn: arn,
    ...(text === undefined ? {} : { EventPattern: text }),
    ...(schedule === undefined ? {} : { ScheduleExpression: schedule }),
    ...('description' in rule && rule.description !== undefined ? { Description: rule.description } : {}),
    State: state,
    EventBusName: 'bus' in rule ? rule.bus : 'default',
  };
}
