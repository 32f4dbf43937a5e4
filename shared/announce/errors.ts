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
