import type { Hold } from './state.ts';

/** When something last stopped the app: its hold, or what Fairway would have held it for since. */
export function lastStop({ at, later }: Hold): number {
  return later?.at ?? at;
}

/** "freeze; by Fairway since: v1 failed and web-app could not be rolled back". */
export function whyHeld({ reason, later }: Pick<Hold, 'reason' | 'later'>): string {
  return later === undefined ? reason : `${reason}; by Fairway since: ${later.reason}`;
}
