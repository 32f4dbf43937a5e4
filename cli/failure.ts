import { types } from 'node:util';

/** 0 done · 1 refused or failed · 2 wrong usage · 3 AWS cannot be reached. */
export const exitCode = { done: 0, failed: 1, usage: 2, unreachable: 3 } as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** Something to tell the person at the keyboard: what went wrong, where, and how to mend it, in one message. */
export class Failure extends Error {
  /** Nobody has answered, so that asking again may help; `sent`: what was asked for may have been done. */
  readonly unanswered: 'sent' | 'unsent' | undefined;

  constructor(
    readonly exit: ExitCode,
    message: string,
    options: { cause?: unknown; unanswered?: 'sent' | 'unsent' } = {},
  ) {
    super(message, options);
    this.unanswered = options.unanswered;
  }
}

const unreachableNames = new Set([
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'TokenProviderError',
]);
const unreachableCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
]);

/** No connection came about. */
const unsentCodes = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/**
 * Words for what the AWS SDK threw.
 * @param doing what was attempted, as in "failed to <doing>"
 * @param where the region, or the local cloud's address
 */
export function awsFailure(error: unknown, doing: string, where: string): Failure {
  if (error instanceof Failure) return error;
  const { name, message, code } = describe(error);
  const options = { cause: error };

  if (name === 'CredentialsProviderError' || name === 'TokenProviderError')
    return new Failure(
      exitCode.unreachable,
      `failed to ${doing}: no AWS credentials were found (${message}), sign in or set AWS_PROFILE`,
      options,
    );
  if (/^Region is missing/.test(message))
    return new Failure(
      exitCode.unreachable,
      `failed to ${doing}: no AWS region is set, give --region or set AWS_REGION`,
      options,
    );
  if (unreachableCodes.has(code))
    return new Failure(
      exitCode.unreachable,
      `failed to ${doing}: ${where} does not answer (${code}), check the address and the network`,
      { ...options, unanswered: unsentCodes.has(code) ? 'unsent' : 'sent' },
    );
  if (name === 'TimeoutError')
    return new Failure(
      exitCode.unreachable,
      `failed to ${doing}: ${where} has not answered in time (${message}), check the network`,
      { ...options, unanswered: 'sent' },
    );
  if (unreachableNames.has(name))
    return new Failure(
      exitCode.unreachable,
      `failed to ${doing}: ${where} did not accept us (${name}: ${message}), sign in again`,
      options,
    );
  if (/AccessDenied/.test(name))
    return new Failure(
      exitCode.failed,
      `failed to ${doing}: AWS denied it (${message}), ask for that permission or use another profile`,
      options,
    );
  return new Failure(exitCode.failed, `failed to ${doing} at ${where}: ${name}: ${message}`, {
    ...options,
    unanswered: 'sent',
  });
}

function describe(error: unknown): { name: string; message: string; code: string } {
  if (!types.isNativeError(error)) return { name: 'Error', message: String(error), code: '' };
  // The SDK wraps what it does not know and keeps only its words.
  const said = error.message.match(/\bE[A-Z_]{4,}\b/g)?.find((word) => unreachableCodes.has(word)) ?? '';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : said;
  // fetch hides the network's own words one level down; so does node where several addresses were tried.
  const inner = innerOf(error);
  if (!code && inner) return { ...describe(inner), name: error.name };
  return { name: error.name, message: error.message || code, code };
}

function innerOf(error: Error): Error | undefined {
  const first: unknown = 'errors' in error && Array.isArray(error.errors) ? error.errors[0] : error.cause;
  return types.isNativeError(first) ? first : undefined;
}
