import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { CLIENT_OPTIONS } from './clients.ts';
import { translated } from './faults.ts';

interface Publication {
  readonly topicArn: string;
  /** Under 100 characters, ASCII, one line. Source: SNS API reference, Publish. */
  readonly subject: string;
  readonly message: string;
  /** At most 10: SNS does not pass on more to raw deliveries. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Publishes to topics of any region: SNS accepts a message only in the topic's own region. */
export function createPublish(
  clientOf: (region: string) => Pick<SNSClient, 'send'> = createSnsClients(),
): (publication: Publication) => Promise<void> {
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
    const [, , , region = ''] = topicArn.split(':');
    await translated('sns:Publish', () =>
      clientOf(region).send(command, { abortSignal: AbortSignal.timeout(3_000) }),
    );
  };
}

/** One client per region, created on first use. */
function createSnsClients(): (region: string) => SNSClient {
  const clients = new Map<string, SNSClient>();
  return (region) => {
    const client = clients.get(region) ?? new SNSClient({ ...CLIENT_OPTIONS, region });
    clients.set(region, client);
    return client;
  };
}
