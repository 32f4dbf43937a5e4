import {
  DescribeTaskDefinitionCommand,
  type ECSClient,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import type { RawDefinition } from '../domain/revision.ts';
import { BELOW_RETRIES, sendOnce, sendOnceIfThrottled } from './once.ts';

/**
 * Task definitions as raw JSON. When the SDK parses, it drops members that its model does not have. So the JSON is read
 * and written below its serializer; signing, retries and endpoints stay the SDK's.
 */

interface WithBody {
  body?: unknown;
  headers: Record<string, string>;
}

export async function describeRaw(
  client: ECSClient,
  reference: string,
  options: { abortSignal: AbortSignal },
): Promise<RawDefinition> {
  const command = new DescribeTaskDefinitionCommand({ taskDefinition: reference, include: ['TAGS'] });
  command.middlewareStack.add(sendOnceIfThrottled('ecs:DescribeTaskDefinition'), BELOW_RETRIES);
  const answer = { raw: '' };
  command.middlewareStack.add(keepRaw(answer), FIRST_ON_RESPONSE);
  await client.send(command, options);
  return asObject(JSON.parse(answer.raw));
}

/** Registers the JSON as it is. Returns `{taskDefinition, tags}`, complete, as `describeRaw` does. */
export async function registerRaw(
  client: ECSClient,
  definition: RawDefinition,
  options: { abortSignal: AbortSignal },
): Promise<RawDefinition> {
  const command = new RegisterTaskDefinitionCommand({ family: undefined, containerDefinitions: undefined });
  command.middlewareStack.add(replaceBody(definition), BEFORE_SENDING);
  command.middlewareStack.add(sendOnce('ecs:RegisterTaskDefinition'), BELOW_RETRIES);
  const answer = { raw: '' };
  command.middlewareStack.add(keepRaw(answer), FIRST_ON_RESPONSE);
  await client.send(command, options);
  return asObject(JSON.parse(answer.raw));
}

/** A middleware that sends JSON as it is in place of the command's input. */
export function replaceBody(input: RawDefinition) {
  const body = JSON.stringify(input);
  return <Args extends { request: unknown }, Result>(next: (args: Args) => Promise<Result>) =>
    async (args: Args): Promise<Result> => {
      withBody(args.request, body);
      return next(args);
    };
}
export const BEFORE_SENDING = { step: 'build', name: 'sendRawJson', priority: 'high' } as const;

/** Replaces the body of a request. */
export function withBody(
  request: unknown,
  body: string,
  change: (headers: Record<string, string>) => void = () => {},
): void {
  if (!hasBody(request)) return;
  request.body = body;
  request.headers['content-length'] = String(Buffer.byteLength(body));
  change(request.headers);
}

/** A middleware that keeps the raw body of a response; the SDK still parses it. */
export function keepRaw(answer: { raw: string }) {
  return <Args, Result extends { response: unknown }>(next: (args: Args) => Promise<Result>) =>
    async (args: Args): Promise<Result> => {
      const result = await next(args);
      if (hasBody(result.response)) {
        const bytes = await collect(result.response.body);
        answer.raw = new TextDecoder().decode(bytes);
        result.response.body = bytes;
      }
      return result;
    };
}
export const FIRST_ON_RESPONSE = { step: 'deserialize', name: 'keepRawJson', priority: 'low' } as const;

function hasBody(message: unknown): message is WithBody {
  return typeof message === 'object' && message !== null && 'headers' in message;
}

async function collect(body: unknown): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body;
  if (!isAsyncIterable(body)) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) {
    chunks.push(chunk instanceof Uint8Array ? chunk : new TextEncoder().encode(String(chunk)));
  }
  return Buffer.concat(chunks);
}

function isAsyncIterable(body: unknown): body is AsyncIterable<unknown> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}

function asObject(value: unknown): RawDefinition {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error('failed to read the answer of ECS: it is not a JSON object');
  }
  return value as RawDefinition;
}
