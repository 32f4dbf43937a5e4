import type { Tell } from '../advance.ts';
import type { Announcer } from '../domain/announcement.ts';
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
  readonly slackApiUrl?: string | undefined;
  readonly readSecret: (reference: SecretReference) => Promise<string>;
  readonly publish: Publish;
  readonly now: () => number;
  readonly log: (message: string, facts: Readonly<Record<string, unknown>>) => void;
}

const LONGEST_WAIT = 5 * 60_000;
/** After about a day of five-minute waits a message is given up. */
const LAST_ATTEMPT = 300;

/**
 * Tells channels, and nobody else does: what is told leaves without secrets. One that is down never fails a release: the message is
 * tried again later.
 */
export function createTell(options: TellOptions): Tell {
  const token = createTokenCache({ read: options.readSecret, now: options.now });
  const announcers = new Map<string, Announcer>();

  return async (channel, announcement, memory, attempt): Promise<Answer> => {
    const configured = memberOf(options.channels, channel);
    if (!configured) return { kind: 'announced' };
    const announcer = announcers.get(channel) ?? create(configured);
    announcers.set(channel, announcer);
    try {
      const next = await announcer.announce(redactAll(announcement), memory);
      return next === undefined ? { kind: 'announced' } : { kind: 'announced', memory: next };
    } catch (error) {
      return afterFailure(channel, attempt, error);
    }
  };

  function create(channel: Channel): Announcer {
    switch (channel.kind) {
      case 'slack': {
        const url = options.slackApiUrl;
        return createSlackAnnouncer({
          channel: channel.channel,
          token: (refused) => token(channel.token, refused),
          ...(url === undefined ? {} : { apiUrl: url }),
        });
      }
      case 'sns':
        return createSnsAnnouncer({ topicArn: channel.topic ?? options.topicArn, publish: options.publish });
    }
  }

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
