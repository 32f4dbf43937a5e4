import type { App } from './app.ts';
import { repositoryKey } from './registry.ts';

/** How the listing of an app's images goes. Times are epoch milliseconds. */
export interface Listing {
  /** Its key: see `repositoryKey`. */
  readonly repository: string;
  /** When Fairway was first to list it. */
  readonly since: number;
  /** When the last complete listing began. */
  readonly listedAt?: number;
  /** When it was done. */
  readonly doneAt?: number;
  /** When the last attempt began. */
  readonly triedAt?: number;
  readonly failure?: {
    readonly since: number;
    readonly why: string;
    /** The next minute may do. */
    readonly passing: boolean;
    readonly announced: boolean;
  };
}
export type Listings = ReadonlyMap<string, Listing>;

const MINUTE = 60_000;
/** Images are listed this often; a little less than five minutes, for ticks come a little early, too. */
const EVERY = 4.5 * MINUTE;
/** An app that was not listed for this long rings an alarm. */
const OVERDUE = 30 * MINUTE;
/** The sweep logs it while an app is overdue; an alarm of the stack looks for it. */
export const OVERDUE_MESSAGE = 'apps were not listed for 30 minutes';
/** A failure is announced after this time, like everything else that cannot be done. */
const STUCK = 15 * MINUTE;

/** The listings of these apps; an app that is new, or follows another repository now, begins anew. */
export function listingsOf(apps: readonly App[], stored: Listings, now: number): Map<string, Listing> {
  return new Map(
    apps.map(({ name, image }): [string, Listing] => {
      const repository = repositoryKey(image);
      const kept = stored.get(name);
      return [name, kept?.repository === repository ? kept : { repository, since: now }];
    }),
  );
}

export function isDue({ triedAt, failure }: Listing, now: number): boolean {
  return triedAt === undefined || failure?.passing === true || now - triedAt >= EVERY;
}

export function isOverdue({ since, doneAt = since }: Listing, now: number): boolean {
  return now - doneAt >= OVERDUE;
}

/** Whether people should hear of the failure now. */
export function isStuck({ failure }: Listing, now: number): boolean {
  return failure !== undefined && !failure.announced && now - failure.since >= STUCK;
}

export function succeeded({ failure: _, ...listing }: Listing, startedAt: number, now: number): Listing {
  return { ...listing, listedAt: startedAt, doneAt: now };
}

export function failed(listing: Listing, why: string, passing: boolean, now: number): Listing {
  const { since = now, announced = false } = listing.failure ?? {};
  return { ...listing, failure: { since, why: why.slice(0, 500), passing, announced } };
}

/** What listings show of a tag whose event did not come. ECR keeps the time of a digest, not of its tags. */
export interface Finding {
  /** The tag came after this, epoch milliseconds: it was not there yet. */
  readonly since?: number;
  /** The tag came before this, epoch milliseconds: the listing that shows it began then, by a clock that may be off. */
  readonly until?: number;
  /** `tag@digest` of what was there before the tag was. */
  readonly after: readonly string[];
  /** The digest is older than the tag, or may be. */
  readonly retag: boolean;
}
