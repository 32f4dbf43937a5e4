import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { ParkedEvents } from '../ports.ts';
import { CLIENT_OPTIONS, type Time, untilDeadline } from './clients.ts';
import { translated } from './faults.ts';

/** Limit of ReceiveMessage. Source: SQS API reference. */
const BATCH = 10;
/** Visibility timeout of received messages, seconds. */
const HIDDEN = 120;

/** The ParkedEvents port, with the stack's dead-letter queues: undelivered events, and events that functions failed on. */
export function createParkedEvents(queueUrls: readonly string[], time: Omit<Time, 'sleep'>): ParkedEvents {
  // Uses the endpoint of the region or of the environment; by default, the client uses the host in the queue's URL.
  const client = new SQSClient({ ...CLIENT_OPTIONS, useQueueUrlAsEndpoint: false });
  return {
    async take() {
      const batches = await Promise.all(
        queueUrls.map(async (QueueUrl) => {
          const command = new ReceiveMessageCommand({
            QueueUrl,
            MaxNumberOfMessages: BATCH,
            VisibilityTimeout: HIDDEN,
          });
          const { Messages = [] } = await translated('sqs:ReceiveMessage', () =>
            client.send(command, untilDeadline(time)),
          );
          return Messages.map(({ Body = '', ReceiptHandle }) => ({
            body: Body,
            async done() {
              await translated('sqs:DeleteMessage', () =>
                client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }), untilDeadline(time)),
              );
            },
          }));
        }),
      );
      return batches.flat();
    },
  };
}
