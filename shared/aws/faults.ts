import { AwsFault } from '../ports.ts';

const THROTTLING_NAMES: readonly string[] = [
  'ThrottlingException',
  'Throttling',
  'ThrottledException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'ProvisionedThroughputExceededException',
];
const PASSING_NAMES: readonly string[] = [
  ...THROTTLING_NAMES,
  'ServerException',
  'InternalServerError',
  'ServiceUnavailable',
  'TimeoutError',
  'AbortError',
  'RequestTimeout',
  // Lambda renews a role's credentials automatically: the next invocation has new ones.
  'ExpiredTokenException',
];

/**
 * ECS reads subnets and security groups from EC2, and reports EC2's errors as InvalidParameterException: "Error
 * retrieving security group information for [sg-1]: Request limit exceeded. (ErrorCode: RequestLimitExceeded)".
 * Happens when many tasks start at once. Reported by users of ECS; not in the API reference.
 */
const OF_EC2 =
  /\(ErrorCode: (RequestLimitExceeded|InternalError|InternalFailure|Unavailable|ServiceUnavailable)\)/;

/** Makes an SDK call and translates its errors: the loop sees `AwsFault` only. */
export async function translated<Output>(operation: string, call: () => Promise<Output>): Promise<Output> {
  try {
    return await call();
  } catch (error) {
    throw faultOf(operation, error);
  }
}

/** Whether AWS throttled a call: it was then certainly not carried out. */
export function isThrottling(error: unknown): boolean {
  return error instanceof Error && THROTTLING_NAMES.includes(error.name);
}

/** Translates an SDK error. */
export function faultOf(operation: string, error: unknown): AwsFault {
  if (error instanceof AwsFault) return error;
  if (!(error instanceof Error)) return new AwsFault('Unknown', `${operation}: ${String(error)}`, true);
  const message = `${operation}: ${error.message}`;
  const throttling = isThrottling(error) ? ({ throttling: 'sent' } as const) : {};
  return new AwsFault(error.name, message, isPassing(error), resourceIdsOf(error), {
    cause: error,
    ...throttling,
  });
}

function isPassing(error: Error): boolean {
  if (PASSING_NAMES.includes(error.name)) return true;
  // Two registrations of one family at the same time. The SDK does not retry it, although a retry can succeed.
  if (error.message.includes('Too many concurrent attempts')) return true;
  if (OF_EC2.test(error.message)) return true;
  const status = statusOf(error);
  // Without a status there was no answer: a network error, or a body that could not be read.
  return status === undefined || status >= 500 || status === 429;
}

function statusOf(error: Error): number | undefined {
  if (!('$metadata' in error) || typeof error.$metadata !== 'object' || error.$metadata === null)
    return undefined;
  const metadata = error.$metadata;
  return 'httpStatusCode' in metadata && typeof metadata.httpStatusCode === 'number'
    ? metadata.httpStatusCode
    : undefined;
}

function resourceIdsOf(error: Error): string[] {
  if (!('resourceIds' in error) || !Array.isArray(error.resourceIds)) return [];
  return error.resourceIds.filter((id): id is string => typeof id === 'string');
}
