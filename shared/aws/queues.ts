import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { ParkedEvents } from '../ports.ts';
import { CLIENT_OPTIONS, type Time, untilDeadline } from './clients.ts';
import { translated } from './faults.ts';

/** SQS gives at most ten at a time. Source: SQS API reference, ReceiveMessage. */
const BATCH = 10;
/** Seconds in which nobody else gets them. */
const HIDDEN = 120;

/** The ParkedEvents port over the stack's queues: what EventBridge could not deliver, and what functions gave up. */
export function createParkedEvents(queueUrls: readonly string[], time: Omit<Time, 'sleep'>): ParkedEvents {
  // The region's endpoint, or the one the environment names; the client would take the host of the queue's address.
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
