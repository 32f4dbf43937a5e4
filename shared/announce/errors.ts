/** A channel will not take messages until somebody mends something: trying again cannot help. */
export class AnnouncementRefused extends Error {
  override readonly name = 'AnnouncementRefused';
}

/** A channel asks for patience. */
export class RetryLater extends Error {
  override readonly name = 'RetryLater';
  readonly retryAfterMs: number;

  constructor(message: string, retryAfterMs: number) {
    super(message);
    this.retryAfterMs = retryAfterMs;
  }
}

/** The message stands, but something that belongs to it could not be sent: to be tried again with this memory. */
export class PartlySent extends Error {
  override readonly name = 'PartlySent';
  readonly memory: string;

  constructor(memory: string, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.memory = memory;
  }
}
