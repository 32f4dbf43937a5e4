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
  // Lambda renews a role's credentials by itself: the next invocation has fresh ones.
  'ExpiredTokenException',
];

/**
 * ECS asks EC2 for subnets and security groups, and what EC2 answers comes as an InvalidParameterException: "Error
 * retrieving security group information for [sg-1]: Request limit exceeded. (ErrorCode: RequestLimitExceeded)".
 * Happens when many tasks are started at once. Seen by users of ECS; not in the API reference.
 */
const OF_EC2 =
  /\(ErrorCode: (RequestLimitExceeded|InternalError|InternalFailure|Unavailable|ServiceUnavailable)\)/;

/** Does an SDK call and translates whatever it throws: the loop sees `AwsFault` and nothing of the SDK. */
export async function translated<Output>(operation: string, call: () => Promise<Output>): Promise<Output> {
  try {
    return await call();
  } catch (error) {
    throw faultOf(operation, error);
  }
}

/** Whether AWS refused a call for there being too many: then it was certainly not carried out. */
export function isThrottling(error: unknown): boolean {
  return error instanceof Error && THROTTLING_NAMES.includes(error.name);
}

/** The fault that an SDK error is. */
export function faultOf(operation: string, error: unknown): AwsFault {
  if (error instanceof AwsFault) return error;
  if (!(error instanceof Error)) return new AwsFault('Unknown', `${operation}: ${String(error)}`, true);
  const message = `${operation}: ${error.message}`;
  return new AwsFault(error.name, message, isPassing(error), resourceIdsOf(error), { cause: error });
}

function isPassing(error: Error): boolean {
  if (PASSING_NAMES.includes(error.name)) return true;
  // Not retried by the SDK, although the next moment may do: two registrations of one family met.
  if (error.message.includes('Too many concurrent attempts')) return true;
  if (OF_EC2.test(error.message)) return true;
  const status = statusOf(error);
  // Without a status the answer never came: the network, or a body that could not be read.
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
