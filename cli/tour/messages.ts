import type { SentMessage } from './control.ts';

/** Every text in a message's payload, in order. */
export function textsOf(payload: unknown): string[] {
  if (typeof payload === 'string') return inner(payload) ?? [];
  if (Array.isArray(payload)) return payload.flatMap(textsOf);
  if (typeof payload !== 'object' || payload === null) return [];
  return Object.entries(payload).flatMap(([key, value]) => {
    if (textKeys.has(key.toLowerCase()) && typeof value === 'string') return inner(value) ?? [value];
    return typeof value === 'object' || key === 'blocks' || key === 'attachments' ? textsOf(value) : [];
  });
}

const textKeys = new Set(['text', 'message', 'subject']);

/** Texts of a part that is itself JSON: Slack's API takes forms. */
function inner(text: string): string[] | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return textsOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The newest Slack message in the channel itself, not in a thread. */
export function lastCard(messages: readonly SentMessage[]): SentMessage | undefined {
  const inChannel = messages.filter(
    ({ kind, payload }) => kind === 'slack' && !isReply(payload) && hasBlocks(payload),
  );
  return inChannel.at(-1) ?? messages.at(-1);
}

function isReply(payload: unknown): boolean {
  return (
    typeof payload === 'object' &&
    payload !== null &&
    'thread_ts' in payload &&
    payload.thread_ts !== undefined
  );
}

function hasBlocks(payload: unknown): boolean {
  return typeof payload === 'object' && payload !== null && ('blocks' in payload || 'attachments' in payload);
}
