import { AwsError, type Ids, type ServiceApi } from '../contract.ts';
import { objects, required, text } from '../ecs/read.ts';
import type { Messages } from './messages.ts';

/** SNS: what is published is kept for `GET /_local/messages`. */
export function snsApi(topics: ReadonlySet<string>, messages: Messages, ids: Ids): ServiceApi {
  return {
    service: 'sns',
    operations: {
      Publish(input) {
        const channel = required(input, 'TopicArn');
        if (!topics.has(channel)) throw new AwsError('NotFound', 'Topic does not exist', 404);
        const attributes = objects(input, 'MessageAttributes').map((entry) => [
          required(entry, 'Name'),
          { Type: text(entry, 'DataType') ?? 'String', Value: text(entry, 'StringValue') ?? '' },
        ]);
        messages.add({
          kind: 'sns',
          channel,
          update: false,
          payload: {
            Subject: text(input, 'Subject') ?? null,
            Message: required(input, 'Message'),
            MessageAttributes: Object.fromEntries(attributes),
          },
        });
        return { MessageId: ids.uuid() };
      },
      GetTopicAttributes(input) {
        const TopicArn = required(input, 'TopicArn');
        if (!topics.has(TopicArn)) throw new AwsError('NotFound', 'Topic does not exist', 404);
        return { Attributes: { TopicArn } };
      },
      ListTopics: () => ({ Topics: [...topics].map((TopicArn) => ({ TopicArn })) }),
    },
  };
}
