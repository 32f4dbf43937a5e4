import { AsyncLocalStorage } from 'node:async_hooks';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { DescribeImagesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { DescribeServicesCommand, ECSClient } from '@aws-sdk/client-ecs';
import { SNSClient } from '@aws-sdk/client-sns';
import type { Clients } from '../../shared/aws/clients.ts';
import type { Carry } from './clients.ts';

/**
 * The SDK itself, whole but for the socket: it serializes, signs, retries and parses; requests end in `carry` of the
 * invocation that makes them.
 */
const carrier = new AsyncLocalStorage<Carry>();

export function carriedBy<Result>(carry: Carry, work: () => Promise<Result>): Promise<Result> {
  return carrier.run(carry, work);
}

interface WireRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

function handlerFor(service: string) {
  return {
    async handle(request: object) {
      const { headers, body } = request as WireRequest;
      const operation = (headers['x-amz-target'] ?? '').split('.').at(-1) ?? '';
      const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
      const carry = carrier.getStore();
      if (!carry) throw new Error(`${service}:${operation} was called outside a function`);
      const { statusCode, answer } = await answerTo(() => carry(service, operation, JSON.parse(text)));
      const response = {
        statusCode,
        headers: { 'content-type': 'application/x-amz-json-1.1' },
        body: new TextEncoder().encode(JSON.stringify(answer)),
      };
      return { response };
    },
  };
}

/** An error that a service answers is an answer; one of the network is thrown. */
async function answerTo(call: () => Promise<object>): Promise<{ statusCode: number; answer: object }> {
  try {
    return { statusCode: 200, answer: await call() };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { $metadata, ...members } = Object(error);
    const statusCode: number = $metadata?.httpStatusCode ?? 0;
    if (statusCode === 0) throw error;
    return { statusCode, answer: { ...members, __type: error.name, message: error.message } };
  }
}

const settings = {
  region: 'us-east-1',
  endpoint: 'http://simulation.invalid',
  credentials: { accessKeyId: 'simulation', secretAccessKey: 'simulation' },
  maxAttempts: 3,
};

let clients: Promise<Clients> | undefined;

/** The clients, one of each: what they read from files and environment at their first call they have read by then. */
export function wireClients(): Promise<Clients> {
  clients ??= makeClients();
  return clients;
}

async function makeClients(): Promise<Clients> {
  const ecr = new ECRClient({ ...settings, requestHandler: handlerFor('ecr') });
  const made = {
    ecs: new ECSClient({ ...settings, requestHandler: handlerFor('ecs') }),
    ecr,
    ecrIn: () => ecr,
    sns: new SNSClient({ ...settings, requestHandler: handlerFor('sns') }),
    dynamodb: new DynamoDBClient({ ...settings, requestHandler: handlerFor('dynamodb') }),
  };
  await carriedBy(
    async () => ({}),
    async () => {
      await made.ecs.send(new DescribeServicesCommand({ services: ['a'] }));
      await made.ecr.send(new DescribeImagesCommand({ repositoryName: 'a' }));
      await made.dynamodb.send(new GetItemCommand({ TableName: 'a', Key: { pk: { S: 'a' } } }));
    },
  );
  return made;
}
