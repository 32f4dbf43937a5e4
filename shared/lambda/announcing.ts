import { type Announce, createAnnounce, createTell } from '../announce/announce.ts';
import { readSecret } from '../aws/secrets.ts';
import { createPublish } from '../aws/sns.ts';
import type { AppAnnouncement } from '../domain/announcement.ts';
import type { Channel } from '../domain/app.ts';
import type { Tell } from '../runtime.ts';

/** How an instance of a function announces. */
interface Announcing {
  /** Sends to the channels of the configuration, and throws what goes wrong. */
  readonly announce: Announce;
  /** The same, and reports what goes wrong as an answer. */
  readonly tell: Tell;
  /** Announces on the stack's own topic, where its alarms are announced as well. */
  readonly notifyOperations: (announcement: AppAnnouncement) => Promise<void>;
}

interface AnnouncingOptions {
  readonly channels: Readonly<Record<string, Channel>>;
  readonly topicArn: string;
  readonly command: string | undefined;
  readonly slackApiUrl: string | undefined;
  readonly warn: (message: string, facts: Readonly<Record<string, unknown>>) => void;
}

/** Loaded when there is something to announce. One for all invocations: it keeps the secrets that were read. */
export function createAnnouncing({ warn, ...options }: AnnouncingOptions): Announcing {
  const services = { ...options, readSecret, publish: createPublish(), now: Date.now };
  const announce = createAnnounce(services);
  const announceToOperations = createAnnounce({ ...services, channels: { operations: { kind: 'sns' } } });
  return {
    announce,
    tell: createTell(announce, warn),
    async notifyOperations(announcement) {
      await announceToOperations('operations', announcement, undefined);
    },
  };
}
