import type { Announcement } from '../domain/announcement.ts';
import type { Channel, SecretReference } from '../domain/app.ts';
import type { ResultOf } from '../domain/effects.ts';
import { memberOf } from '../domain/member.ts';
import { redactAll } from '../domain/redaction/structures.ts';
import type { Tell } from '../runtime.ts';
import {
  AnnouncementRefused,
  PartlySent,
  type ReadSecret,
  RetryLater,
  type Sender,
  type Services,
} from './channel.ts';
import { kindOf } from './channels.ts';
import { compose } from './compose.ts';

interface AnnounceOptions extends Omit<Services, 'readSecret'> {
  readonly channels: Readonly<Record<string, Channel>>;
  /** How people call Fairway's command; absent: "fairway". */
  readonly command?: string | undefined;
  readonly readSecret: (reference: SecretReference) => Promise<string>;
}

/** Sends one announcement to a channel, without secrets. Throws what its sender throws. */
export type Announce = (
  channel: string,
  announcement: Announcement,
  memory: string | undefined,
) => Promise<string | undefined>;

/** The senders of the configured channels. A channel that is not configured gets nothing. */
export function createAnnounce(options: AnnounceOptions): Announce {
  const services: Services = { ...options, readSecret: createSecretCache(options) };
  const senders = new Map<string, Sender>();

  return async (channel, announcement, memory) => {
    const configured = memberOf(options.channels, channel);
    if (!configured) return undefined;
    const sender = senders.get(channel) ?? kindOf(configured).create(configured, services);
    senders.set(channel, sender);
    return sender.send(compose(redactAll(announcement), options.command), memory);
  };
}

const LONGEST_WAIT = 5 * 60_000;
/** After about a day of five-minute waits a message is given up. */
const LAST_ATTEMPT = 300;

/** Announces, and never fails a release because a channel is down: the message is retried later. */
export function createTell(
  announce: Announce,
  log: (message: string, facts: Readonly<Record<string, unknown>>) => void,
): Tell {
  return async (channel, announcement, memory, attempt): Promise<ResultOf<'announceRelease'>> => {
    try {
      const next = await announce(channel, announcement, memory);
      return next === undefined ? { kind: 'announced' } : { kind: 'announced', memory: next };
    } catch (error) {
      return afterFailure(channel, attempt, error);
    }
  };

  function afterFailure(channel: string, attempt: number, error: unknown): ResultOf<'announceRelease'> {
    const why = error instanceof Error ? error.message : String(error);
    const cause = error instanceof PartlySent ? error.cause : error;
    const isGivenUp = cause instanceof AnnouncementRefused || attempt >= LAST_ATTEMPT;
    log(isGivenUp ? 'announcement given up' : 'announcement postponed', { channel, attempt, why });
    if (isGivenUp) return { kind: 'announced' };
    const backOff = Math.min(5_000 * 2 ** Math.min(attempt, 10), LONGEST_WAIT);
    const wait = cause instanceof RetryLater ? Math.max(cause.retryAfterMs, backOff) : backOff;
    return { kind: 'retry', wait, why, ...(error instanceof PartlySent && { memory: error.memory }) };
  }
}

const FIVE_MINUTES = 5 * 60_000;

interface SecretCacheOptions {
  readonly readSecret: (reference: SecretReference) => Promise<string>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** How long a secret is kept, in milliseconds. */
  readonly ttl?: number;
}

/**
 * Keeps secrets in memory for five minutes, so that reading costs little; one that was replaced is read as soon as the
 * old one is refused. No error has a secret or a part of one. A failure to read is not kept.
 */
export function createSecretCache({ readSecret, now, ttl = FIVE_MINUTES }: SecretCacheOptions): ReadSecret {
  const kept = new Map<string, { readonly value: string; readonly until: number }>();
  return async (reference, refused) => {
    const key = JSON.stringify(reference);
    const known = kept.get(key);
    if (known && known.until > now() && known.value !== refused) return known.value;
    kept.delete(key);
    // Files and heredocs end in a line break, and so do many secrets.
    const value = (await readSecret(reference)).trim();
    kept.set(key, { value, until: now() + ttl });
    return value;
  };
}
