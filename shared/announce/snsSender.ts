import type { Announcement, Announcer } from '../domain/announcement.ts';
import { callingIt } from './command.ts';
import type { SnsMessage } from './mail.ts';
import { isWorthAnEmail, renderSns } from './sns.ts';

export type Publish = (publication: SnsMessage & { readonly topicArn: string }) => Promise<void>;

export interface SnsOptions {
  readonly topicArn: string;
  readonly publish: Publish;
  /** How people call Fairway's command; absent: "fairway". */
  readonly command?: string | undefined;
}

/** Publishes the end of each release once, the beginning and the end of each alert, and news of apps. What `publish` throws is passed on. */
export function createSnsAnnouncer({ topicArn, publish, command }: SnsOptions): Announcer {
  return {
    async announce(announcement, memory) {
      const sent = nameOf(announcement);
      if (!isWorthAnEmail(announcement) || (memory !== undefined && memory === sent)) return memory;
      await publish({ topicArn, ...callingIt(command, renderSns(announcement)) });
      return sent;
    },
  };
}

/** What is remembered of a message; of news about an app nothing is. */
function nameOf(announcement: Announcement): string | undefined {
  switch (announcement.kind) {
    case 'release':
      return 'sent';
    case 'alert':
      // A loop that turns out to be somebody's failed deployment is worth another e-mail.
      return announcement.end ? 'closed' : announcement.trouble;
    case 'run':
    case 'app':
      return undefined;
  }
}
