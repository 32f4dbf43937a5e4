import type { Person } from './release.ts';
import type { Hold } from './state.ts';

/** What is stored of a request by a person. */
export function personOf({ who, requestId }: Person): Person {
  return { who, ...requestOf({ requestId }) };
}

/** Which invocation a request by a person was, where that is known. */
export function requestOf({ requestId }: { readonly requestId?: string | undefined }): {
  requestId?: string;
} {
  return requestId === undefined ? {} : { requestId };
}

/** "ann (claimed)", for the record: the name is the request's own word, and CloudTrail proves it. */
export function claimed(who: string): string {
  return `${who} (claimed)`;
}

/** Fairway's own holds come from no request, also where a person claims its name. */
export function claimedHolder({ by, requestId }: Pick<Hold, 'by' | 'requestId'>, name = by): string {
  return by === 'Fairway' && requestId === undefined ? name : claimed(name);
}
