import type { ImageName } from '../image.ts';
import type { Context } from '../kernel/context.ts';
import type { AppState } from '../state.ts';

/**
 * What each tag pointed at when it was last looked up. A listing that shows another image of a tag, even one that an
 * earlier listing showed, shows a push.
 */

/** More tags than this are not pushed between two listings. */
const MOST_TAGS = 20;

export function rememberTarget({ state, now }: Context, { tag, digest }: ImageName): void {
  const others = state.seenTags?.filter((seen) => seen.tag !== tag) ?? [];
  state.seenTags = [{ tag, digest, at: now }, ...others].slice(0, MOST_TAGS);
}

/** The tag is about to be looked up again, or does not point at an image. */
export function forgetTarget({ state }: Context, tag: string): void {
  if (!state.seenTags?.some((seen) => seen.tag === tag)) return;
  state.seenTags = state.seenTags.filter((seen) => seen.tag !== tag);
}

/** When the tag was seen on another image, epoch milliseconds; undefined: it was not. */
export function seenElsewhere(
  { seenTags = [] }: Pick<AppState, 'seenTags'>,
  { tag, digest }: ImageName,
): number | undefined {
  return seenTags.find((seen) => seen.tag === tag && seen.digest !== digest)?.at;
}
