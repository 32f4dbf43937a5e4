import { AwsError, type JsonObject } from '../contract.ts';
import type { Request } from '../iam/evaluate.ts';
import { isObject } from '../stack/json.ts';
import type { Abandoned, QueuedEvent } from './queue.ts';

/** A message for a queue or topic. */
interface FailureMessage {
  readonly arn: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** The permission that the function's role needs to send it. */
  readonly requirement: Request;
}

/**
 * What Lambda sends when it gives an event up: an invocation record to the on-failure destination, the event itself
 * to the dead-letter queue (Lambda developer guide, "Capturing records of Lambda asynchronous invocations").
 */
export function failureMessages(event: QueuedEvent, why: Abandoned, now: number): readonly FailureMessage[] {
  const { definition, lastOutcome } = event;
  const { onFailure } = definition.eventInvoke;
  const response = lastOutcome ? parse(lastOutcome.payload) : undefined;
  const record = {
    version: '1.0',
    timestamp: new Date(now).toISOString(),
    requestContext: {
      requestId: event.requestId,
      functionArn: `${definition.arn}:${event.qualifier ?? '$LATEST'}`,
      condition: why,
      approximateInvokeCount: event.tries,
    },
    requestPayload: parse(event.payload),
    ...(response === undefined
      ? {}
      : {
          responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
          responsePayload: response,
        }),
  };
  const attributes = {
    RequestID: event.requestId,
    ErrorCode: '200',
    ErrorMessage: lastOutcome && !lastOutcome.ok ? lastOutcome.error : why,
  };
  return [
    ...(onFailure === undefined ? [] : [message(onFailure, JSON.stringify(record), {})]),
    ...(definition.deadLetterArn === undefined
      ? []
      : [message(definition.deadLetterArn, event.payload, attributes)]),
  ];
}

/** The client context of an Invoke call: base64 of a JSON object. */
export function parseClientContext(text: string): JsonObject {
  const value = parse(Buffer.from(text, 'base64').toString('utf8'));
  if (isObject(value)) return value;
  throw new AwsError(
    'InvalidRequestContentException',
    'Client context must be a valid Base64-encoded JSON object.',
  );
}

function message(arn: string, body: string, attributes: Readonly<Record<string, string>>): FailureMessage {
  const service = arn.split(':')[2] ?? '';
  const actions: Readonly<Record<string, string>> = {
    sqs: 'sqs:SendMessage',
    sns: 'sns:Publish',
    lambda: 'lambda:InvokeFunction',
    events: 'events:PutEvents',
  };
  const action = actions[service] ?? `${service}:*`;
  return { arn, body, attributes, requirement: { action, resource: arn, context: {} } };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
