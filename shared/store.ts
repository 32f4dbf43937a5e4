import type { ReleaseAnnouncement } from './domain/announcement.ts';
import type { Listings } from './domain/listing.ts';
import type { IndependentRun } from './domain/run.ts';
import type { AppState } from './domain/state.ts';
import type { LedgerEntry } from './domain/summaries.ts';

/** What the loop needs of the table, in domain words. `shared/aws/` and `test/fakes.ts` implement it. */

/** The item of an app as it is stored. */
export interface Stored {
  readonly state: AppState;
  /** 0 before the first save. */
  readonly version: number;
  readonly lease?: Lease;
}

export interface Lease {
  readonly owner: string;
  /** Epoch milliseconds. */
  readonly until: number;
  /** How often its owner has written since; absent: not yet. It identifies a write whose answer was lost. */
  readonly writes?: number;
}

export interface Store {
  /** Consistent read. */
  load(app: string): Promise<Stored | undefined>;
  /** One conditional write: succeeds only while the stored version is `next.version - 1`. `dueAt`: when the sweep should look, epoch ms. */
  save(next: Stored, dueAt: number | undefined): Promise<'saved' | 'conflict'>;
  /** Names of apps whose `dueAt` has come. */
  due(now: number): Promise<readonly string[]>;

  /** Without `overwrite` an entry that is there already stays. */
  recordPush(entry: LedgerEntry, overwrite: boolean): Promise<void>;
  /** Entries of one tag, newest first. */
  pushes(app: string, tag: string): Promise<readonly LedgerEntry[]>;
  /** The entry of the image that was pushed last. Reads the whole ledger of the app: for people. */
  newestPush(app: string): Promise<LedgerEntry | undefined>;
  recordRelease(story: ReleaseAnnouncement): Promise<void>;
  /** Newest first. */
  releases(app: string, limit: number): Promise<readonly ReleaseAnnouncement[]>;
  release(app: string, number: number): Promise<ReleaseAnnouncement | undefined>;
  /** The first release after `number` that went live. */
  nextLive(app: string, number: number): Promise<ReleaseAnnouncement | undefined>;

  recordRun(app: string, run: IndependentRun): Promise<void>;
  /** Of one task, newest first. */
  runs(app: string, task: string, limit: number): Promise<readonly IndependentRun[]>;

  /** What the last listing has shown; undefined before the first one. */
  knownImages(app: string): Promise<KnownImages | undefined>;
  saveKnownImages(app: string, known: KnownImages): Promise<void>;

  /** How the listings go, by app. */
  listings(): Promise<Listings>;
  saveListings(listings: Listings): Promise<void>;
}

/** The tagged images that the sweep has processed. */
export interface KnownImages {
  /** `tag@digest` of each. */
  readonly names: ReadonlySet<string>;
  /** Absent in what an earlier version has stored. */
  readonly repository?: string;
  /** The first listing is not processed whole: what is missing may be from before Fairway. */
  readonly partial?: boolean;
}
