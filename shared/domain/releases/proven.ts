import type { Draft } from '../kernel/draft.ts';
import type { ServiceRollout } from '../release.ts';
import { revisionName } from '../revision.ts';
import type { AppState, LiveImage, SpentImage } from '../state.ts';

/** The images that a rollback can return to, and those that are not released again without a person's order. */

type State = Draft<AppState>;

/** At most so many proven images, and so many others that are spent. */
const MOST_PROVEN = 20;
const MOST_SPENT = 50;

/** The image is live and vouched for. A rollback moves along the list; whatever else goes live comes first. */
export function becomeProven(state: State, live: Draft<LiveImage>, byRollback: boolean): void {
  const index = state.proven.findIndex(({ digest }) => digest === live.digest);
  const known = state.proven[index];
  const entry = known ? { ...live, earlierReleases: releasesOf(known) } : live;
  state.live = live;
  if (byRollback && known) state.proven[index] = entry;
  else state.proven = [entry, ...state.proven.filter((other) => other !== known)].slice(0, MOST_PROVEN);
  state.spent = state.spent.filter(({ digest }) => digest !== live.digest);
}

/** The image is not tried again automatically. */
export function spendImage(state: State, image: SpentImage): void {
  const spent = [image, ...state.spent.filter(({ digest }) => digest !== image.digest)];
  const isProven = ({ digest }: SpentImage) => state.proven.some((proven) => proven.digest === digest);
  // What was rolled back from stays spent for as long as it could be a rollback's target.
  state.spent = spent.filter((other, index) => index < MOST_SPENT || isProven(other));
}

export function spentEntry(
  { spent }: State,
  { digest }: { readonly digest: string },
): SpentImage | undefined {
  return spent.find((other) => other.digest === digest);
}

/** What a rollback returns to where no release is named: never an image that failed or was rolled back from. */
export function rollbackTarget(state: State): Draft<LiveImage> | undefined {
  return furtherBack(state).find((image) => !spentEntry(state, image));
}

/** What was live before the live image, newest first. */
function furtherBack({ proven, live, ended }: State): Draft<LiveImage>[] {
  const [last] = ended;
  const wasLeft = last?.services.some(isLeft);
  // A failed release that was left as it was runs now: the live image is what to return to.
  if (wasLeft && live && last?.end && last.end.at >= live.since) return proven;
  return proven.slice(proven.findIndex(({ digest }) => digest === live?.digest) + 1);
}

/** A failed release has left its own revision on the service, as far as ECS has shown what runs. */
function isLeft({ state, runs, before, backTo }: ServiceRollout): boolean {
  if (state !== 'failed' && state !== 'stuck') return false;
  const earlier = [before?.taskDefinition, backTo].filter((revision) => revision !== undefined);
  return !earlier.some((revision) => runs?.startsWith(`${revisionName(revision)} `));
}

/** A proven image by the number of one of its releases, or by its tag. */
export interface ProvenName {
  readonly to?: number;
  readonly tag?: string;
}

export function provenAs({ proven }: State, { to, tag }: ProvenName): Draft<LiveImage> | undefined {
  const tagged = (name: string) => proven.find((image) => image.tag === name || image.newestTag === name);
  if (tag !== undefined) return tagged(tag);
  if (to === undefined) return undefined;
  // Tags may be numbers as well: of builds, of days.
  return proven.find((image) => wasReleasedAs(image, to)) ?? tagged(String(to)) ?? tagged(`v${to}`);
}

export function wasReleasedAs(image: LiveImage, release: number | undefined): boolean {
  return release !== undefined && releasesOf(image).includes(release);
}

function releasesOf({ release, earlierReleases = [] }: LiveImage): number[] {
  return release === undefined ? [...earlierReleases] : [release, ...earlierReleases];
}

/** ECR does not have the image any more, so nothing can return to it. */
export function forgetProven(state: State, digest: string): void {
  state.proven = state.proven.filter((image) => image.digest !== digest);
}
