import type { Announcer } from '../domain/announcement.ts';
import type { SnsMessage } from './mail.ts';
import { isWorthAnEmail, renderSns } from './sns.ts';

export type Publish = (publication: SnsMessage & { readonly topicArn: string }) => Promise<void>;

export interface SnsOptions {
  readonly topicArn: string;
  readonly publish: Publish;
}

/** Publishes the end of each release once, and news of apps. What `publish` throws is passed on. */
export function createSnsAnnouncer({ topicArn, publish }: SnsOptions): Announcer {
  return {
    async announce(announcement, memory) {
      if (!isWorthAnEmail(announcement) || memory === 'sent') return memory;
      await publish({ topicArn, ...renderSns(announcement) });
      return announcement.kind === 'release' ? 'sent' : undefined;
    },
  };
}
