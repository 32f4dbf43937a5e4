import * as z from 'zod';

const clock = z.object({ now: z.string(), speed: z.union([z.number(), z.string()]), idle: z.boolean() });
const pushed = z.object({ digest: z.string() });
const messages = z.array(
  z.object({
    at: z.string(),
    kind: z.string(),
    channel: z.string().optional(),
    update: z.boolean().optional(),
    payload: z.unknown(),
  }),
);
const calls = z.array(
  z.object({
    at: z.string(),
    caller: z.string(),
    service: z.string(),
    operation: z.string(),
    status: z.number(),
  }),
);

export type SentMessage = z.infer<typeof messages>[number];
export type RecordedCall = z.infer<typeof calls>[number];

export interface PushRequest {
  readonly repository: string;
  readonly tag: string;
  readonly platforms: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly content: string;
}

/** The control endpoints of the local cloud that the tour uses. */
export interface Control {
  ready(): Promise<boolean>;
  /** Simulated time, epoch milliseconds. */
  now(): Promise<number>;
  /** Returns the digest. */
  push(request: PushRequest): Promise<string>;
  behave(rule: Readonly<Record<string, unknown>>): Promise<void>;
  messages(): Promise<readonly SentMessage[]>;
  calls(): Promise<readonly RecordedCall[]>;
}

/** Every request ends after 20 s, or when `signal` is aborted. */
export function controlAt(url: string, signal: AbortSignal): Control {
  const request = async (path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${url}/_local/${path}`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(20_000)]),
      ...(body === undefined
        ? {}
        : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`the local cloud refused ${path} with ${response.status}: ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  return {
    ready: () =>
      request('ready').then(
        () => true,
        () => false,
      ),
    now: async () => Date.parse(clock.parse(await request('clock')).now),
    push: async (image) => pushed.parse(await request('push', image)).digest,
    behave: async (rule) => void (await request('behaviours', rule)),
    messages: async () => messages.parse(await request('messages')),
    calls: async () => calls.parse(await request('calls')),
  };
}
