import type { Draft } from '../kernel/context.ts';
import type { ServiceRollout } from '../release.ts';
import { revisionName } from '../revision.ts';
import type { AppState, BlockedImage, LiveImage } from '../state.ts';

/** The images that a rollback can return to, and those that are not released again without a person's order. */

type State = Draft<AppState>;

/** At most so many proven images, and so many others that are spent. */
const MOST_LIVE = 20;
const MOST_BLOCKED = 50;

/** The image is live and vouched for. A rollback moves along the list; whatever else goes live comes first. */
export function recordLive(state: State, live: Draft<LiveImage>, byRollback: boolean): void {
  const index = state.liveHistory.findIndex(({ digest }) => digest === live.digest);
  const known = state.liveHistory[index];
  const entry = known ? { ...live, earlierReleases: releasesOf(known) } : live;
  state.live = live;
  if (byRollback && known) state.liveHistory[index] = entry;
  else
    state.liveHistory = [entry, ...state.liveHistory.filter((other) => other !== known)].slice(0, MOST_LIVE);
  state.blockedImages = state.blockedImages.filter(({ digest }) => digest !== live.digest);
}

/** The image is not tried again automatically. */
export function blockImage(state: State, image: BlockedImage): void {
  const spent = [image, ...state.blockedImages.filter(({ digest }) => digest !== image.digest)];
  const isProven = ({ digest }: BlockedImage) =>
    state.liveHistory.some((liveHistory) => liveHistory.digest === digest);
  // What was rolled back from stays spent for as long as it could be a rollback's target.
  state.blockedImages = spent.filter((other, index) => index < MOST_BLOCKED || isProven(other));
}

export function blockedEntry(
  { blockedImages }: State,
  { digest }: { readonly digest: string },
): BlockedImage | undefined {
  return blockedImages.find((other) => other.digest === digest);
}

/** What a rollback returns to where no release is named: never an image that failed or was rolled back from. */
export function rollbackTarget(state: State): Draft<LiveImage> | undefined {
  return furtherBack(state).find((image) => !blockedEntry(state, image));
}

/** What was live before the live image, newest first. */
function furtherBack(state: State): Draft<LiveImage>[] {
  const { liveHistory, live } = state;
  // The live image is what to return to.
  if (live && tagLeftRunning(state) !== undefined) return liveHistory;
  return liveHistory.slice(liveHistory.findIndex(({ digest }) => digest === live?.digest) + 1);
}

/** Tag of a failed release that was left as it was, so that its image runs now in place of the live one. */
export function tagLeftRunning({ live, ended: [last] }: State): string | undefined {
  if (!last?.end || !live || last.end.at < live.since) return undefined;
  return last.services.some(isLeft) ? last.image.tag : undefined;
}

/** A failed release has left its own revision on the service, as far as ECS has shown what runs. */
function isLeft({ state, runs, before, rollbackRevision }: ServiceRollout): boolean {
  if (state !== 'failed' && state !== 'rollbackFailed') return false;
  const earlier = [before?.taskDefinition, rollbackRevision].filter((revision) => revision !== undefined);
  return !earlier.some((revision) => runs?.startsWith(`${revisionName(revision)} `));
}

/** A proven image by the number of one of its releases, or by its tag. */
interface LiveImageName {
  readonly to?: number;
  readonly tag?: string;
}

export function liveImageNamed(
  { liveHistory }: State,
  { to, tag }: LiveImageName,
): Draft<LiveImage> | undefined {
  const tagged = (name: string) =>
    liveHistory.find((image) => image.tag === name || image.newestTag === name);
  if (tag !== undefined) return tagged(tag);
  if (to === undefined) return undefined;
  // Tags may be numbers as well: of builds, of days.
  return liveHistory.find((image) => wasReleasedAs(image, to)) ?? tagged(String(to)) ?? tagged(`v${to}`);
}

export function wasReleasedAs(image: LiveImage, release: number | undefined): boolean {
  return release !== undefined && releasesOf(image).includes(release);
}

function releasesOf({ release, earlierReleases = [] }: LiveImage): number[] {
  return release === undefined ? [...earlierReleases] : [release, ...earlierReleases];
}

/** ECR does not have the image any more, so nothing can return to it. */
export function forgetLive(state: State, digest: string): void {
  state.liveHistory = state.liveHistory.filter((image) => image.digest !== digest);
}
