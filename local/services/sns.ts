import { AwsError, type Ids, type JsonObject, type ServiceApi } from '../contract.ts';
import { objects, text } from '../ecs/read.ts';
import type { Messages } from './messages.ts';

/** SNS: published messages are kept for `GET /_local/messages`. */
export function snsApi(topics: ReadonlySet<string>, messages: Messages, ids: Ids): ServiceApi {
  return {
    service: 'sns',
    operations: {
      Publish(input) {
        const channel = given(
          input,
          'TopicArn',
          'TopicArn or TargetArn Reason: no value for required parameter',
        );
        if (!topics.has(channel)) throw new AwsError('NotFound', 'Topic does not exist', 404);
        const attributes = objects(input, 'MessageAttributes').map((entry) => [
          given(entry, 'Name', 'The message attribute name is empty'),
          { Type: text(entry, 'DataType') ?? 'String', Value: text(entry, 'StringValue') ?? '' },
        ]);
        messages.add({
          kind: 'sns',
          channel,
          update: false,
          payload: {
            Subject: text(input, 'Subject') ?? null,
            Message: given(input, 'Message', 'Empty message'),
            MessageAttributes: Object.fromEntries(attributes),
          },
        });
        return { MessageId: ids.uuid() };
      },
      GetTopicAttributes(input) {
        const TopicArn = given(input, 'TopicArn', 'TopicArn');
        if (!topics.has(TopicArn)) throw new AwsError('NotFound', 'Topic does not exist', 404);
        return { Attributes: { TopicArn } };
      },
      ListTopics: () => ({ Topics: [...topics].map((TopicArn) => ({ TopicArn })) }),
    },
  };
}

/** A required string. Throws InvalidParameter, as SNS does. */
function given(input: JsonObject, member: string, why: string): string {
  const value = text(input, member);
  if (value) return value;
  throw new AwsError('InvalidParameter', `Invalid parameter: ${why}`);
}
