import { createHash } from 'node:crypto';
import { AwsError, type Ids, type JsonObject, type ServiceApi } from '../contract.ts';
import { number, required as requiredAs } from '../ecs/read.ts';

interface Queue {
  readonly arn: string;
  readonly url: string;
}

interface QueuedMessage {
  readonly id: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The stack's queues, for dead letters. */
export function createQueues(queues: readonly Queue[], ids: Ids) {
  const messages = new Map<string, QueuedMessage[]>(queues.map(({ arn }) => [arn, []]));

  function queueOf(input: JsonObject): QueuedMessage[] {
    const url = required(input, 'QueueUrl');
    const queue = queues.find(
      (other) => other.url === url || other.url.split('/').pop() === url.split('/').pop(),
    );
    const found = queue && messages.get(queue.arn);
    if (found) return found;
    throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
  }

  function send(arn: string, body: string, attributes: Readonly<Record<string, string>> = {}): QueuedMessage {
    const message = { id: ids.uuid(), body, attributes };
    messages.get(arn)?.push(message);
    return message;
  }

  return {
    api: { service: 'sqs', operations: queueOperations(queues, queueOf, ids) },
    send,
    keep: () => messages,
    resume(kept: unknown) {
      const old: typeof messages = kept instanceof Map ? kept : new Map();
      for (const [arn, list] of old) messages.get(arn)?.push(...list);
    },
    reset() {
      for (const queue of messages.values()) queue.length = 0;
    },
  };
}

function queueOperations(
  queues: readonly Queue[],
  queueOf: (input: JsonObject) => QueuedMessage[],
  ids: Ids,
): ServiceApi['operations'] {
  return {
    ListQueues: () => ({ QueueUrls: queues.map(({ url }) => url) }),
    SendMessage(input) {
      const queue = queueOf(input);
      const message = { id: ids.uuid(), body: required(input, 'MessageBody'), attributes: {} };
      queue.push(message);
      return { MessageId: message.id, MD5OfMessageBody: md5(message.body) };
    },
    ReceiveMessage(input) {
      const found = queueOf(input).slice(0, number(input, 'MaxNumberOfMessages') ?? 1);
      return {
        Messages: found.map(({ id, body, attributes }) => ({
          MessageId: id,
          ReceiptHandle: id,
          Body: body,
          MD5OfBody: md5(body),
          MessageAttributes: Object.fromEntries(
            Object.entries(attributes).map(([name, value]) => [
              name,
              { DataType: 'String', StringValue: value },
            ]),
          ),
        })),
      };
    },
    DeleteMessage(input) {
      const queue = queueOf(input);
      const handle = required(input, 'ReceiptHandle');
      const index = queue.findIndex((message) => message.id === handle);
      if (index >= 0) queue.splice(index, 1);
      return {};
    },
    GetQueueAttributes: (input) => ({
      Attributes: { ApproximateNumberOfMessages: String(queueOf(input).length) },
    }),
  };
}

function required(input: JsonObject, member: string): string {
  return requiredAs(
    input,
    member,
    (name) => new AwsError('MissingParameter', `The request must contain the parameter ${name}.`),
  );
}

function md5(body: string): string {
  return createHash('md5').update(body).digest('hex');
}
