import type { EffectOf } from '../effects.ts';
import type { Image } from '../image.ts';
import type { Context } from '../kernel/context.ts';
import type { AppState } from '../state.ts';
import { type Candidacy, compareImages } from './tagPolicy.ts';

/** Which of two images is newer, as far as it can be known: ECR keeps the time of a digest, not of its tags. */

type Ranked = Candidacy & { readonly newestTag?: string | undefined };

/** What a pushed image has to be newer than. */
export interface Rival extends Candidacy {
  readonly digest: string;
  /** "is live", "waits". */
  readonly how: string;
}

export function rankOf({ tag, newestTag, pushedAt }: Ranked): Candidacy {
  return { tag: newestTag ?? tag, pushedAt };
}

/** What waits, what is being released and what is live, by their newest tags. */
export function rivalsOf({
  waiting,
  release,
  live,
}: Pick<AppState, 'waiting' | 'release' | 'live'>): Rival[] {
  const rival = (image: Ranked & { readonly digest: string }, how: string) => ({
    ...rankOf(image),
    digest: image.digest,
    how,
  });
  return [
    ...(waiting ? [rival(waiting.image, 'waits')] : []),
    ...(release && !release.failure ? [rival(release.image, `is being released as v${release.number}`)] : []),
    ...(live ? [rival(live, 'is live')] : []),
  ];
}

/** One image under several tags ranks by the newest of them: what comes between is older than it. */
export function rememberTag({ state, app }: Context, image: Image): void {
  for (const known of [state.live, state.release?.image, state.waiting?.image]) {
    if (known?.digest !== image.digest || compareImages(app.image, image, rankOf(known)) <= 0) continue;
    known.newestTag = image.tag;
    known.pushedAt = image.pushedAt;
  }
  const { pushedBefore } = image;
  const waiting = state.waiting?.image;
  if (waiting?.digest !== image.digest || pushedBefore === undefined) return;
  if (compareImages(app.image, latestOf(image), rankOf(waiting)) <= 0) return;
  waiting.newestTag = image.tag;
  waiting.pushedBefore = pushedBefore;
}

/** As new as the image may be. */
function latestOf({ pushedBefore, ...image }: Ranked & { readonly pushedBefore?: number }): Candidacy {
  return { ...rankOf(image), pushedAt: pushedBefore ?? image.pushedAt };
}

/** Whether the image, whose tag was found without an event, may be newer than this one, which seems to be. */
export function mayBeNewer(source: Context['app']['image'], image: Image, rival: Rival): boolean {
  return compareImages(source, latestOf(image), rival) > 0;
}

/**
 * The image with the time of its tag, as far as that is known: it came after what earlier listings showed, also of the
 * same image, and after whatever the same tag pointed at before.
 */
export function dated(ctx: Context, image: Image, asked: EffectOf<'inspectImage'>): Image {
  const { after = [], since = 0, retag = false, until } = asked.found ?? {};
  const earlier = rivalsOf(ctx.state).filter(
    ({ tag, digest }) => after.includes(`${tag}@${digest}`) || (digest !== image.digest && tag === image.tag),
  );
  const times = earlier.map(({ pushedAt }) => pushedAt + 1);
  const pushedAt = Math.max(image.pushedAt, asked.at ?? 0, since, ...times);
  return { ...image, pushedAt, ...(retag && until !== undefined && { pushedBefore: until }) };
}

/**
 * What may be newer or older than the image: its tag was found without an event, on a digest that is older than it. An
 * earlier tag of the image may decide: what is older than that is older than the image.
 */
export function unordered(
  ctx: Context,
  image: Image,
  found: EffectOf<'inspectImage'>['found'],
): Rival | undefined {
  if (!found?.retag) return undefined;
  const { image: source } = ctx.app;
  const latest = { ...image, pushedAt: Number.MAX_SAFE_INTEGER };
  const rivals = rivalsOf(ctx.state);
  const known = rivals.filter(({ digest }) => digest === image.digest);
  return rivals.find((rival) => {
    const isOlder = [image, ...known].some((other) => compareImages(source, rival, other) < 0);
    const timeDecides = compareImages(source, latest, rival) > 0;
    return rival.digest !== image.digest && !isOlder && timeDecides;
  });
}
