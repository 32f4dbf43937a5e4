/** What channels that are called over HTTP have in common. */

/** Share of the time after which requests are aborted. */
const NOTICE = 0.9;

/**
 * Gives up after `milliseconds` whatever `work` does; shortly before, its requests are aborted, so that it can still
 * report how far it came. `whom`: who did not answer.
 */
export async function within<Result>(
  milliseconds: number,
  whom: string,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const notice = setTimeout(() => controller.abort(), milliseconds * NOTICE);
  let end: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    end = setTimeout(() => reject(new Error(`failed to reach ${whom}: no answer in time`)), milliseconds);
  });
  try {
    return await Promise.race([work(controller.signal), late]);
  } finally {
    clearTimeout(notice);
    clearTimeout(end);
  }
}

/** `whom`: who is called, for the error. */
export async function reach(
  whom: string,
  send: typeof fetch,
  url: string,
  request: RequestInit,
): Promise<Response> {
  try {
    return await send(url, request);
  } catch (cause) {
    const why = request.signal?.aborted ? 'no answer in time' : reasonOf(cause);
    throw new Error(`failed to reach ${whom}: ${why}`, { cause });
  }
}

/** undici keeps the reason in `cause`: "getaddrinfo ENOTFOUND slack.com" says more than "fetch failed". */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message;
}

const LONGEST_RETRY_MS = 60 * 60_000;

/**
 * Milliseconds that the response asks to wait, one hour at most; undefined where it does not ask. Retry-After is in
 * seconds, or a date. Source: RFC 9110, 10.2.3.
 */
export function retryAfter(response: Response, now: () => number = Date.now): number | undefined {
  const header = response.headers.get('retry-after');
  if (header === null) return undefined;
  const wait = /^\d+$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - now();
  return Number.isFinite(wait) && wait >= 0 ? Math.min(wait, LONGEST_RETRY_MS) : undefined;
}
