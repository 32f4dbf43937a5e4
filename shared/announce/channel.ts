import * as z from 'zod/mini';
import type { Channel, SecretReference } from '../domain/app.ts';
import type { Message } from './message.ts';

/**
 * What a kind of channel is: its options in `fairway.yml`, what it needs from AWS, and its sender. The schema of the
 * configuration, the roles of the functions, `fairway verify`, the local cloud and the functions read it here.
 */
interface ChannelDefinition<Options> {
  /** The member of `fairway.yml` that configures it. */
  readonly kind: string;
  /** What it is, for the reference of the configuration. */
  readonly description: string;
  /** A mapping; each member has a description and an example. */
  readonly options: z.ZodMiniType<Options>;
  /** Of a release it reports only the end: nothing is queued for it before. */
  readonly endsOnly?: true;
  needs(options: Options): readonly Need[];
  create(options: Options, services: Services): Sender;
}

/** A definition whose options are parsed wherever a configured channel comes in. */
export interface ChannelKind {
  readonly kind: string;
  readonly description: string;
  readonly options: z.ZodMiniType;
  readonly endsOnly: boolean;
  needs(channel: Channel): readonly Need[];
  create(channel: Channel, services: Services): Sender;
}

export function defineChannel<Options>(definition: ChannelDefinition<Options>): ChannelKind {
  const optionsOf = ({ kind: _, ...options }: Channel): Options => definition.options.parse(options);
  return {
    kind: definition.kind,
    description: definition.description,
    options: definition.options.register(z.globalRegistry, { description: definition.description }),
    endsOnly: definition.endsOnly ?? false,
    needs: (channel) => definition.needs(optionsOf(channel)),
    create: (channel, services) => definition.create(optionsOf(channel), services),
  };
}

/** Something in AWS without which a channel cannot send. */
export type Need =
  | {
      readonly kind: 'secret';
      readonly secret: SecretReference;
      /** What is stored there: "token". */
      readonly holds: string;
      /** How its value begins: "xoxb-". */
      readonly prefix: string;
    }
  /** `topic` absent: the topic that Fairway's stack creates. */
  | { readonly kind: 'topic'; readonly topic?: string };

/** What senders use. */
export interface Services {
  readonly readSecret: ReadSecret;
  readonly publish: Publish;
  /** Topic of channels that name none. */
  readonly topicArn: string;
  /** Base of Slack's Web API, with a trailing slash; absent: Slack's own. */
  readonly slackApiUrl?: string | undefined;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** `refused`: the value that the channel did not accept; if it is the one in memory, it is read again. */
export type ReadSecret = (reference: SecretReference, refused?: string) => Promise<string>;

export type Publish = (publication: {
  readonly topicArn: string;
  readonly subject: string;
  readonly message: string;
  readonly attributes: Readonly<Record<string, string>>;
}) => Promise<void>;

/** Sends messages to one channel. */
export interface Sender {
  /**
   * `memory`: what the last send about the same release or alert returned. Returns what to remember, under 200
   * characters, kept in the app's item. Throws AnnouncementRefused, RetryLater, PartlySent, or any error to be
   * called again later.
   */
  send(message: Message, memory: string | undefined): Promise<string | undefined>;
}

/** The channel takes no messages until a person fixes something: retrying cannot help. */
export class AnnouncementRefused extends Error {
  override readonly name = 'AnnouncementRefused';
}

/** The channel asks to wait. */
export class RetryLater extends Error {
  override readonly name = 'RetryLater';
  readonly retryAfterMs: number;

  constructor(message: string, retryAfterMs: number) {
    super(message);
    this.retryAfterMs = retryAfterMs;
  }
}

/** The message was sent, but something that belongs to it was not: to be retried with this memory. */
export class PartlySent extends Error {
  override readonly name = 'PartlySent';
  readonly memory: string;

  constructor(memory: string, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.memory = memory;
  }
}

/** Text of one form; `expected` is the message whether the text has another form or there is no text at all. */
export function textOption(form: RegExp, expected: string, description: string, example: string) {
  return z
    .string({ error: `expected ${expected}` })
    .check(z.regex(form, { error: `expected ${expected}` }))
    .register(z.globalRegistry, { description, examples: [example] });
}

/** Beginnings of secrets that someone may write by mistake instead of their names. Errors never repeat the value. */
const NO_SECRET = '(?!xox|whsec_)';

/** Where a secret is stored. `name`: an example of what to call it. */
export function secretOption(description: string, name: string) {
  const parameter = textOption(
    new RegExp(`^${NO_SECRET}/?[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*$`),
    `the name of a parameter in SSM Parameter Store, such as "/fairway/${name}", not the secret itself`,
    `Name of a parameter in SSM Parameter Store, such as \`/fairway/${name}\`.`,
    `/fairway/${name}`,
  );
  const secret = textOption(
    new RegExp(`^${NO_SECRET}[A-Za-z0-9/_+=.@:-]{1,512}$`),
    'the name or ARN of a secret in Secrets Manager, not the secret itself',
    'Name or ARN of a secret in Secrets Manager.',
    `fairway/${name}`,
  );
  return z
    .union([z.strictObject({ ssm: parameter }), z.strictObject({ secretsManager: secret })])
    .register(z.globalRegistry, {
      description: `${description}: exactly one of \`ssm\` and \`secretsManager\`. If it is encrypted with a customer managed KMS key, the key policy must allow the roles of the functions to decrypt.`,
    });
}
