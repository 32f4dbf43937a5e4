import * as z from 'zod/mini';
import { namesImage, ONE_IMAGE } from '../domain/image.ts';
import type { OperatorRequest } from '../domain/operator.ts';
import { parse } from './parse.ts';

const name = z.string().check(z.minLength(1));
const positive = z.int().check(z.positive());
/** It stays in the app's item until ECR answers. */
const image = z.string().check(z.refine(namesImage, `should be ${ONE_IMAGE}`));

/** Chosen by who asks. */
const requestedId = z.string().check(z.regex(/^[\w-]{8,64}$/));

const order = z.strictObject({
  kind: z.enum(['deploy', 'rollback']),
  who: name,
  at: positive,
  tag: z.exactOptional(name),
  digest: z.exactOptional(name),
  release: z.exactOptional(positive),
  stops: z.exactOptional(z.boolean()),
});

/** The text of a JSON object. */
const object = z.string().check(z.refine(isObject));
const settings = z.strictObject({ to: object, from: object });

const request = z.discriminatedUnion('command', [
  z.strictObject({ command: z.literal('status'), app: z.exactOptional(name) }),
  z.strictObject({ command: z.literal('releases'), app: name, limit: z.exactOptional(positive) }),
  z.strictObject({ command: z.literal('why'), app: name, tag: z.exactOptional(name) }),
  z.strictObject({
    command: z.literal('show'),
    app: name,
    release: z.exactOptional(positive),
    order: z.exactOptional(order),
  }),
  z.strictObject({
    command: z.literal('deploy'),
    app: name,
    tag: z.exactOptional(image),
    live: z.exactOptional(z.literal(true)),
    restart: z.exactOptional(z.literal(true)),
    now: z.exactOptional(z.literal(true)),
    bases: z.exactOptional(z.record(name, name)),
    settings: z.exactOptional(z.record(name, settings)),
    despiteHold: z.exactOptional(z.boolean()),
    reason: z.exactOptional(name),
    who: name,
  }),
  z.strictObject({
    command: z.literal('rollback'),
    app: name,
    to: z.exactOptional(positive),
    tag: z.exactOptional(image),
    who: name,
  }),
  z.strictObject({ command: z.literal('hold'), app: name, reason: name, who: name }),
  z.strictObject({
    command: z.literal('resume'),
    app: name,
    discardWaiting: z.exactOptional(z.boolean()),
    who: name,
  }),
  z.strictObject({ command: z.literal('cancel'), app: name, who: name }),
  z.strictObject({
    command: z.literal('continue'),
    app: name,
    hook: z.exactOptional(name),
    reason: z.exactOptional(name),
    who: name,
  }),
  z.strictObject({ command: z.literal('announce'), channel: z.exactOptional(name), who: name }),
  z.strictObject({
    command: z.literal('lock'),
    id: requestedId,
    release: z.exactOptional(z.literal(true)),
    who: name,
  }),
  z.strictObject({ command: z.literal('redrive'), who: name }),
  z.strictObject({
    command: z.literal('run'),
    app: name,
    task: name,
    words: z.exactOptional(z.array(z.string()).check(z.minLength(1))),
    id: requestedId,
    who: name,
  }),
  z.strictObject({ command: z.literal('stop'), app: name, run: name, who: name }),
  z.strictObject({
    command: z.literal('runs'),
    app: z.exactOptional(name),
    task: z.exactOptional(name),
    limit: z.exactOptional(positive),
  }),
  z.strictObject({
    command: z.literal('follow'),
    app: name,
    run: name,
    cursor: z.exactOptional(z.string()),
  }),
]);

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** Parses the request of a person. Throws an IntakeError with every fault. */
export function parseOperatorRequest(payload: unknown): OperatorRequest {
  return parse('the request', request, payload);
}
