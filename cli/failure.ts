import { types } from 'node:util';

/**
 * 0 done · 1 refused or failed · 3 AWS cannot be reached · 64 wrong usage. `plan` exits with 2 for changes,
 * as Terraform does, so that wrong usage is EX_USAGE of sysexits.h.
 */
export const exitCode = { done: 0, failed: 1, unreachable: 3, usage: 64 } as const;

type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** A failure to show to the user: what failed, where, why and how to fix it, in one message. */
export class Failure extends Error {
  /** No answer arrived, so that a retry may succeed; `sent`: the request may have been carried out. */
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

/** No connection was made. */
const unsentCodes = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/**
 * The failure for an error of the AWS SDK.
 * @param doing the attempt, as in "failed to <doing>"
 * @param where the region, or the local cloud's address
 */
export function awsFailure(error: unknown, doing: string, where: string): Failure {
  if (error instanceof Failure) return error;
  const fault = describe(error);
  const { exit, why, unanswered } = kindOf(fault, where);
  return new Failure(exit, `failed to ${doing}${why}`, {
    cause: error,
    ...(unanswered && { unanswered }),
  });
}

interface Fault {
  readonly name: string;
  readonly message: string;
  readonly code: string;
}

interface Kind {
  readonly exit: ExitCode;
  /** The end of the message: why, and what to do. */
  readonly why: string;
  readonly unanswered?: 'sent' | 'unsent';
}

function kindOf({ name, message, code }: Fault, where: string): Kind {
  const { failed, unreachable } = exitCode;
  if (name === 'CredentialsProviderError' || name === 'TokenProviderError')
    return {
      exit: unreachable,
      why: `: no AWS credentials were found (${message}), sign in or set AWS_PROFILE`,
    };
  if (/^Region is missing/.test(message))
    return { exit: unreachable, why: ': no AWS region is set, pass --region or set AWS_REGION' };
  if (unreachableCodes.has(code))
    return {
      exit: unreachable,
      why: `: ${where} does not answer (${code}), check the address and the network`,
      unanswered: unsentCodes.has(code) ? 'unsent' : 'sent',
    };
  if (name === 'TimeoutError')
    return {
      exit: unreachable,
      why: `: ${where} did not answer in time (${message}), check the network`,
      unanswered: 'sent',
    };
  if (unreachableNames.has(name))
    return {
      exit: unreachable,
      why: `: credentials rejected by ${where} (${name}: ${message}), sign in again`,
    };
  if (/AccessDenied/.test(name))
    return {
      exit: failed,
      why: `: AWS denied it (${message}), ask for that permission or use another profile`,
    };
  return { exit: failed, why: ` at ${where}: ${name}: ${message}`, unanswered: 'sent' };
}

function describe(error: unknown): Fault {
  if (!types.isNativeError(error)) return { name: 'Error', message: String(error), code: '' };
  // The SDK wraps an error that it does not recognize and keeps only the message.
  const inMessage = error.message.match(/\bE[A-Z_]{4,}\b/g)?.find((word) => unreachableCodes.has(word)) ?? '';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : inMessage;
  // fetch has the network's error one level down; so has Node where it tried several addresses.
  const inner = innerOf(error);
  if (!code && inner) return { ...describe(inner), name: error.name };
  return { name: error.name, message: error.message || code, code };
}

function innerOf(error: Error): Error | undefined {
  const first: unknown = 'errors' in error && Array.isArray(error.errors) ? error.errors[0] : error.cause;
  return types.isNativeError(first) ? first : undefined;
}
