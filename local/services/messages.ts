import type { Clock, Json } from '../contract.ts';

/** A message that was sent to people: `GET /_local/messages`. */
interface SentMessage {
  /** ISO 8601. */
  readonly at: string;
  readonly kind: 'slack' | 'sns';
  /** Channel id, or topic ARN. */
  readonly channel: string;
  /** Whether it changed an earlier message. */
  readonly update: boolean;
  readonly payload: Json;
}

export function createMessages(clock: Clock) {
  let sent: SentMessage[] = [];
  return {
    add(message: Omit<SentMessage, 'at'>): void {
      sent.push({ at: new Date(clock.now()).toISOString(), ...message });
    },
    all: (): readonly SentMessage[] => sent,
    reset(): void {
      sent = [];
    },
  };
}
export type Messages = ReturnType<typeof createMessages>;
