import { AwsError, type EventDraft, type Json, type JsonObject, type ServiceApi } from '../contract.ts';
import { parseJson } from '../json.ts';
import { isObject, listOf, objectAt } from '../stack/json.ts';
import type { StackRule } from '../stack/stack.ts';
import { compilePattern } from './pattern.ts';

interface EventsApiOptions {
  /** Sends an event; returns its ID. */
  readonly emit: (draft: EventDraft) => string;
  readonly rules: readonly StackRule[];
  readonly account: string;
  readonly region: string;
}

/** EventBridge's API: PutEvents, and reading the rules. */
export function eventsApi(options: EventsApiOptions): ServiceApi {
  const { rules } = options;
  return {
    service: 'events',
    operations: {
      PutEvents: (input) => putEvents(input, options),
      ListRules: (input) => {
        const prefix = typeof input.NamePrefix === 'string' ? input.NamePrefix : '';
        return { Rules: rules.filter(({ name }) => name.startsWith(prefix)).map(ruleMembers) };
      },
      DescribeRule: (input) => ruleMembers(ruleNamed(input.Name, rules)),
      ListTargetsByRule: (input) => ({
        Targets: ruleNamed(input.Rule, rules).targets.map(({ id, functionName }) => ({
          Id: id,
          Arn: `arn:aws:lambda:${options.region}:${options.account}:function:${functionName}`,
        })),
      }),
      TestEventPattern: (input) => ({ Result: testPattern(input) }),
    },
  };
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
  const { Source: source, DetailType: detailType, EventBusName: bus = 'default' } = entry;
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
  const isDefault = bus === 'default' || (typeof bus === 'string' && bus.endsWith(':event-bus/default'));
  return { EventId: isDefault ? options.emit(draft) : '00000000-0000-4000-8000-000000000000' };
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

function ruleNamed(name: Json | undefined, rules: readonly StackRule[]): StackRule {
  const rule = rules.find((each) => each.name === name);
  if (rule) return rule;
  throw new AwsError('ResourceNotFoundException', `Rule ${String(name)} does not exist on EventBus default.`);
}

function ruleMembers(rule: StackRule): JsonObject {
  return {
    Name: rule.name,
    Arn: rule.arn,
    ...(rule.pattern === undefined ? {} : { EventPattern: JSON.stringify(rule.pattern) }),
    ...(rule.schedule === undefined ? {} : { ScheduleExpression: rule.schedule }),
    State: rule.state,
    EventBusName: 'default',
  };
}
