import type { AlertBook } from './alert.ts';
import type { Effect } from './effects.ts';
import type { Image, ImageName } from './image.ts';
import type { Release, Trigger } from './release.ts';
import type { Run, ScheduleMemory } from './run.ts';

/** Everything Fairway knows of one app: one item of the table, the source of truth. Times are epoch milliseconds. */
export interface AppState {
  readonly app: string;
  /** First sight. Images that ECR had by then are "before Fairway" and never deploy automatically. */
  readonly adoptedAt?: number;
  /** First seen without any of its services: their first image is not "before Fairway". A push is announced as waiting. */
  readonly awaitsServices?: { readonly announced: boolean };
  readonly live?: LiveImage;
  /** The one open release. */
  readonly release?: Release;
  /** The release that ended last, and those before it that are not in the history yet. Newest first. */
  readonly ended: readonly Release[];
  /** The newest accepted push that has to wait: for the open release to end, or for a hold to be lifted. */
  readonly waiting?: Candidate;
  /** The last order by a person that has to wait. It starts before the push that waits. */
  readonly ordered?: Candidate;
  readonly hold?: Hold;
  /** Number of the last release: numbers only go up. */
  readonly lastNumber: number;
  /** Images that are not released again without a person's order, newest first. */
  readonly blockedImages: readonly BlockedImage[];
  /** Images that were live, newest first, at most 20: what a rollback can return to. It moves along this list. */
  readonly liveHistory: readonly LiveImage[];
  /** When the sweep should list the images outside its turn: what it shows then came before what it shows later. */
  readonly listSoonAt?: number;
  /** What tags pointed at when their pushes were looked up, newest first, at most 20. */
  readonly seenTags?: readonly SeenTag[];
  /** Deployments that Fairway knows of, per service, newest first, at most 6: the others are foreign. */
  readonly knownDeployments: Readonly<Record<string, readonly string[]>>;
  /** The digest each service runs, as last proven: what a tag in an old revision meant. */
  readonly liveDigests: Readonly<Record<string, string>>;
  /** What was decided and is not yet known to be done. */
  readonly outbox: readonly PendingEffect[];
  /** Pending effects of kinds that only a newer version has: kept for it, not performed. */
  readonly unknownEffects?: readonly PendingEffect[];
  /** What channels remember of the message about a release or an alert: by its id and channel. */
  readonly channelMemory: Readonly<Record<string, string>>;
  /** Runs of the app's tasks that are open, and those that ended and are not in the history yet. Oldest first. */
  readonly runs: readonly Run[];
  /** By name of the task. */
  readonly schedules: Readonly<Record<string, ScheduleMemory>>;
  /** IDs of recently requested runs, newest first, at most 20: asked for twice they run once. */
  readonly askedRuns: readonly string[];
  /** What people requested recently and was carried out, newest first, at most 10. */
  readonly answeredRequests?: readonly AnsweredRequest[];
  /** Tasks of ended releases and runs whose start is unknown, newest first, at most 10: stopped if they show up. */
  readonly lostStarts?: readonly LostStart[];
  /** What goes wrong with the services outside of releases; absent until something did. */
  readonly alerts?: AlertBook;
}

export interface LiveImage extends ImageName {
  readonly pushedAt: number;
  /** The newest tag that the same image was pushed under later. */
  readonly newestTag?: string;
  /** Absent when it was running before Fairway. */
  readonly release?: number;
  /** Numbers of earlier releases that brought the same image, newest first. */
  readonly earlierReleases?: readonly number[];
  readonly since: number;
}

/** A request by a person, which is carried out once. */
export interface AnsweredRequest {
  readonly requestId: string;
  /** What the person was answered. */
  readonly reason: string;
}

interface SeenTag extends ImageName {
  readonly at: number;
}

export interface LostStart {
  /** Id of the release or the run: `startedBy` of its tasks is made from it. */
  readonly releaseId: string;
  /** Absent: it is of a run. */
  readonly release?: number;
  readonly task: string;
  readonly at: number;
  /** The task that showed up. */
  readonly taskArn?: string;
}

export interface Candidate {
  readonly image: Image;
  readonly trigger: Trigger;
}

export interface Hold {
  readonly by: string;
  readonly reason: string;
  readonly at: number;
  /** Of the invocation by the person who placed it. */
  readonly requestId?: string;
  /** What Fairway would have held the app for since, had it not been held: the last of it. */
  readonly later?: { readonly reason: string; readonly at: number };
}

export interface BlockedImage {
  readonly digest: string;
  /** Absent for an image that was never released by Fairway. */
  readonly release?: number;
  /** "failed", "was rolled back by …". */
  readonly how: string;
}

/** What was decided and is not yet known to be done. */
export interface PendingEffect {
  /** Unique among pending effects; answers name it. */
  readonly key: string;
  readonly effect: Effect;
  /** How often it may have been performed already: 0 is certainly new. */
  readonly attempt: number;
  readonly since: number;
  /** Not to be tried before: set by a retry. */
  readonly notBefore?: number;
  /** Why it was not done when it was last tried. */
  readonly why?: string;
  /** It waits for AWS's rate limit: since when (epoch milliseconds), and how often AWS refused it. */
  readonly throttled?: { readonly since: number; readonly times: number };
  /** People were notified that it does not get done. */
  readonly reported?: boolean;
  /** Asked for again while it may already be in progress: to be done once more after its answer. */
  readonly again?: boolean;
}
