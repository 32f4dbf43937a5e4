import type { Tell } from '../advance.ts';
import type { Announcement, Announcer } from '../domain/announcement.ts';
import type { Answer } from '../domain/answers.ts';
import type { Channel, SecretReference } from '../domain/app.ts';
import { memberOf } from '../domain/member.ts';
import { redactAll } from '../domain/redaction/structures.ts';
import { AnnouncementRefused, PartlySent, RetryLater } from './errors.ts';
import { createTokenCache } from './secrets.ts';
import { createSlackAnnouncer } from './slackSender.ts';
import { createSnsAnnouncer, type Publish } from './snsSender.ts';

export interface TellOptions {
  readonly channels: Readonly<Record<string, Channel>>;
  /** Topic of channels that name none. */
  readonly topicArn: string;
  /** How people call Fairway's command; absent: "fairway". */
  readonly command?: string | undefined;
  readonly slackApiUrl?: string | undefined;
  readonly readSecret: (reference: SecretReference) => Promise<string>;
  readonly publish: Publish;
  readonly now: () => number;
  readonly log: (message: string, facts: Readonly<Record<string, unknown>>) => void;
}

/** Sends one announcement to a channel, without secrets. Throws what its sender throws. */
export type Announce = (
  channel: string,
  announcement: Announcement,
  memory: string | undefined,
) => Promise<string | undefined>;

const LONGEST_WAIT = 5 * 60_000;
/** After about a day of five-minute waits a message is given up. */
const LAST_ATTEMPT = 300;

/** The senders of the configured channels; a channel that is not configured takes nothing. */
export function createAnnounce(options: Omit<TellOptions, 'log'>): Announce {
  const token = createTokenCache({ read: options.readSecret, now: options.now });
  const announcers = new Map<string, Announcer>();

  return async (channel, announcement, memory) => {
    const configured = memberOf(options.channels, channel);
    if (!configured) return undefined;
    const announcer = announcers.get(channel) ?? create(configured);
    announcers.set(channel, announcer);
    return announcer.announce(redactAll(announcement), memory);
  };

  function create(channel: Channel): Announcer {
    switch (channel.kind) {
      case 'slack': {
        const url = options.slackApiUrl;
        return createSlackAnnouncer({
          channel: channel.channel,
          token: (refused) => token(channel.token, refused),
          command: options.command,
          ...(url === undefined ? {} : { apiUrl: url }),
        });
      }
      case 'sns':
        return createSnsAnnouncer({
          topicArn: channel.topic ?? options.topicArn,
          publish: options.publish,
          command: options.command,
        });
    }
  }
}

/** Announces, and never fails a release because a channel is down: the message is tried again later. */
export function createTell(options: TellOptions, announce: Announce = createAnnounce(options)): Tell {
  return async (channel, announcement, memory, attempt): Promise<Answer> => {
    try {
      const next = await announce(channel, announcement, memory);
      return next === undefined ? { kind: 'announced' } : { kind: 'announced', memory: next };
    } catch (error) {
      return afterFailure(channel, attempt, error);
    }
  };

  function afterFailure(channel: string, attempt: number, error: unknown): Answer {
    const why = error instanceof Error ? error.message : String(error);
    const refused =
      error instanceof AnnouncementRefused ||
      (error instanceof PartlySent && error.cause instanceof AnnouncementRefused);
    const hopeless = refused || attempt >= LAST_ATTEMPT;
    options.log(hopeless ? 'announcement given up' : 'announcement put off', { channel, attempt, why });
    if (hopeless) return { kind: 'announced' };
    const patience = Math.min(5_000 * 2 ** Math.min(attempt, 10), LONGEST_WAIT);
    const asked = error instanceof PartlySent ? error.cause : error;
    const wait = asked instanceof RetryLater ? Math.max(asked.retryAfterMs, patience) : patience;
    return { kind: 'retry', wait, why, ...(error instanceof PartlySent && { memory: error.memory }) };
  }
}
