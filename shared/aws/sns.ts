import { PublishCommand } from '@aws-sdk/client-sns';
import type { Clients } from './clients.ts';
import { translated } from './faults.ts';

export interface Publication {
  readonly topicArn: string;
  /** Under 100 characters, ASCII, one line. Source: SNS API reference, Publish. */
  readonly subject: string;
  readonly message: string;
  /** At most 10 are passed on to raw deliveries. */
  readonly attributes: Readonly<Record<string, string>>;
}

export function createPublish(clients: Pick<Clients, 'sns'>): (publication: Publication) => Promise<void> {
  return async ({ topicArn, subject, message, attributes }) => {
    const entries = Object.entries(attributes).map(
      ([name, value]) => [name, { DataType: 'String', StringValue: value }] as const,
    );
    const command = new PublishCommand({
      TopicArn: topicArn,
      Subject: subject,
      Message: message,
      MessageAttributes: Object.fromEntries(entries),
    });
    await translated('sns:Publish', () =>
      clients.sns.send(command, { abortSignal: AbortSignal.timeout(3_000) }),
    );
  };
}
