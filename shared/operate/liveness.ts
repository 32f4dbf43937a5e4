import type { ReleaseAnnouncement } from '../domain/announcement.ts';
import type { AppState, LiveImage } from '../domain/state.ts';
import type { LiveOrigin, LiveSpan } from '../domain/summaries.ts';
import type { Runtime } from '../runtime.ts';

/** When images were live: ledger and history show how a release ended, not what replaced it later. */

/** When the image of a release was live; undefined: it did not go live. `next`: the release that went live after it. */
export function spanOfRelease(
  state: AppState,
  story: ReleaseAnnouncement,
  next: ReleaseAnnouncement | undefined,
): LiveSpan | undefined {
  const from = startOf(state, story);
  if (from === undefined) return undefined;
  const { live } = state;
  const isLive = live?.release === story.release && live.digest === story.image.digest;
  const end = isLive ? {} : endOf(state, { digest: story.image.digest, from }, next);
  return spanOf(state, { release: story.release, from, ...end });
}

/** When a release went live. One that failed and was left may be live later: `resume` finds that it runs. */
function startOf(
  { live, liveHistory }: AppState,
  { outcome, release, image, at }: ReleaseAnnouncement,
): number | undefined {
  if (outcome?.kind === 'live') return at;
  const known = [live, ...liveHistory].find((other) => other?.release === release);
  return known?.digest === image.digest ? known.since : undefined;
}

/** When an image was live; undefined: it never was. */
export async function spanOfImage(
  runtime: Runtime,
  state: AppState,
  image: { readonly digest: string; readonly release?: number },
): Promise<LiveSpan | undefined> {
  const { live, liveHistory } = state;
  if (live?.digest === image.digest) return spanOf(state, { ...releaseOf(live), from: live.since });
  const known = liveHistory.find((other) => other.digest === image.digest);
  if (known && known.release === undefined) {
    const next = await nextLive(runtime, state.app, 0, known.since);
    return spanOf(state, { from: known.since, ...endOf(state, { ...known, from: known.since }, next) });
  }
  const number = known?.release ?? image.release;
  const story = number === undefined ? undefined : await runtime.store.release(state.app, number);
  return story && spanOfStory(runtime, state, story);
}

/** The same as `spanOfRelease`; reads the next release. */
export async function spanOfStory(
  runtime: Runtime,
  state: AppState,
  story: ReleaseAnnouncement,
): Promise<LiveSpan | undefined> {
  const from = startOf(state, story);
  if (from === undefined) return undefined;
  return spanOfRelease(state, story, await nextLive(runtime, state.app, story.release, from));
}

/** The first release after `number` that went live, and later than `since`. */
async function nextLive(
  runtime: Runtime,
  app: string,
  number: number,
  since: number,
): Promise<ReleaseAnnouncement | undefined> {
  const next = await runtime.store.nextLive(app, number);
  return !next || next.at > since ? next : nextLive(runtime, app, next.release, since);
}

type Span = Omit<LiveSpan, 'sentence'>;

/** Replaced by a release, or by an image that the app was found to run. */
function endOf(
  { live, liveHistory }: AppState,
  was: { readonly digest: string; readonly from: number },
  next: ReleaseAnnouncement | undefined,
): Pick<Span, 'until' | 'replacedBy'> {
  const [found] = [...(live ? [live] : []), ...liveHistory]
    .filter(({ digest, since }) => digest !== was.digest && since > was.from)
    .toSorted((one, other) => one.since - other.since);
  if (next && (!found || found.since >= next.at || found.release === next.release)) {
    const replacedBy = { release: next.release, tag: next.image.tag, trigger: next.trigger.kind };
    return { until: next.at, replacedBy };
  }
  return found ? { until: found.since, replacedBy: { tag: found.tag, ...releaseOf(found) } } : {};
}

function releaseOf({ release }: LiveImage): { readonly release?: number } {
  return release === undefined ? {} : { release };
}

function spanOf(state: AppState, span: Span): LiveSpan {
  return { sentence: sentenceOf(span, originOf(state, span.from) === 'beforeFairway'), ...span };
}

/** Where an image is from that no release brought, and that was found live at `since`. */
export function originOf({ adoptedAt = 0, awaitsServices }: AppState, since: number): LiveOrigin {
  if (since > adoptedAt) return 'foundRunning';
  return awaitsServices === undefined ? 'beforeFairway' : 'firstImage';
}

/** "was live as v3 from … to …; replaced by v6 (rollback)". */
function sentenceOf({ release, from, until, replacedBy }: Span, before: boolean): string {
  const as = release === undefined ? '' : ` as v${release}`;
  const start = release === undefined && before ? 'before Fairway' : time(from);
  if (until === undefined) return `is live${as} since ${start}`;
  return `was live${as} from ${start} to ${time(until)}; replaced by ${replacementOf(replacedBy)}`;
}

function replacementOf(by: Span['replacedBy']): string {
  if (!by) return 'another image';
  if (by.release === undefined) return `${by.tag}, deployed outside Fairway`;
  return by.trigger === undefined ? `v${by.release}` : `v${by.release} (${by.trigger})`;
}

function time(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}
